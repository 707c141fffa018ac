"""What the changelog of a Jira issue tells: its changes, when work began, how often it was reopened, when it was closed."""

from __future__ import annotations

from collections.abc import Iterator

# A changelog names statuses without their category, so the usual words decide. A status that is in neither list is work.
NOT_STARTED = frozenset(
    [
        "open",
        "to do",
        "todo",
        "new",
        "backlog",
        "reopened",
        "selected for development",
        "ready for development",
        "ready",
        "waiting",
        "planned",
        "created",
        "submitted",
        "accepted",
        "analysis backlog",
        "待办",
        "待处理",
        "新建",
        "新",
        "打开",
        "开放",
        "重新打开",
        "重新开启",
        "未开始",
        "已提交",
        "已规划",
        "待开发",
        "激活",
    ]
)
FINISHED = frozenset(
    [
        "done",
        "closed",
        "resolved",
        "verified",
        "released",
        "cancelled",
        "canceled",
        "rejected",
        "won't do",
        "完成",
        "已完成",
        "已关闭",
        "关闭",
        "已解决",
        "解决",
        "已验证",
        "已取消",
        "已拒绝",
        "已发布",
    ]
)
CLOSED = frozenset({"closed", "已关闭", "关闭", "done", "完成", "已完成"})


def changes_of(histories: list[dict]) -> Iterator[dict]:
    """One row per changed field, as the feed issue_changes has it (without the issue's own columns)."""
    for history in histories:
        author = history.get("author") or {}
        for item in history.get("items") or []:
            yield {
                "field": item.get("field") or item.get("fieldId"),
                "from_value": _written(item, "fromString", "from"),
                "to_value": _written(item, "toString", "to"),
                "changed_at": history.get("created"),
                "author": author.get("name") or author.get("accountId") or author.get("displayName"),
            }


def _written(item: dict, *names: str) -> str | None:
    value = next((item[name] for name in names if item.get(name) not in (None, "")), None)
    return None if value is None else str(value)


def is_complete(changelog: dict) -> bool:
    total = changelog.get("total")
    return not isinstance(total, int) or len(changelog.get("histories") or []) >= total


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
            for item in history.get("items") or []
            if item.get("field") == "status"
        ),
        key=lambda step: step[0],
    )
    finished = FINISHED | ({_lower(issue["status"])} if issue.get("status_category") == "done" else frozenset())
    started_at = next((at for at, _, to in steps if to not in NOT_STARTED and to not in finished), None)
    reopened = sum(1 for _, before, to in steps if before in finished and to not in finished)
    is_closed = _lower(issue.get("status")) in CLOSED
    closed_at = next((at for at, _, to in reversed(steps) if to in CLOSED), None) if is_closed else None
    return {"started_at": started_at, "closed_at": closed_at, "reopened_count": str(reopened)}


def _lower(text: str | None) -> str:
    return (text or "").strip().lower()
