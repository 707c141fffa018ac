"""How files are to be loaded. Light to import: pages and the command line make these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from models.intake import Batch

Progress = Callable[[str, int, int | None], None]  # step (one of STEPS), rows done, rows expected where they are known
# What a person may say that a column counts in; "single": yuan beside a column in 万元.
HOUR_UNITS = ("hours", "minutes", "seconds", "milliseconds", "days")
SHARE_UNITS = ("percent", "share")
MONEY_UNITS = ("single", "thousand", "ten_thousand", "million", "ten_million", "hundred_million")
UNITS = (*HOUR_UNITS, *SHARE_UNITS, *MONEY_UNITS)
STEPS = ("open", "formats", "check", "compare", "land")


@dataclass(frozen=True)
class LoadOptions:
    """feed: the kind of export, where it is not to be recognized. project: for rows that name none.

    mapping: name of a saved profile, or {header: canonical column} (null: not read). date_order: dmy, mdy or ymd.
    measured_on: the day of a coverage report without a date. accept_held: land what looks cut off without asking.
    encoding: the name of a codec, where it is not to be found out. decimal: "." or ",". time_zone: of what names none.
    unit: of columns that name none and whose values prove none: hours, minutes, seconds, milliseconds, days, percent, share,
    ten_thousand, … or single.
    again: read bytes anew that are landed or held already; what was landed of them is undone when the new batch lands.
    progress: told how far the file under way is; it must not raise.
    """

    feed: str | None = None
    project: str | None = None
    mapping: str | dict[str, str | None] | None = None
    date_order: str | None = None
    dry_run: bool = False
    landed_by: str = "cli"
    accept_held: bool = False
    measured_on: dt.date | None = None
    time_zone: str | None = None
    again: bool = False
    encoding: str | None = None
    decimal: str | None = None
    unit: str | None = None
    progress: Progress | None = field(default=None, compare=False)

    def on_progress(self, step: str, done: int = 0, expected: int | None = None) -> None:
        """Tells whoever waits how far the file under way is."""
        if self.progress is not None:
            self.progress(step, done, expected)

    def zone(self) -> str:
        """The zone of instants written without one: as given, else as the installation is set."""
        if self.time_zone:
            return self.time_zone
        from pipeline.settings import Settings  # noqa: PLC0415 (reads the environment, when a file is loaded)

        return Settings().time_zone

    def today(self) -> dt.date:
        return dt.datetime.now(ZoneInfo(self.zone())).date()

    def reads_differently_from(self, batch: Batch) -> bool:
        """Whether somebody now says of the same bytes what was not said when they were loaded and undone."""
        return (
            (self.project is not None and self.project != batch.project_hint)
            or self.mapping is not None
            or self.date_order is not None
            or self.measured_on is not None
            or self.encoding is not None
            or self.decimal is not None
            or self.unit is not None
            or self.time_zone is not None
        )
