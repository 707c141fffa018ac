"""Links between tasks: read from their notation (`12FS+3d`, bare `12` means 12FS) and laid between the tasks they mean.

A link to a summary, or to a WBS element, means its tasks: who follows it waits for the finish of all of them, and all of them
wait for what it follows. The start of a summary is that of its first tasks (no predecessor within it), and a link to its
finish holds its last ones. Where many tasks meet many, a knot stands between them, a milestone of no task, so that a
thousand tasks before a thousand make two thousand links and not a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from models.schedule.problems import Problem, ProblemKind, problem

_KINDS = ("FS", "SS", "FF", "SF")
_LINK = r"^(?P<id>.+)(?P<kind>FS|SS|FF|SF)(?:(?P<lag>[+-]\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?P<unit>d|ed|%))?$"
_HALF_A_LINK = r"(FS|SS|FF|SF)\s*[+-]"


@dataclass(frozen=True, eq=False)
class Links:
    """Arrays of one length, one entry per link. predecessor, successor: rows of the tasks, knots numbered behind them.

    from_finish, to_finish: which ends it ties. lag_days: working days, or calendar days where is_elapsed.
    lag_share: a further lag as a share of the predecessor's duration.
    """

    predecessor: np.ndarray
    successor: np.ndarray
    from_finish: np.ndarray
    to_finish: np.ndarray
    lag_days: np.ndarray
    lag_share: np.ndarray
    is_elapsed: np.ndarray

    def __len__(self) -> int:
        return len(self.predecessor)

    def where(self, kept: np.ndarray) -> Links:
        """Those that `kept`, a mask or a list of positions, names."""
        return Links(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


def links_between(tasks: pl.DataFrame, problems: list[Problem]) -> tuple[Links, int]:
    """The links of all tasks, and how many knots they need. What does not read or fit goes to `problems`.

    tasks: row (0 …), task_id, predecessors (list of text), wbs_code, is_summary, file, source_row.
    """
    read = _read(tasks)
    rows = read["successor"].to_numpy()
    targets = read["target"]
    is_plain = ~(targets.is_null().to_numpy() | tasks["is_summary"].to_numpy()[rows])
    is_plain &= ~tasks["is_summary"].to_numpy()[targets.fill_null(0).to_numpy()]
    loops = is_plain & (targets.fill_null(-1).to_numpy() == rows)
    for entry in read.filter(pl.Series(loops)).iter_rows(named=True):
        problems.append(problem(ProblemKind.SELF_LINK, tasks.row(entry["successor"], named=True), entry["id"]))
    straight = read.filter(pl.Series(is_plain & ~loops))
    columns = [
        straight["target"].to_numpy().astype(np.int64),
        straight["successor"].to_numpy().astype(np.int64),
        straight["from_finish"].to_numpy(),
        straight["to_finish"].to_numpy(),
        straight["lag_days"].to_numpy(),
        straight["lag_share"].to_numpy(),
        straight["is_elapsed"].to_numpy(),
    ]
    rest = read.filter(pl.Series(~is_plain))
    knots = 0
    if rest.height:
        bundle = _Bundle(tasks, columns[0].tolist(), columns[1].tolist(), problems)
        for entry in rest.iter_rows(named=True):
            bundle.add(entry)
        knots = bundle.knots
        if bundle.found:
            more = list(zip(*bundle.found, strict=True))
            columns = [
                np.concatenate([column, np.array(new, dtype=column.dtype)])
                for column, new in zip(columns, more, strict=True)
            ]
    return Links(*columns), knots


def _read(tasks: pl.DataFrame) -> pl.DataFrame:
    """One row per link: successor (row), text, id, target (row, null where no task has that id) and what the link says."""
    ids = tasks.select(pl.col("task_id").alias("id"), pl.col("row").cast(pl.Int64).alias("target"))
    read = (
        tasks.select(pl.col("row").cast(pl.Int64).alias("successor"), pl.col("predecessors").alias("text"))
        .explode("text")
        .with_columns(pl.col("text").str.strip_chars())
        .filter(pl.col("text").fill_null("") != "")
        .with_row_index("place")
        .with_columns(pl.col("text").str.extract_groups(_LINK).alias("said"))
        .unnest("said")
        .with_columns(pl.col("id").str.strip_chars())
        .join(ids, on="id", how="left")
        .join(ids.rename({"id": "text", "target": "bare"}), on="text", how="left")
        .sort("place")
    )
    # A text that names a task as it stands is that task, unless it also reads as a link to one.
    is_bare = pl.col("id").is_null() | (pl.col("target").is_null() & pl.col("bare").is_not_null())
    lag = pl.col("lag").cast(pl.Float64, strict=False).fill_null(0.0)
    return read.select(
        "successor",
        "text",
        pl.when(is_bare).then("text").otherwise("id").alias("id"),
        pl.when(is_bare).then("bare").otherwise("target").alias("target"),
        (is_bare | pl.col("kind").str.starts_with("F")).alias("from_finish"),
        (~is_bare & pl.col("kind").str.ends_with("F")).fill_null(False).alias("to_finish"),
        pl.when(~is_bare & pl.col("unit").is_in(["d", "ed"])).then(lag).otherwise(0.0).alias("lag_days"),
        pl.when(~is_bare & (pl.col("unit") == "%")).then(lag / 100).otherwise(0.0).alias("lag_share"),
        (~is_bare & (pl.col("unit") == "ed")).fill_null(False).alias("is_elapsed"),
        (is_bare & pl.col("bare").is_null() & pl.col("text").str.contains(_HALF_A_LINK)).alias("is_unreadable"),
    )


def below(tasks: pl.DataFrame) -> dict[str, list[int]]:
    """{code of a WBS element or outline number: rows of the tasks in it or below it, summaries left out}.

    A task without wbs_code lies where its own number says (`1.2.3` below `1.2`).
    """
    found: dict[str, list[int]] = {}
    for row, code, task_id, is_summary in tasks.select("row", "wbs_code", "task_id", "is_summary").iter_rows():
        if is_summary:
            continue
        parts = (code or task_id).split(".")
        for length in range(1, len(parts) + (code is not None)):
            found.setdefault(".".join(parts[:length]), []).append(row)
    return found


class _Bundle:
    """Links that begin or end at more than one task."""

    def __init__(
        self, tasks: pl.DataFrame, predecessors: list[int], successors: list[int], problems: list[Problem]
    ) -> None:
        self.tasks = tasks
        self.below = below(tasks)
        self.is_summary = tasks["is_summary"].to_list()
        self.codes = tasks["wbs_code"].to_list()
        self.before: dict[int, list[int]] = {}
        self.after: dict[int, list[int]] = {}
        for p, s in zip(predecessors, successors, strict=True):
            self.before.setdefault(s, []).append(p)
            self.after.setdefault(p, []).append(s)
        self.problems = problems
        self.found: list[tuple[Any, ...]] = []
        self.knots = 0

    def add(self, entry: dict[str, Any]) -> None:
        successor, target = entry["successor"], entry["target"]
        before = self._meant(target) if target is not None else self.below.get(entry["id"], [])
        after = self._meant(successor)
        task = self.tasks.row(successor, named=True)
        if not before:
            kind = ProblemKind.UNREADABLE_LINK if entry["is_unreadable"] else ProblemKind.DANGLING_LINK
            self.problems.append(problem(kind, task, entry["id"]))
            return
        if set(before) & set(after):
            self.problems.append(problem(ProblemKind.SELF_LINK, task, entry["id"]))
            return
        from_finish, to_finish = entry["from_finish"], entry["to_finish"]
        if not from_finish:
            before = self._outermost(before, came_from=True)
        if to_finish:
            after = self._outermost(after, came_from=False)
        said = (entry["lag_days"], entry["lag_share"], entry["is_elapsed"])
        if len(before) == 1 or len(after) <= 1:
            self.found += [(p, s, from_finish, to_finish, *said) for p in before for s in after]
            return
        knot = self.tasks.height + self.knots
        self.knots += 1
        self.found += [(p, knot, from_finish, False, *said) for p in before]
        self.found += [(knot, s, True, to_finish, 0.0, 0.0, False) for s in after]

    def _meant(self, row: int) -> list[int]:
        return self.below.get(self.codes[row] or "", []) if self.is_summary[row] else [row]

    def _outermost(self, rows: Sequence[int], came_from: bool) -> list[int]:
        """Of the tasks of a summary those without predecessor (came_from) or without successor within it."""
        members = set(rows)
        neighbors = self.before if came_from else self.after
        return [row for row in rows if members.isdisjoint(neighbors.get(row, ()))] or list(rows)
