"""Who looks at a build and acts in the store. Everybody is the owner until people can sign in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """actor: as the audit trail names who did something. projects: keys that may be seen; None: all."""

    actor: str
    projects: frozenset[str] | None = None


OWNER = Viewer("screen")
