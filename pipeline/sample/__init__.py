"""The sample portfolio: eight invented projects over two years, made by a seeded generator.

`canonical_frames` makes the rows, `write_sample` writes them as the files that real tools export.
"""
