"""What tools and formats are called on screen."""

from __future__ import annotations

from collections.abc import Mapping

from ui.shell.wording import language

_FORMAT_NAMES = {"msproject": "Microsoft Project"}

_tool_names: dict[str, Mapping[str, str]] = {}


def name_tools(names: Mapping[str, Mapping[str, str]]) -> None:
    """Says what tools are called: {tool: {language: its name}}; app.py does, in every run."""
    _tool_names.update(names)


def system_name(system: str) -> str:
    """The name by which its users know a tool, or a format."""
    names = _tool_names.get(system, {})
    return names.get(language()) or names.get("en") or _FORMAT_NAMES.get(system, system.capitalize())
