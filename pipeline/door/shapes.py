"""What happens between a table as it stands and the rows of a feed, while all values are still text.

A raw chunk (c0 … cN and source_row) becomes canonical rows; some exports hold one row in several columns (a wide budget),
several facts in one cell (Jira's Log Work, a ledger's auxiliary account), or one fact in two columns (direction and amount).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from models.feeds import FEEDS
from pipeline.door.header_set import normal_header
from pipeline.door.mapping import Mapping, canonical_chunk
from pipeline.door.shapes_ledger import LedgerShape
from pipeline.door.shapes_schedule import ScheduleShape
from pipeline.door.tables import RejectedRow

# The key of an issue names its project up to the last hyphen, in Jira and in whatever copies its keys.
_KEY_WITH_PROJECT = r"^\s*([A-Za-z][A-Za-z0-9_]*)-\d+\s*$"
_FEEDS_WITH_ISSUE_KEYS = ("issues", "issue_changes", "worklogs")


@dataclass
class Shaped:
    """rows: canonical columns as text, and source_row. rejected: rows that no shape could be given, one per row."""

    rows: pl.DataFrame
    rejected: list[RejectedRow] = field(default_factory=list)


class Shape:
    """The shape of one table for one feed; `indices` are the columns it reads beside the mapped ones."""

    def __init__(self, feed: str, system: str, mapping: Mapping) -> None:
        self.feed, self.system, self.mapping = FEEDS[feed], system, mapping
        self.ledger = LedgerShape(mapping) if feed == "ledger" else None
        self.schedule = ScheduleShape(mapping) if feed == "schedule" else None

    @property
    def indices(self) -> list[int]:
        shaped = self.ledger or self.schedule
        return sorted({*self.mapping.indices, *(shaped.indices if shaped else ())})

    def apply(self, raw: pl.DataFrame) -> Shaped:
        rows = canonical_chunk(raw, self.mapping, self.feed)
        if self.mapping.period_columns:
            rows = unpivoted(rows, self.mapping)
        if self.ledger:
            return Shaped(self.ledger.apply(raw, rows))
        if self.schedule:
            return Shaped(self.schedule.apply(raw, rows))
        if self.system == "zentao" and self.feed.name == "issues" and "time_spent_hours" in rows.columns:
            rows = without_summed_parents(rows)
        if self.feed.name in _FEEDS_WITH_ISSUE_KEYS:
            rows = project_from_key(rows)
        return Shaped(rows)


def unpivoted(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Months as columns to one row per month; an empty cell plans nothing and gives no row. The sheet's row stays."""
    months = {f"c{index}": month for index, month in mapping.period_columns.items()}
    kept = [name for name in rows.columns if name not in months]
    return (
        rows.unpivot(list(months), index=kept, variable_name="period_start", value_name="planned_value")
        .filter(pl.col("planned_value").str.strip_chars().fill_null("") != "")
        .with_columns(
            pl.col("period_start").replace_strict({name: month.isoformat() for name, month in months.items()})
        )
        .sort("source_row", "period_start", maintain_order=True)
    )


def project_from_key(rows: pl.DataFrame) -> pl.DataFrame:
    """Where a row names no project, the one in its issue's key (YB of YB-17)."""
    if "issue_key" not in rows.columns:
        return rows
    from_key = pl.col("issue_key").str.extract(_KEY_WITH_PROJECT, 1)
    if "project" not in rows.columns:
        return rows.with_columns(project=from_key)
    named = pl.col("project").str.strip_chars()
    return rows.with_columns(project=pl.when(named != "").then(pl.col("project")).otherwise(from_key))


