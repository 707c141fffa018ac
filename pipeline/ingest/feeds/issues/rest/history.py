"""What the changelog of an issue tells: its changes, when work began, how often it was reopened, when it was closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.known import STATES
from pipeline.ingest.feeds.issues.rest.text import dictionaries, person

# A changelog names statuses without their category, so the usual words of ten languages decide. A status that is in no
# list is work.
_WAITING = ("waiting", "accepted", "analysis backlog")
# Solved, fixed and released are done, and not yet closed.
CLOSED = frozenset(
    """
    closed done 已关闭 关闭 已完成 完成 已關閉 關閉 cerrada cerrado hecho finalizada finalizado fechado fechada concluído
    concluída закрыт закрыта закрыто готово выполнено geschlossen erledigt fertig fermé fermée terminé terminée terminé(e)
    zamknięte zamknięty gotowe クローズ 完了
    """.split()  # noqa: SIM905
)


@cache
def _not_started() -> frozenset[str]:
    return frozenset(word for word, category in _categories() if category == "to_do") | set(_WAITING)


@cache
def _finished() -> frozenset[str]:
    return frozenset(word for word, category in _categories() if category in ("done", "cancelled")) - _not_started()


def _categories() -> Iterable[tuple[str, str]]:
    return (dialects().words(STATES) or {}).items()


def changes_of(histories: list[dict]) -> Iterator[dict]:
    """One row per changed field, as the feed issue_changes has it (without the issue's own columns)."""
    for history in histories:
        for item in dictionaries(history.get("items")):
            yield {
                "field": item.get("field") or item.get("fieldId"),
                "from_value": _written(item, "fromString", "from"),
                "to_value": _written(item, "toString", "to"),
                "changed_at": history.get("created"),
                "author": person(history.get("author")),
            }


def _written(item: dict, *names: str) -> str | None:
    value = next((item[name] for name in names if item.get(name) not in (None, "")), None)
    return None if value is None else str(value)


def history_of(histories: list[dict], issue: dict) -> dict[str, str | None]:
    """started_at, closed_at (as written) and reopened_count (text) of one issue.

    started_at: the first step into a status of work; straight from open to done says nothing, so it stays unknown.
    reopened_count: steps out of a finished status into one that is not; a status is finished by its usual name, or because
    the issue stands there now and its category is done.
    """
    steps = sorted(
        (
            (history.get("created") or "", _lower(item.get("fromString")), _lower(item.get("toString")))
            for history in histories
            for item in dictionaries(history.get("items"))
            if item.get("field") == "status"
        ),
        key=lambda step: step[0],
    )
    finished = _finished() | ({_lower(issue["status"])} if issue.get("status_category") == "done" else frozenset())
    started_at = next((at for at, _, to in steps if to not in _not_started() and to not in finished), None)
    reopened = sum(1 for _, before, to in steps if before in finished and to not in finished)
    is_closed = _lower(issue.get("status")) in CLOSED
    closed_at = next((at for at, _, to in reversed(steps) if to in CLOSED), None) if is_closed else None
    return {"started_at": started_at, "closed_at": closed_at, "reopened_count": str(reopened)}


def _lower(text: str | None) -> str:
    return (text or "").strip().lower()
