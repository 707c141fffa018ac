"""Rows of issue trackers while they are still text: parents named by number, shifted rows, hours summed up."""

from __future__ import annotations

import re

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import Reshape, Shaped
from pipeline.ingest.contracts.raw_table import RawTable, RejectedRow
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.known import STATES
from pipeline.ingest.dialects.names import normal_header, normal_word
from pipeline.ingest.dialects.schema import KeyStyle, Quirk
from pipeline.ingest.feeds.issue_keys import KEY_WITH_PROJECT, project_from_key

_IN_PROJECT = r"^[^\\]*\\(.+)$"
_PROJECT_IN_ADDRESS = r"^https?://[^/\s]+/(\S+?)/(?:-/)?(?:issues|pull|work_items)/\d+\S*$"
_BEFORE_MOMENT = r"^.*?\s*([A-Z][a-z]{2} \d{1,2}, \d{4}.*)$"
# Where so many of a table's keys read `YB-17`, what does not is no key: an edit shifted the row, or a note stands there.
KEYS_SHARE = 0.5


class IssueReshape(Reshape):
    """The shape of a table of issues. look_ahead reads the whole table once where a parent may stand by its number."""

    _keys_by_id: pl.DataFrame | None = None

    def __init__(self, mapping: Mapping, system: str) -> None:
        super().__init__(mapping, system)
        self._above: dict[int, str] = {}  # of a tree: level → the key last seen there

    def look_ahead(self, table: RawTable) -> None:
        """Remembers which number of an issue is which key: a tool may print `Parent id` where one would look for a key."""
        numbers = dialects().parents_named_by(self.system, "issues")
        if not numbers or "parent_key" not in self.mapping.columns.values():
            return
        ids = next((index for index, name in enumerate(table.header) if normal_header(name) in numbers), None)
        keys = next((index for index, name in self.mapping.columns.items() if name == "issue_key"), None)
        if ids is None or keys is None or ids == keys:
            return
        pairs = [
            chunk.select(
                pl.col(f"c{ids}").str.strip_chars().alias("parent_key"),
                pl.col(f"c{keys}").str.strip_chars().alias("key_of_parent"),
            )
            for chunk in table.chunks(sorted({ids, keys}))
        ]
        if pairs:
            self._keys_by_id = pl.concat(pairs).drop_nulls().unique("parent_key", keep="first")

    def apply(self, raw: pl.DataFrame, rows: pl.DataFrame) -> Shaped:
        """Rows are held back where what stands for their key is none."""
        if self._keys_by_id is not None and "parent_key" in rows.columns:
            rows = (
                rows.with_columns(pl.col("parent_key").str.strip_chars())
                .join(self._keys_by_id, on="parent_key", how="left", maintain_order="left")
                .with_columns(parent_key=pl.coalesce("key_of_parent", "parent_key"))
                .drop("key_of_parent")
            )
        if dialects().has(self.system, Quirk.PARENTS_SUM_THEIR_CHILDREN) and "time_spent_hours" in rows.columns:
            rows = without_summed_parents(rows)
        rows = self._as_the_tool_writes(raw, rows)
        rejected: list[RejectedRow] = []
        if dialects().key_style(self.system) is KeyStyle.PROJECT_AND_NUMBER and "issue_key" in rows.columns:
            rows, rejected = self._without_shifted(rows)
        return Shaped(project_from_key(rows), rejected)

    def _as_the_tool_writes(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        known = dialects()
        if "project" in rows.columns:
            rows = rows.with_columns(pl.col("project").str.replace(_PROJECT_IN_ADDRESS, "$1"))
        if known.has(self.system, Quirk.TITLES_BY_LEVEL) and "issue_key" in rows.columns:
            rows = self._with_parents_by_level(raw, rows)
        if known.has(self.system, Quirk.PATHS_OPEN_WITH_THE_PROJECT):
            rows = without_project_in_paths(rows)
        if known.has(self.system, Quirk.PEOPLE_BEFORE_MOMENTS):
            moments = [name for name in ("created_at", "updated_at") if name in rows.columns]
            rows = rows.with_columns(pl.col(name).str.replace(_BEFORE_MOMENT, "$1") for name in moments)
        if known.has(self.system, Quirk.OPEN_UNTIL_COMPLETED) and "resolved_at" in rows.columns:
            rows = open_until_completed(rows, known.words(STATES, self.system) or {})
        return told_by_others(rows, self.mapping.told_by, self.system)

    def _with_parents_by_level(self, raw: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
        """Of a tree whose titles stand in columns by level, the parent: the nearest row above of a lower level."""
        titles = [f"c{index}" for index, name in sorted(self.mapping.columns.items()) if name == "summary"]
        if len(titles) < 2:  # a flat list
            return rows
        filled = [pl.when(_text(title) != "").then(pl.lit(level)) for level, title in enumerate(titles)]
        parents: list[str | None] = []
        levels = raw.with_columns(pl.coalesce(*filled, pl.lit(0)).alias("level"))["level"]
        for key, level in zip(rows["issue_key"].str.strip_chars(), levels, strict=True):
            parents.append(next((self._above[n] for n in range(level - 1, -1, -1) if n in self._above), None))
            self._above = {n: above for n, above in self._above.items() if n < level} | {level: key}
        return rows.with_columns(parent_key=_or_else(rows, "parent_key", pl.Series(parents, dtype=pl.String)))

    def _without_shifted(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[RejectedRow]]:
        is_key = rows["issue_key"].str.contains(KEY_WITH_PROJECT)
        is_other = ~is_key.fill_null(True)
        if not is_other.any() or is_key.sum() <= KEYS_SHARE * (len(rows) - is_key.null_count()):
            return rows, []
        header = self.mapping.canonical["issue_key"]
        rejected = [
            RejectedRow(
                line,
                "ingest.no_issue_key",
                "Column '{column}': '{value}' is no issue key, as the others in it are (PROJ-123). The row was shifted by an "
                "edit, or it is no issue; put its cells back under their columns and load it again.",
                {"column": header, "value": key[:200]},
                column="issue_key",
                value=key[:200],
            )
            for line, key in rows.filter(is_other).select("source_row", "issue_key").iter_rows()
        ]
        return rows.filter(~is_other), rejected


def _text(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().fill_null("")


def _or_else(rows: pl.DataFrame, name: str, other: pl.Series | pl.Expr) -> pl.Expr:
    """The text of a column; where it is empty or the file has none, the other."""
    other = pl.lit(other) if isinstance(other, pl.Series) else other
    return pl.when(_text(name) != "").then(pl.col(name)).otherwise(other) if name in rows.columns else other


def without_project_in_paths(rows: pl.DataFrame) -> pl.DataFrame:
    """`Alpha\\Core` as module Core; the project Alpha where the row names none."""
    paths = [name for name in ("module", "sprints") if name in rows.columns]
    if "module" in paths:
        project = _text("module").str.extract(r"^([^\\]+)", 1)
        rows = rows.with_columns(project=_or_else(rows, "project", project))
    return rows.with_columns(
        pl.col(name).list.eval(pl.element().str.extract(_IN_PROJECT, 1)).list.drop_nulls()
        if isinstance(rows.schema[name], pl.List)  # the column stands there twice
        else pl.col(name).str.extract(_IN_PROJECT, 1)
        for name in paths
    )


def open_until_completed(rows: pl.DataFrame, states: dict[str, str]) -> pl.DataFrame:
    """status_category: done from the day of completion on, before it never; work where the state says so."""
    word = _text("status").str.to_lowercase() if "status" in rows.columns else pl.lit("")
    started = word.is_in([state for state, category in states.items() if category == "in_progress"])
    opened = pl.when(started).then(pl.lit("in_progress")).otherwise(pl.lit("to_do"))
    return rows.with_columns(status_category=pl.when(_text("resolved_at") != "").then(pl.lit("done")).otherwise(opened))


def told_by_others(rows: pl.DataFrame, told_by: dict[str, str], system: str) -> pl.DataFrame:
    """The rows with what another column tells: the first of its words that has a meaning in the empty one."""
    for column, source in told_by.items():
        if source not in rows.columns:
            continue
        words = dialects().vocabulary("issues", column, system) or {}
        texts = rows[source] if rows.schema[source] == pl.String else rows[source].list.join(",")
        distinct = texts.drop_nulls().unique().to_list()
        known = {text: _first_meaning(text, words) for text in distinct}
        told = texts.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
        rows = rows.with_columns(_or_else(rows, column, told).alias(column))
    return rows


def _first_meaning(text: str, words: dict[str, str]) -> str | None:
    """Of `type::bug, urgent`: the meaning of bug."""
    entries = (normal_word(entry.rpartition("::")[2]) for entry in re.split(r"[,;|\n\[\]]", text))
    return next((words[entry] for entry in entries if entry in words), None)


def without_summed_parents(rows: pl.DataFrame) -> pl.DataFrame:
    """A parent's hours are printed as the sum of its children's, which follow it with a name that opens with '>'.

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
