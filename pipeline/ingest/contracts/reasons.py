"""What the door says of a file that it did not refuse: guesses, flags, what was left out or replaced."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.errors import PlimsollError, english


@dataclass(frozen=True)
class Reason:
    """`template` is the English sentence with {blanks}, the msgid of the catalogs; `details` fills the blanks."""

    code: str
    template: str
    details: dict = field(default_factory=dict)

    @classmethod
    def of(cls, error: PlimsollError) -> Reason:
        return cls(error.code, error.template, error.details)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return english(self.template, self.details)

    def as_json(self) -> dict:
        return {"code": self.code, "message": self.message, "template": self.template, "details": self.details}


@dataclass(frozen=True)
class Says:
    """What a rule expects, as a sentence; {column}, {other_column}, {low} and {high} are filled from the rule."""

    template: str
