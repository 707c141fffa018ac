"""What an installation may set, by environment variables that begin with PLIMSOLL_ (or a .env file beside app.py)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.builds.data_dir import DataDir

HOUSE = Path(__file__).resolve().parent.parent  # the folder that holds app.py


class Settings(BaseSettings):
    """PLIMSOLL_<NAME>, e.g. PLIMSOLL_REFRESH_CRON="0 7 * * *"."""

    model_config = SettingsConfigDict(env_prefix="PLIMSOLL_", env_file=HOUSE / ".env", extra="ignore", frozen=True)

    data: Path = Path("data")
    control: str = (
        ""  # the control store of several machines: postgresql://PERSON@HOST/DATABASE; "" = a file of the data folder
    )
    time_zone: str = "Asia/Shanghai"  # dates are taken, and the cron expression is read, in this zone
    refresh_cron: str = "30 6 * * *"  # every day before work: exports of the night are in, nobody waits. "" = never
    builds_kept: int = Field(default=10, ge=1)  # whole warehouse files; values and manifests are kept for ever
    upload_limit_mb: int = Field(default=200, ge=1)
    uploads_per_tab_mb: int = Field(default=400, ge=1)  # held in memory until the tab loads, removes or closes them
    uploads_in_all_mb: int = Field(default=1_000, ge=1)
    port: int = Field(default=8501, ge=1, le=65535)  # the next free one is taken when this one is busy
    processes: int = Field(
        default=1, ge=1, le=32
    )  # of the dashboard; more than one stand behind nginx, at the port above
    reporting_currency: str = Field(
        default="CNY", pattern="^[A-Z]{3}$"
    )  # the portfolio's; each project stays in its own
    address: str = ""  # where people open the dashboard, for links in notices; empty: this machine, at the port above
    notice_internal_hosts: str = (
        ""  # mail servers and webhooks inside the own network that notices may reach: names, addresses, networks
    )
    notice_seconds: float = Field(default=15, gt=0)  # a mail server or robot that takes longer counts as unreachable
    memory_limit: str = ""  # DuckDB's buffers during a build, e.g. "8GB"; empty: as profiles.yml says (2GB)
    threads: int = Field(default=2, ge=1)  # dbt nodes built side by side
    dbt_project: Path = HOUSE / "dbt_project"
    parsed_dir: Path | None = None  # dbt's parsed project; several data folders may share it. Default: in warehouse/

    def today(self) -> dt.date:
        """The day it is in this installation's zone."""
        return self.now().date()

    def now(self) -> dt.datetime:
        """This moment, in this installation's zone."""
        return dt.datetime.now(ZoneInfo(self.time_zone))

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The day of an aware instant in this installation's zone."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def link_base(self) -> str:
        """What links in notices begin with, without a slash at the end."""
        return (self.address.strip() or f"http://127.0.0.1:{self.port}").rstrip("/")

    def data_dir(self, option: Path | None = None) -> DataDir:
        """--data-dir, else PLIMSOLL_DATA, else ./data."""
        return DataDir.chosen(option or self.data)
