"""What is handed over at a border as JSON: every key is named by its model, and nothing else comes through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

Row = Mapping[str, Any]  # of a build or a store: its columns by name


class Document(BaseModel):
    """One JSON object. A key with a usual value stands in it only where it was given."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    def as_json(self) -> dict[str, Any]:
        """Days and enums as text, keys in the order of the fields."""
        return self.model_dump(mode="json", exclude_unset=True)
