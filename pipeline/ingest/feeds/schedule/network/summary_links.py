"""Links to and from summary tasks, laid between the tasks they sum up, because the summaries themselves are left out.

Microsoft Project means by a link from the finish of a summary that all its tasks are done, from its start that the first of
them has begun; a link to a summary holds all its tasks. What a task's own links within the summary already say is not said
again: of a chain only the last task holds what follows the summary, and only the first waits for what is before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

_LINK = re.compile(r"^(?P<id>.+)(?P<kind>FS|SS|FF|SF)(?P<lag>[+-].*)?$")


def expanded(
    links: Mapping[str, Sequence[str]], members: Mapping[str, Collection[str]], starts: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """The links of every task that no summary is an end of, in the order given, each once.

    links: {task or summary: its predecessors in our notation}. members: {summary: its tasks at any depth, without summaries}.
    starts: {task: its planned start, in ISO form}; the earliest is the start of its summary, where it is known.
    """
    parts = _Parts(links, members, starts or {})
    found: dict[str, dict[str, None]] = {}
    for owner, texts in links.items():
        for text in texts:
            match = _LINK.match(text)
            target = match["id"] if match else text
            # A task that waits for the summary that holds it is a fault of the plan: left for the network to tell.
            is_circle = bool(parts.of(owner) & parts.of(target))
            if owner not in members and (is_circle or target not in members):
                found.setdefault(owner, {})[text] = None
            if is_circle or (owner not in members and target not in members):
                continue
            kind, lag = (match["kind"], match["lag"] or "") if match else ("FS", "")
            for after in parts.bound(owner, at_start=kind[1] == "S"):
                for before in parts.binding(target, at_start=kind[0] == "S"):
                    found.setdefault(after, {})[f"{before}{kind}{lag}"] = None
    return {task: list(texts) for task, texts in found.items()}


class _Parts:
    """Which tasks of a summary its links begin and end at."""

    def __init__(
        self, links: Mapping[str, Sequence[str]], members: Mapping[str, Collection[str]], starts: Mapping[str, str]
    ) -> None:
        self._starts = starts
        self._sets = {summary: set(tasks) for summary, tasks in members.items()}
        self._tasks = members
        # {task: tasks before whose finish (after whose start) it lies by its own links}
        self._ends_before: dict[str, set[str]] = {}
        self._begins_after: dict[str, set[str]] = {}
        for owner, texts in links.items():
            for text in texts:
                match = _LINK.match(text)
                if not match or (match["lag"] or "").startswith("-"):
                    continue
                before, kind = match["id"], match["kind"]
                if kind in ("FS", "SS"):
                    self._begins_after.setdefault(owner, set()).add(before)
                if kind in ("FS", "FF"):
                    self._ends_before.setdefault(before, set()).add(owner)

    def of(self, task: str) -> set[str]:
        return self._sets.get(task) or {task}

    def bound(self, task: str, at_start: bool) -> list[str]:
        """The tasks that a link to this end of `task` holds; the others are held by these."""
        if task not in self._tasks:
            return [task]
        held = self._begins_after if at_start else self._ends_before
        return self._outermost(task, held)

    def binding(self, task: str, at_start: bool) -> list[str]:
        """The tasks that a link from this end of `task` waits for."""
        if task not in self._tasks:
            return [task]
        if not at_start:
            return self._outermost(task, self._ends_before)
        first = self._outermost(task, self._begins_after)
        if all(step in self._starts for step in first):
            return first and [min(first, key=lambda entry: self._starts[entry])]
        return first

    def _outermost(self, summary: str, held: Mapping[str, set[str]]) -> list[str]:
        inside = self._sets[summary]
        return [task for task in self._tasks[summary] if inside.isdisjoint(held.get(task, ()))] or list(
            self._tasks[summary]
        )
