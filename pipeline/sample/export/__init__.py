"""The rows of the sample as the files that real tools export."""
