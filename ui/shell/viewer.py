"""Who sits in front of this session."""

from __future__ import annotations

from models.builds.viewer import OWNER, Viewer


def current_viewer() -> Viewer:
    return OWNER
