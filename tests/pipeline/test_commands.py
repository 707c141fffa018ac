"""The command line: one JSON document on stdout and nothing else, exit codes, and answers that agree with the build."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from models.builds.data_dir import DataDir
from pipeline import ingest
from pipeline.cli import main
from pipeline.cli.output.answers import ANSWERS, SCHEMAS, BatchAnswer, schemas
from pipeline.cli.output.tables import table_in_words, write_csv
from tests.commands import ran
from tests.pipeline.tiny import REPOSITORY

KPI_FIELDS = {
    "kpi_key", "grain", "project_key", "module", "period", "period_end", "valued_on", "value", "numerator", "denominator",
    "status", "reason", "counted", "counted_of", "reversed_items", "flags", "warning_at", "critical_at",
}  # fmt: skip
COSTS = "project,category,document_no,booked_on,amount\nYB,labor,V1,2026-01-31,50.00\nYB,labor,V2,2026-01-31,70.00\n"


@pytest.fixture(scope="module")
def own_sample(sample_data_dir: DataDir, tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    """A copy of this module's own: `gate` records its verdict. What is shared is written to by nobody."""
    copy = tmp_path_factory.mktemp("commands") / "sample"
    shutil.copytree(sample_data_dir.root, copy)
    return DataDir(copy)


def answer(data_dir: DataDir, *command: str) -> tuple[int, dict]:
    """Exit code and the one document on stdout; anything else on stdout is an error of json.loads.

    What has a schema holds to it: no key is missing, and none is there that it does not name.
    """
    told = ran(*command, "--json", data_dir=data_dir)
    document = json.loads(told.stdout)
    if model := ANSWERS.get("error" if list(document) == ["error"] else command[0]):
        assert model.model_validate_json(told.stdout).as_json() == document
    return told.returncode, document