def without_summed_parents(rows: pl.DataFrame) -> pl.DataFrame:
    """ZenTao prints a parent's hours as the sum of its children's, which follow it with a name that opens with '>'.

    The children keep their hours; the parent's become unknown, so that no hour counts twice.
    """
    if "summary" not in rows.columns:
        return rows
    is_child = pl.col("summary").fill_null("").str.starts_with(">")
    is_parent = ~is_child & is_child.shift(-1, fill_value=False)
    if "parent_key" in rows.columns:
        is_parent = is_parent | pl.col("issue_key").is_in(rows["parent_key"].drop_nulls().implode())
    hours = [name for name in rows.columns if name.endswith("_hours")]
    return rows.with_columns(
        *(pl.when(is_parent).then(None).otherwise(pl.col(name)).alias(name) for name in hours),
        parent_key=_parent_keys(rows, is_child),
        summary=pl.col("summary").str.strip_prefix(">"),
    )


def _parent_keys(rows: pl.DataFrame, is_child: pl.Expr) -> pl.Expr:
    """Of a child, the key of the nearest row above that is no child; of others, what the file says."""
    own = pl.col("parent_key") if "parent_key" in rows.columns else pl.lit(None, pl.String)
    above = pl.when(is_child).then(None).otherwise(pl.col("issue_key")).forward_fill()
    return pl.when(is_child).then(pl.coalesce(own, above)).otherwise(own)


def log_work_indices(header: tuple[str, ...]) -> list[int]:
    """The columns of a Jira CSV that hold worklogs."""
    return [index for index, name in enumerate(header) if normal_header(name) in LOG_WORK_HEADERS]


LOG_WORK_HEADERS = frozenset(
    map(
        normal_header,
        (
            "Log Work",
            "Work log",
            "Worklog",
            "工作日志",
            "登记工作日志",
            "記錄工作",
            "Registro de trabajo",
            "Registrar trabajo",
            "Registro de trabalho",
            "Registrar trabalho",
            "Журнал работ",
            "Протокол работы",
            "Arbeit protokollieren",
            "Arbeitsprotokoll",
            "Journal de travail",
            "Consigner le travail",
            "作業ログ",
        ),
    )
)
_LOG_WORK_CELL = r"(?s)^(?P<description>.*);(?P<work_date>[^;]*);(?P<person>[^;]*);(?P<seconds>\d+)\s*$"
SECONDS_PER_HOUR = 3600


def log_work_rows(raw: pl.DataFrame, indices: list[int], issues: pl.DataFrame) -> tuple[Shaped, int]:
    """Cells `comment;date;author;seconds` (the comment may be empty or hold semicolons) as rows of the feed worklogs.

    issues: the same rows in canonical columns, for key, project and module. Returns the rows and the count of cells.
    """
    shared = [name for name in ("issue_key", "project", "module") if name in issues.columns]
    cells = (
        raw.select(*(f"c{index}" for index in indices))
        .with_columns(issues.select(*shared, "source_row"))
        .unpivot([f"c{index}" for index in indices], index=[*shared, "source_row"], value_name="cell")
        .filter(pl.col("cell").str.strip_chars().fill_null("") != "")
        .sort("source_row", maintain_order=True)
    )
    parts = cells.with_columns(pl.col("cell").str.extract_groups(_LOG_WORK_CELL).alias("parts")).unnest("parts")
    is_read = pl.col("seconds").is_not_null()
    rows = parts.filter(is_read).select(
        *shared,
        pl.col("work_date").str.strip_chars(),
        pl.col("person").str.strip_chars(),
        (pl.col("seconds").cast(pl.Float64) / SECONDS_PER_HOUR).cast(pl.String).alias("hours"),
        pl.when(pl.col("description").str.strip_chars() != "").then(pl.col("description")).alias("description"),
        "source_row",
    )
    rejected = [
        RejectedRow(
            line,
            "door.unreadable_worklog",
            "A worklog reads 'comment;date;author;seconds', and this cell does not: {value}",
            {"value": cell[:200]},
            raw=cell,
            column="Log Work",
            value=cell[:200],
        )
        for line, cell in parts.filter(~is_read).select("source_row", "cell").iter_rows()
    ]
    return Shaped(rows, rejected), cells.height


def finished(feed: str, rows: pl.DataFrame) -> pl.DataFrame:
    """What can only be filled once the values are typed: the period of a ledger line is the month of its booking."""
    return LedgerShape.with_periods(rows) if feed == "ledger" else rows
