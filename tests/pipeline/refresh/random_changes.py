"""Changes that people make between two refreshes, drawn at random: files that come and go, and what is set on screen."""

from __future__ import annotations

import datetime as dt
import random

from sqlalchemy import select

from models.alerts.rule import Rule
from models.builds.data_dir import DataDir
from models.errors import InputError
from models.vocabulary import BatchStatus
from pipeline import ingest
from pipeline.ingest.mapped_words import map_word
from pipeline.store import control
from pipeline.store.aliases import add_alias
from pipeline.store.closings import close_period, reopen_period
from pipeline.store.project_settings import set_project_setting
from pipeline.store.rules import retire_rule, rules, set_rule

KPIS = ("cost_performance_index", "defect_rate", "coverage", "schedule_performance_index")
SETTINGS = {
    "actual_cost_source": ("timesheets", "ledger", None),
    "accrue_at_arrival": ("no", "yes", None),
    "period_ends_on": ("25", "month_end", None),
    "planned_value_source": ("schedule", "budget", None),
}


def change(data_dir: DataDir, drawn: random.Random) -> str:
    """Makes one change and says in words what it was; what the product refuses is drawn anew."""
    while True:
        kind = drawn.choice(
            (_thinned, _thinned, _undone, _redone, _ruled, _unruled, _named, _closed, _reopened, _set, _mapped)
        )
        try:
            told = kind(data_dir, drawn)
        except InputError:
            continue
        if told:
            return f"{kind.__name__}: {told}"


def _batches(data_dir: DataDir, status: str) -> list[dict]:
    table = control.batches
    return control.rows(data_dir, select(table).where(table.c.status == status).order_by(table.c.batch_id))


def _project(data_dir: DataDir, drawn: random.Random) -> str:
    return drawn.choice(("*", "P2025-001", "P2025-003", "P2025-006"))


def _thinned(data_dir: DataDir, drawn: random.Random) -> str | None:
    """A later export of a file with a few lines gone and a few written twice or otherwise."""
    found = [batch for batch in _batches(data_dir, BatchStatus.LANDED) if batch["file_name"].endswith(".csv")]
    batch = drawn.choice(found)
    head, *lines = data_dir.original_file(batch["content_hash"]).read_bytes().split(b"\n")
    for _ in range(drawn.randint(1, 3)):
        del lines[drawn.randrange(len(lines))]
    place = drawn.randrange(len(lines))
    lines[place] = lines[place].replace(b"7", b"8").replace(b"2", b"3", 1)
    content = b"\n".join([head, *lines])
    for report in ingest.load_bytes(
        data_dir, batch["file_name"], content, ingest.LoadOptions(project=batch["project_hint"])
    ):
        if report.batch_id and report.status == "held":
            ingest.accept_batch(data_dir, report.batch_id, actor="test")
    return batch["file_name"]


def _undone(data_dir: DataDir, drawn: random.Random) -> str:
    batch = drawn.choice(_batches(data_dir, BatchStatus.LANDED))
    ingest.undo_batch(data_dir, batch["batch_id"], actor="test")
    return batch["file_name"]


def _redone(data_dir: DataDir, drawn: random.Random) -> str | None:
    undone = _batches(data_dir, BatchStatus.UNDONE)
    if not undone:
        return None
    batch = drawn.choice(undone)
    ingest.redo_batch(data_dir, batch["batch_id"], actor="test")
    return batch["file_name"]


def _ruled(data_dir: DataDir, drawn: random.Random) -> str:
    name, project = drawn.choice(KPIS), _project(data_dir, drawn)
    low = name != "defect_rate"
    levels = {"warning_at": 0.9, "critical_at": 0.8} if low else {"warning_at": 0.2, "critical_at": 0.4}
    set_rule(
        data_dir, Rule("level", name, dt.date(2026, drawn.randint(1, 9), 1), project_key=project, **levels),
        reason="test", person="test",
    )  # fmt: skip
    return f"{name} {project}"


def _unruled(data_dir: DataDir, drawn: random.Random) -> str | None:
    standing = [rule for rule in rules(data_dir) if not rule["retired_at"]]
    if not standing:
        return None
    rule = drawn.choice(standing)
    retire_rule(data_dir, rule["rule_id"], reason="test", person="test")
    return rule["name"]


def _named(data_dir: DataDir, drawn: random.Random) -> str:
    code, project = drawn.choice(("P2025-002", "AIS", "ERP", "李四")), drawn.choice(("P2025-001", "P2025-007"))
    add_alias(data_dir, code, project)
    return f"{code} is {project}"


def _closed(data_dir: DataDir, drawn: random.Random) -> str:
    period, project = f"2026-{drawn.randint(6, 11):02d}", _project(data_dir, drawn)
    close_period(data_dir, period, person="test", project_key=project)
    return f"{period} {project}"


def _reopened(data_dir: DataDir, drawn: random.Random) -> str:
    period, project = f"2026-{drawn.randint(6, 11):02d}", _project(data_dir, drawn)
    reopen_period(data_dir, period, person="test", reason="test", project_key=project)
    return f"{period} {project}"


def _set(data_dir: DataDir, drawn: random.Random) -> str:
    name = drawn.choice(list(SETTINGS))
    value, project = drawn.choice(SETTINGS[name]), _project(data_dir, drawn)
    set_project_setting(data_dir, name, value, reason="test", person="test", project_key=project)
    return f"{name} {value} {project}"


def _mapped(data_dir: DataDir, drawn: random.Random) -> str:
    word = drawn.choice(("Bug", "缺陷", "Task", "改善"))
    map_word(data_dir, "issues", "issue_type", word, drawn.choice(("defect", "task")))
    return word
