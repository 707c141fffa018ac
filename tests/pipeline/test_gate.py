"""The gate on the sample: 医疗影像系统 stops at 76 % for one module, and a coverage report turns it; what people say is kept."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from typer.testing import CliRunner

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from models.builds.snapshot import open_snapshot
from models.errors import InputError
from models.gate.measures import Quarantine
from models.gate.verdict import SUBJECTS, GateCondition, SignedItem
from pipeline.alerts.answering import ended_lately, events_of
from pipeline.gate import (
    ask,
    gate_verdicts,
    gate_waivers,
    record,
    releases,
    set_condition,
    sign,
    waive,
    withdraw_signature,
    withdraw_waiver,
)
from pipeline.gate.answers import gate_signatures
from pipeline.gate.quarantine import added_up
from pipeline.store import control
from pipeline.store.alert_tables import gate_verdicts as gate_verdict_rows
from tests.databases import at_home, on_both_databases

pytestmark = on_both_databases

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()
IMAGING, CLOUD = "P2025-005", "P2025-002"


def asked(data_dir: DataDir, project: str = IMAGING, release: str = "next"):
    build = current_build(data_dir)
    return ask(data_dir, build, open_snapshot(build), project, now=NOW, release=release)


def sign_everything(data_dir: DataDir, project: str, release: str = "next") -> None:
    for item in SignedItem:
        sign(data_dir, item.value, project_key=project, signed_by="质量负责人", release=release)


def forget_verdicts(data_dir: DataDir) -> None:
    """A page of another test may have asked this world's gate before."""
    with control.writing(data_dir) as connection:
        connection.execute(gate_verdict_rows.delete())


def test_a_coverage_report_turns_the_imaging_system(sample_copy: DataDir, tmp_path):
    from pipeline.ingest import LoadOptions, load_paths
    from pipeline.refresh.refreshing import refresh

    forget_verdicts(sample_copy)
    sign_everything(sample_copy, IMAGING)
    sign_everything(sample_copy, CLOUD)
    before = asked(sample_copy)
    record(sample_copy, before, "cli")
    [reason] = before.decision.reasons
    assert (before.verdict, reason.name) == ("stop", "test_coverage")
    assert (reason.numerator, reason.denominator) == (20_776, 27_200)  # 76.4 %
    assert [(module["module"], module["value"]) for module in reason.modules] == [("三维重建", 0.0)]

    # 20,776 + 1,528 = 22,304 of 27,200 lines are 82 %; 7,404 + 5,702 + 6,734 = 19,840 of 24,800 are exactly 80 %
    report = tmp_path / "coverage.csv"
    report.write_text(
        "project,module,measured_on,lines_valid,lines_covered,run_id\n"
        f"{IMAGING},三维重建,2026-11-21,5120,1528,R-82\n{CLOUD},云管平台,2026-11-21,11000,7404,R-80\n",
        encoding="utf-8",
    )
    assert load_paths(sample_copy, [report], LoadOptions())[0].status == "landed"
    assert asked(sample_copy).verdict == "stop"  # until it is in a build
    assert refresh(sample_copy).status == "published"

    after, on_the_line = asked(sample_copy), asked(sample_copy, CLOUD)
    record(sample_copy, after, "screen", only_if_new=True)
    record(sample_copy, after, "screen", only_if_new=True)
    coverage = {finding.name: finding for finding in after.decision.findings}[GateCondition.TEST_COVERAGE]
    assert (after.verdict, coverage.numerator, coverage.value) == ("go", 22_304, 0.82)
    coverage = {finding.name: finding for finding in on_the_line.decision.findings}[GateCondition.TEST_COVERAGE]
    assert (on_the_line.verdict, coverage.numerator, coverage.denominator) == ("go", 19_840, 24_800)

    # the status date goes from 20 to 21 November; 82 % is over the line of the release, and under that of the warning, 85 %
    alert_key = f"level:test_coverage|project|*|{IMAGING}|*|*|*"
    told = [(event.kind, event.data_date, event.duration_days) for event in events_of(sample_copy, alert_key)]
    assert sorted(told, key=lambda event: event[1]) == [
        ("fired", dt.date(2026, 11, 20), None),
        ("eased", dt.date(2026, 11, 21), 1),
    ]
    assert [alert.alert_key for alert in ended_lately(sample_copy) if alert.project_key == IMAGING] == [alert_key]

    newest, oldest = gate_verdicts(sample_copy, IMAGING)
    assert (oldest["verdict"], oldest["asked_by"], newest["verdict"], newest["asked_by"]) == (
        "stop",
        "cli",
        "go",
        "screen",
    )
    manifest = (sample_copy.history / f"{newest['build_id']}.json").read_bytes()
    assert newest["build_hash"] == hashlib.sha256(manifest).hexdigest() != oldest["build_hash"]
    assert newest["build_id"] == current_build(sample_copy).build_id != oldest["build_id"]


@pytest.fixture
def healthy(world, tmp_path) -> DataDir:
    """A project of which everything measured holds, to write in."""
    import shutil

    shutil.copytree(world("healthy").root, tmp_path / "healthy")
    data_dir = at_home(DataDir(tmp_path / "healthy"))
    forget_verdicts(data_dir)
    return data_dir


