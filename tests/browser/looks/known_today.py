"""Findings that are known and not mended yet, by page and check. The list only shrinks: an entry that is no longer needed fails
its test, and none is added for what was well."""

KNOWN: dict[str, set[str]] = {"settings": {"cut"}}