def test_the_schemas_of_answers_are_those_that_are_committed() -> None:
    """`python -m pipeline.cli.output.answers` writes them anew; whoever reads the JSON is told by the changelog."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*.json")}
    assert committed == schemas()
    refresh = json.loads(committed["refresh.json"])
    assert refresh["additionalProperties"] is False
    assert {"build_id", "status", "failed_tests", "nodes"} <= set(refresh["required"])
    assert "error" not in refresh["required"]  # of a published build there is none


def test_an_answer_that_its_schema_does_not_know_is_no_answer() -> None:
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        BatchAnswer(batch_id="b", status="landed", color="red")
    with pytest.raises(ValueError, match="Field required"):
        BatchAnswer(batch_id="b")


@pytest.mark.parametrize(
    "command",
    [
        ["nonsense"],
        ["kpis", "--nonsense"],
        ["kpis", "--period", "Q"],
        ["kpis", "--grain", "planet"],
        ["refresh", "--as-of", "31.01.2026"],
        ["gate"],
        ["load", "--feed", "gossip", "README.md"],
        ["undo", "no-such-batch"],
        ["rollback", "b-000042"],
        ["refresh"],  # nothing is loaded
    ],
)
def test_wrong_words_and_wrong_input_end_with_two(data_dir: DataDir, command: list[str]) -> None:
    told = ran(*command, data_dir=data_dir)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.strip() and "Traceback" not in told.stderr
    exit_code, document = answer(data_dir, *command)
    assert exit_code == 2
    assert document["error"]["message"]


def test_a_refused_file_is_told_among_the_files_and_ends_with_two(data_dir: DataDir) -> None:
    exit_code, document = answer(data_dir, "load", "no-such-file.csv")
    assert (exit_code, document["files"][0]["status"]) == (2, "refused")
    assert "no-such-file.csv" in document["files"][0]["reasons"][0]["message"]


@pytest.mark.parametrize("command", [["kpis"], ["alerts"], ["explain", "test_coverage", "--project", "YB"]])
def test_nothing_published_ends_with_one(data_dir: DataDir, command: list[str]) -> None:
    exit_code, document = answer(data_dir, *command)
    assert (exit_code, document["error"]["code"]) == (1, "nothing_published")


def test_a_store_of_another_kind_is_refused_without_its_content(data_dir: DataDir) -> None:
    data_dir.control_store.write_bytes(b"this is no SQLite file, and holds a secret" * 100)
    told = ran("batches", "--json", data_dir=data_dir)
    assert (told.returncode, json.loads(told.stdout)["error"]["code"]) == (1, "control.damaged")
    assert "Traceback" not in told.stderr + told.stdout
    assert "secret" not in told.stderr + told.stdout


def test_an_unexpected_error_shows_an_id_and_keeps_the_rest_in_the_log(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    def broken(_data_dir: DataDir) -> None:
        raise ValueError("a secret")

    monkeypatch.setattr(ingest, "batches", broken)
    monkeypatch.setattr(sys, "argv", ["pipeline", "batches", "--json", "--data-dir", str(data_dir.root)])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capfd.readouterr()
    error = json.loads(printed.out)["error"]
    assert (ended.value.code, error["code"]) == (1, "unexpected")
    assert re.fullmatch("[0-9a-f]{8}", error["error_id"])
    assert "Traceback" not in printed.out + printed.err
    assert "secret" not in printed.out + printed.err
    log = "".join(path.read_text() for path in data_dir.logs.glob("*.jsonl"))
    assert error["error_id"] in log and "Traceback" in log and "a secret" in log


def test_help_starts_fast() -> None:
    """Only what every command needs: neither dbt nor Great Expectations, and no frames."""
    program = (
        "import sys\n"
        "from pipeline import cli\n"
        "sys.argv = ['pipeline', '--help']\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('dbt', 'great_expectations', 'polars', 'duckdb', 'sqlalchemy') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert said.stdout.splitlines()[-1] == "[]", said.stdout + said.stderr


def test_load_undo_and_redo(data_dir: DataDir, tmp_path: Path) -> None:
    export = tmp_path / "costs.csv"
    export.write_text(COSTS, encoding="utf-8")
    exit_code, document = answer(data_dir, "load", str(export), "--feed", "costs")
    entry = document["files"][0]
    assert (exit_code, entry["status"], entry["feed"]) == (0, "landed", "costs"), entry
    assert (entry["rows_read"], entry["rows_accepted"]) == (2, 2)
    batch = entry["batch_id"]
    assert answer(data_dir, "load", str(export), "--feed", "costs")[1]["files"][0]["status"] == "unchanged"
    assert answer(data_dir, "undo", batch) == (0, {"batch_id": batch, "status": "undone"})
    assert answer(data_dir, "batches")[1]["batches"][0]["status"] == "undone"
    assert answer(data_dir, "redo", batch) == (0, {"batch_id": batch, "status": "landed"})
    assert answer(data_dir, "quarantine") == (0, {"rows": [], "count": 0})


def test_kpis_are_the_current_rows_of_every_project(own_sample: DataDir, small_warehouse) -> None:
    exit_code, document = answer(own_sample, "kpis")
    assert exit_code == 0
    assert all(set(row) == KPI_FIELDS for row in document["kpis"])
    current = small_warehouse.query(
        "select count(*) from kpi_values where is_current and grain = 'project' and period_kind = 'month'"
    ).item()
    assert len(document["kpis"]) == current > 0
    assert {(row["grain"], row["period"], row["module"]) for row in document["kpis"]} == {("project", "month", None)}


def test_kpis_of_a_week_are_those_of_the_period_that_holds_the_day(own_sample: DataDir) -> None:
    _, document = answer(own_sample, "kpis", "--project", "P2025-002", "--period", "W", "--at", "2026-05-06")
    # 6 May 2026 is a Wednesday: its week ends on Sunday, the 10th
    assert {(row["period"], row["period_end"]) for row in document["kpis"]} == {("week", "2026-05-10")}


def test_a_project_answers_to_its_key_its_name_and_its_code(own_sample: DataDir) -> None:
    said = ["P2025-007", "p2025-007", "ERP 迁移", "ERP"]
    assert [
        {row["project_key"] for row in answer(own_sample, "kpis", "--project", name)[1]["kpis"]} for name in said
    ] == [{"P2025-007"}] * 4
    exit_code, document = answer(own_sample, "kpis", "--project", "Atlantis")
    assert exit_code == 2
    assert "P2025-007 (ERP 迁移)" in document["error"]["message"]


def test_evidence_adds_up_to_the_numerator(own_sample: DataDir) -> None:
    """A rate of defects: its numerator is as many rows as it says, each with file and line."""
    exit_code, document = answer(own_sample, "explain", "code_defect_rate", "--project", "P2025-002")
    assert exit_code == 0
    defects = document["measures"][0]
    assert document["rows_left_out"] == 0
    assert len(defects["evidence"]) == defects["rows"] == document["numerator"] > 0
    assert all(row["file"] and row["line"] and row["batch_id"] for row in defects["evidence"])
    assert sum(row["amount"] for row in defects["evidence"]) == pytest.approx(document["numerator"])


def test_the_gate_stops_the_project_whose_tests_cover_too_little(own_sample: DataDir) -> None:
    """医疗影像系统: coverage 76 %, and a release stops below 80 %."""
    exit_code, document = answer(own_sample, "gate", "P2025-005")
    assert (exit_code, document["verdict"]) == (3, "stop")
    coverage = next(reason for reason in document["reasons"] if reason["kpi_key"] == "test_coverage")
    assert (coverage["status"], coverage["level"]) == ("not_met", 0.8)
    assert coverage["value"] == pytest.approx(0.76, abs=0.005)
    assert [module["module"] for module in coverage["modules"]] == ["三维重建"]
    assert {"build_id", "build_hash", "project_key", "checked"} <= set(document)
    assert ran("gate", "P2025-005", data_dir=own_sample).stdout.startswith("P2025-005: STOP")


def test_the_gate_says_stop_where_nothing_is_published(data_dir: DataDir) -> None:
    exit_code, document = answer(data_dir, "gate", "YB")
    assert (exit_code, document["verdict"], document["build_id"]) == (3, "stop", None)
    assert "Nothing is published" in document["reasons"][0]["message"]


def test_one_fact_raises_one_alert(own_sample: DataDir, small_warehouse) -> None:
    exit_code, document = answer(own_sample, "alerts")
    assert exit_code == 0
    assert {alert["status"] for alert in document["alerts"]} == {"critical", "warning"}
    followers = set(small_warehouse.query("select kpi_key from dim_kpis where status_from is not null")["kpi_key"])
    assert followers  # cost_variance takes its status from cost_performance_index
    assert not followers & {alert["kpi_key"] for alert in document["alerts"]}
    statuses = [alert["status"] for alert in document["alerts"]]
    assert statuses == sorted(statuses)  # critical before warning
    assert (document["evaluated_build"], document["problems"]) == (document["build_id"], [])


def test_an_alert_says_where_it_stands_beside_the_value(own_sample: DataDir) -> None:
    """医疗影像系统: coverage 76 %, first read at the status date of the sample, so firing for no day yet."""
    _, document = answer(own_sample, "alerts")
    alert = next(
        alert
        for alert in document["alerts"]
        if (alert["project_key"], alert["kpi_key"], alert["kind"]) == ("P2025-005", "test_coverage", "level")
    )
    assert alert["value"] == pytest.approx(0.76, abs=0.005)
    assert alert["value"] == pytest.approx(alert["numerator"] / alert["denominator"])
    told = {
        name: alert[name] for name in ("state", "severity", "status", "critical_at", "days", "answer", "project_name")
    }
    assert told == {
        "state": "firing", "severity": "critical", "status": "critical", "critical_at": 0.8, "days": 0, "answer": "unanswered",
        "project_name": "医疗影像系统",
    }  # fmt: skip
    assert alert["since"] == alert["data_date"]


def test_status_tells_build_freshness_and_versions(own_sample: DataDir) -> None:
    exit_code, document = answer(own_sample, "status")
    assert (exit_code, document["warnings"]) == (0, [])
    assert document["build_id"].startswith("b-")
    assert {"plimsoll", "python", "duckdb", "dbt-core"} <= set(document["versions"])
    assert document["freshness"][0]["rows"] > 0
    assert document["refresh"]["last_runs"][0]["status"] == "published"


def test_held_back_rows_open_in_a_spreadsheet_without_harm(tmp_path: Path) -> None:
    rows = pl.DataFrame({"value": ["=cmd()", "-5", "+86 10", "@x", "张三", None], "source_row": [2, 3, 4, 5, 6, 7]})
    write_csv(rows, tmp_path / "out.csv")
    written = (tmp_path / "out.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig").splitlines() == [
        "value,source_row", "'=cmd(),2", "-5,3", "'+86 10,4", "'@x,5", "张三,6", ",7",
    ]  # fmt: skip


def test_tables_in_words_keep_chinese_columns_aligned() -> None:
    rows = [{"name": "医疗影像系统", "rows": 3}, {"name": "ERP", "rows": 12}]
    assert table_in_words(rows, ("name", "rows"), "none").splitlines() == [
        "name          rows",
        "医疗影像系统  3",
        "ERP           12",
    ]
    assert table_in_words([], ("name",), "none") == "none"


@pytest.mark.parametrize("language", ["en_US.UTF-8", "C"])
def test_chinese_goes_to_any_terminal(own_sample: DataDir, language: str) -> None:
    command = ["explain", "test_coverage", "--project", "P2025-005", "--data-dir", own_sample.root]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    said = subprocess.run(
        [sys.executable, "-m", "pipeline", *command],
        cwd=REPOSITORY,
        env=environment | {"LANG": language},
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "代码行覆盖率" in said.stdout.decode("utf-8")