def test_signatures_are_of_a_release_and_can_be_withdrawn(healthy: DataDir):
    assert asked(healthy, "QT").verdict == "stop"
    sign_everything(healthy, "QT", "1.0")
    assert (asked(healthy, "QT", "1.0").verdict, asked(healthy, "轻舟项目").verdict) == ("go", "stop")
    with pytest.raises(InputError, match="signed already"):
        sign(healthy, "roll_back_plan", project_key="QT", signed_by="张三", release="1.0")
    with pytest.raises(InputError, match="name of the person"):
        sign(healthy, "roll_back_plan", project_key="QT", signed_by=" ")
    first = gate_signatures(healthy, "QT", "1.0")[0]
    withdraw_signature(healthy, first["signature_id"], person="张三")
    assert [reason.name for reason in asked(healthy, "QT", "1.0").decision.reasons] == [first["name"]]
    with pytest.raises(InputError, match="withdrawn already"):
        withdraw_signature(healthy, first["signature_id"], person="张三")
    assert releases(healthy, "QT") == ["1.0", "next"]


def test_waivers_and_edits_need_who_and_why(healthy: DataDir):
    sign_everything(healthy, "QT")
    edit = {"project_key": "QT", "reason": "合同约定", "approved_by": "PMO"}
    set_condition(healthy, "test_coverage", "measured", level=0.95, **edit)  # it has 90 %
    assert [reason.name for reason in asked(healthy, "QT").decision.reasons] == ["test_coverage"]
    grant = {"project_key": "QT", "approved_by": "总监", "reason": "试点", "today": TODAY}
    with pytest.raises(InputError, match="expired"):
        waive(healthy, "test_coverage", expires_on=TODAY - dt.timedelta(days=1), **grant)
    with pytest.raises(InputError, match="reason"):
        waive(healthy, "test_coverage", expires_on=TODAY, **(grant | {"reason": " "}))
    waive(healthy, "test_coverage", expires_on=TODAY + dt.timedelta(days=2), **grant)
    told = asked(healthy, "QT")
    assert (told.verdict, told.decision.waived[0].waiver["approved_by"]) == ("waived", "总监")
    withdraw_waiver(healthy, gate_waivers(healthy, "QT")[0]["waiver_id"], person="总监")
    assert asked(healthy, "QT").verdict == "stop"
    for wrong in (
        {"level": float("nan")},
        {"level": -0.1},
        {"level": 0.8, "reason": ""},
        {"level": 0.8, "approved_by": " "},
    ):
        with pytest.raises(InputError):
            set_condition(healthy, "test_coverage", "measured", **(edit | wrong))
    with pytest.raises(InputError, match="Nothing is measured"):
        set_condition(healthy, "coverage", "measured", level=0.8, **edit)


def test_rows_held_back_stop_until_they_come_back_mended(healthy: DataDir):
    batches = [
        {"batch_id": "a", "mends_batch": None, "rows_accepted": 90, "rows_quarantined": 10},
        {"batch_id": "b", "mends_batch": "a", "rows_accepted": 8, "rows_quarantined": 2},
        {"batch_id": "c", "mends_batch": None, "rows_accepted": 50, "rows_quarantined": 50},
        {"batch_id": "d", "mends_batch": None, "rows_accepted": 100, "rows_quarantined": 0},
    ]
    # a and d: 200 rows read, 10 held back, 8 of them mended
    assert added_up(batches, {"a", "b", "d"}) == Quarantine(rows_read=200, rows_held=2)

    from pipeline.store import control

    sign_everything(healthy, "QT")
    assert asked(healthy, "QT").verdict == "go"
    table = control.batches
    with control.writing(healthy) as connection:
        connection.execute(table.update().where(table.c.feed == "issues").values(rows_quarantined=2))
    assert [reason.name for reason in asked(healthy, "QT").decision.reasons] == ["rows_quarantined"]  # 2 of some 60


def test_the_command_ends_with_three_on_stop_and_zero_on_go(healthy: DataDir):
    from pipeline.cli.command import app
    from pipeline.cli.gate import gate

    assert gate in [command.callback for command in app.registered_commands]
    run = CliRunner().invoke
    where = ["--data-dir", str(healthy.root)]
    stopped = run(app, ["gate", "QT", *where])
    assert stopped.exit_code == 3
    assert "customer's signature: not signed" in stopped.output
    sign_everything(healthy, "QT")
    passed = run(app, ["gate", "qt", *where, "--json"])
    assert (passed.exit_code, '"verdict": "go"' in passed.output) == (0, True)
    assert run(app, ["gate", "QT", *where, "--release", "2.0"]).exit_code == 3
    assert [row["verdict"] for row in gate_verdicts(healthy, "QT")] == ["stop", "go", "stop"]
    with pytest.raises(InputError, match="No project nowhere"):
        run(app, ["gate", "nowhere", *where], catch_exceptions=False)
    assert len(gate_verdicts(healthy, "nowhere")) == 0


def test_the_gate_asks_of_exactly_the_kpis_that_the_catalogue_calls_gates(small_warehouse):
    catalogue = small_warehouse.query("select kpi_key from dim_kpis where is_gate")["kpi_key"]
    assert {subject.kpi_key for subject in SUBJECTS.values() if subject.kpi_key} == set(catalogue)
