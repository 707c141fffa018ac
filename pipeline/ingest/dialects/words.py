"""The words that tools print for states, types, causes and so on, turned into the one word each stands for here.

Unknown words are kept as they are, trimmed and in lower case: never guessed.
"""

from __future__ import annotations

import polars as pl

from pipeline.ingest.dialects.names import normal_word


def unknown_words(values: pl.Series, vocabulary: dict[str, str]) -> dict[str, int]:
    """Words as printed that the vocabulary does not know, with their rows, in order. Only distinct values are looked at."""
    counts = values.drop_nulls().value_counts(name="rows")
    return {word: rows for word, rows in sorted(counts.iter_rows()) if normal_word(word) not in vocabulary}


def canonical_words(values: pl.Series, vocabulary: dict[str, str]) -> pl.Series:
    """Each distinct word through the vocabulary; unknown ones trimmed and in lower case."""
    distinct = values.drop_nulls().unique().to_list()
    known = {text: vocabulary.get(normal_word(text), normal_word(text)) for text in distinct}
    return values.replace_strict(known, default=None, return_dtype=pl.String) if known else values


def category_of_status(values: pl.Series, states: dict[str, str]) -> pl.Series:
    """The category of states whose export holds none; null for states that no list knows."""
    distinct = values.drop_nulls().unique().to_list()
    known = {text: category for text in distinct if (category := states.get(normal_word(text)))}
    if not known:
        return pl.Series(values.name, [None] * len(values), pl.String)
    return values.replace_strict(known, default=None, return_dtype=pl.String)
