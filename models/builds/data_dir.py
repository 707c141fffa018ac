"""Where everything lies under one data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataDir:
    """The layout of a data folder. Paths only: nothing here reads, writes or makes a folder."""

    root: Path

    @classmethod
    def chosen(cls, option: str | Path | None = None) -> DataDir:
        """--data-dir, else PLIMSOLL_DATA, else ./data."""
        return cls(Path(option or os.environ.get("PLIMSOLL_DATA") or "data").resolve())

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def dialects(self) -> Path:
        """Tools that the project office describes itself, one YAML file each, beside the built-in ones."""
        return self.root / "dialects"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    def landed_file(self, feed: str, batch_id: str) -> Path:
        return self.landing / feed / f"{batch_id}.parquet"

    def quarantine_file(self, batch_id: str) -> Path:
        return self.landing / "quarantine" / f"{batch_id}.parquet"

    def original_file(self, content_hash: str) -> Path:
        """The bytes exactly as they were handed in, named by their SHA-256."""
        return self.landing / "originals" / content_hash

    def baseline_file(self, batch_id: str, content_hash: str) -> Path:
        """The rows of one baseline as they were frozen, or proposed; never written again."""
        return self.root / "baselines" / f"{batch_id}-{content_hash[:16]}.parquet"

    def closed_books_file(self, content_hash: str) -> Path:
        """The cost lines of closed accounting periods as finance closed them; never written again."""
        return self.root / "closed_books" / f"{content_hash}.parquet"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse"

    @property
    def building(self) -> Path:
        return self.warehouse / "building"

    def build_file(self, build_id: str) -> Path:
        return self.warehouse / f"plimsoll_{build_id}.duckdb"

    @property
    def current_pointer(self) -> Path:
        return self.warehouse / "CURRENT"

    @property
    def history(self) -> Path:
        """Values of projects and portfolio, and manifest, of every build, kept for ever: history/<build_id>.parquet and .json."""
        return self.warehouse / "history"

    @property
    def control_store(self) -> Path:
        return self.root / "control.db"

    @property
    def refresh_lock(self) -> Path:
        return self.root / "refresh.lock"

    @property
    def following(self) -> Path:
        """Whose builds this folder follows, as JSON {source}; there only where it does."""
        return self.root / "following.json"

    @property
    def logs(self) -> Path:
        return self.root / "logs"
