"""Rows of issue trackers while they are still text: parents named by number, shifted rows, hours summed up."""

from __future__ import annotations

import polars as pl

from pipeline.ingest.contracts.plugin import Reshape, Shaped
from pipeline.ingest.contracts.raw_table import RawTable, RejectedRow
from pipeline.ingest.dialects.header_set import normal_header
from pipeline.ingest.dialects.headers_jira import ISSUE_IDS
from pipeline.ingest.feeds.issue_keys import KEY_WITH_PROJECT, project_from_key

_ISSUE_IDS = frozenset(map(normal_header, ISSUE_IDS.split("|")))
# Where so many of a table's keys read `YB-17`, what does not is no key: an edit shifted the row, or a note stands there.
KEYS_SHARE = 0.5


class IssueReshape(Reshape):
    """The shape of a table of issues. look_ahead reads the whole table once where a parent may stand by its number."""

    _keys_by_id: pl.DataFrame | None = None

    def look_ahead(self, table: RawTable) -> None:
        """Remembers which number of an issue is which key: Jira prints `Parent id` where a person would look for a key."""
        if self.system != "jira" or "parent_key" not in self.mapping.columns.values():
            return
        ids = next((index for index, name in enumerate(table.header) if normal_header(name) in _ISSUE_IDS), None)
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
        if self.system == "zentao" and "time_spent_hours" in rows.columns:
            rows = without_summed_parents(rows)
        rejected: list[RejectedRow] = []
        if self.system == "jira" and "issue_key" in rows.columns:
            rows, rejected = self._without_shifted(rows)
        return Shaped(project_from_key(rows), rejected)

    def _without_shifted(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[RejectedRow]]:
        is_key = rows["issue_key"].str.contains(KEY_WITH_PROJECT)
        is_other = ~is_key.fill_null(True)
        if not is_other.any() or is_key.sum() <= KEYS_SHARE * (len(rows) - is_key.null_count()):
            return rows, []
        header = self.mapping.canonical["issue_key"]
        rejected = [
            RejectedRow(
                line,
                "door.no_issue_key",
                "Column '{column}': '{value}' is no issue key, as the others in it are (PROJ-123). The row was shifted by an "
                "edit, or it is no issue; put its cells back under their columns and load it again.",
                {"column": header, "value": key[:200]},
                column="issue_key",
                value=key[:200],
            )
            for line, key in rows.filter(is_other).select("source_row", "issue_key").iter_rows()
        ]
        return rows.filter(~is_other), rejected


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
