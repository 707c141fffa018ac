"""The one family of errors that a person may see, and messages: a template (English, the msgid of the catalogs) and details."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self


def english(template: str, details: Mapping[str, object]) -> str:
    """The sentence in English. A detail that is a message itself ({template, details}) is filled too, several are listed."""
    return template.format(**{name: _plain(detail) for name, detail in details.items()})


def _plain(detail: object) -> object:
    if isinstance(detail, Mapping) and "template" in detail:
        return english(detail["template"], detail.get("details") or {})
    if isinstance(detail, Mapping) and "en" in detail:  # a name in several languages
        return detail["en"]
    return ", ".join(str(_plain(member)) for member in detail) if isinstance(detail, list) else detail


def kept_message(text: str | None) -> dict[str, Any] | None:
    """A message as a store kept it (`PlimsollError.as_json`); {message} of a sentence that an earlier version stored whole."""
    if not text:
        return None
    return json.loads(text) if text.startswith("{") else {"message": text}


class PlimsollError(Exception):
    """Something a person can act on: what happened, where, and what to do next.

    `template` is the English sentence with {blanks}, the msgid of the language catalogs; `details` fills the blanks.
    `code` is its short stable name for machines ("ingest.empty_file"). str() is the English sentence.
    """

    def __init__(self, code: str, template: str, **details: object) -> None:
        super().__init__(code, template, details)
        self.code = code
        self.template = template
        self.details = details

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Self:
        """The error that `as_json` wrote."""
        return cls(message["code"], message["template"], **message["details"])

    def __str__(self) -> str:
        return english(self.template, self.details)

    def as_json(self) -> dict[str, Any]:
        """{code, message (in English), template, details}."""
        return {"code": self.code, "message": str(self), "template": self.template, "details": self.details}


class InputError(PlimsollError):
    """The input, or the words of the command, are wrong (exit code 2)."""
