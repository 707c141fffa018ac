"""What ingest says of a file that it did not refuse: guesses, flags, what was left out or replaced."""

from __future__ import annotations

from dataclasses import dataclass

from models.intake import Reason

__all__ = ["Reason", "Says"]


@dataclass(frozen=True)
class Says:
    """What a rule expects, as a sentence; {column}, {other_column}, {low} and {high} are filled from the rule."""

    template: str
