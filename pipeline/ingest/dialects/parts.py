"""What the models of a tool's YAML file have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strict=True, min_length=1)]
MISSING = "dialects/{file}, line {line} ({key}): the key '{missing}' is missing."


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProblemError(ValueError):
    """What is wrong at a place of a file, as a sentence; its reader fills in file, line and key. `value` stands at that line."""

    template: str

    def __init__(self, template: str, **details: object) -> None:
        super().__init__(template)
        self.template, self.details = template, details
