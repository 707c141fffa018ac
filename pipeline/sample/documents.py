"""The YAML files beside the generator, each read once: stories, registers, the words of tools, the sheets of the export."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


@cache
def document(name: str) -> dict:
    """What stands in `name`.yml of this folder."""
    return yaml.safe_load((Path(__file__).parent / f"{name}.yml").read_text(encoding="utf-8"))
