"""The one family of errors that a person may see."""

from __future__ import annotations


class PlimsollError(Exception):
    """Something a person can act on: what happened, where, and what to do next.

    `template` is the English sentence with {blanks}, the msgid of the language catalogs; `details` fills the blanks.
    `code` is its short stable name for machines ("door.empty_file"). str() is the English sentence.
    """

    def __init__(self, code: str, template: str, **details: object) -> None:
        super().__init__(code, template, details)
        self.code = code
        self.template = template
        self.details = details

    def __str__(self) -> str:
        return self.template.format(**self.details)


class InputError(PlimsollError):
    """The input, or the words of the command, are wrong (exit code 2)."""
