"""What a refresh that failed, or goes on, shows to people."""

import polars as pl
from streamlit.testing.v1 import AppTest

from models.errors import PlimsollError
from tests.grids import grids

FAILED = {
    "run_id": 3,
    "kind": "refresh",
    "asked_by": "schedule",
    "started_at": "2026-11-22T10:00:00Z",
    "ended_at": "2026-11-22T10:00:20Z",
    "status": "failed",
    "build_id": "b-000003",
    "step": None,
    "steps": [{"step": "freeze", "seconds": 1.0}, {"step": "build", "seconds": 19.0}],
    "failed_tests": [
        {"name": "unique_fct_costs", "status": "fail", "message": "Got 2 results", "rows_file": "rows.parquet"},
        {"name": "kpi_values", "status": "skipped", "message": "", "rows_file": None},
    ],
    "error": PlimsollError(
        "refresh.tests_failed",
        "{failed} of {nodes} nodes failed, the first one {name}: {message}. Nothing was published; the last good build stays.",
        **{"failed": 2, "nodes": 120, "name": "unique_fct_costs", "message": "Got 2 results"},
    ).as_json(),
}


def failed_page(run, root):
    from pathlib import Path

    from ui.operations import refreshing

    refreshing.last_run_banner([run])
    refreshing.failed_tests([run], Path(root))
    refreshing.runs_table([run])


def test_a_failed_refresh_names_the_test_and_offers_its_rows(tmp_path):
    pl.DataFrame({"voucher_no": ["V1", "V1"]}).write_parquet(tmp_path / "rows.parquet")
    app = AppTest.from_function(failed_page, args=(FAILED, str(tmp_path)))
    app.session_state["language"] = "zh"
    app.run(timeout=20)
    assert not app.exception
    assert "2026年11月22日 18:00 的刷新失败" in app.error[0].value  # 10:00:20 UTC is 18:00 in Shanghai
    assert app.text[0].value.startswith("120 个节点中有 2 个失败，第一个是 unique_fct_costs")
    assert [button.label for button in app.get("download_button")] == ["下载未通过检验的行"]
    assert any("另有 1 个节点因此被跳过" in caption.value for caption in app.caption)
    assert grids(app)[0].value["asked_by"].to_list() == ["定时"]


def progress_page(state):
    from types import SimpleNamespace

    from ui.operations import refreshing

    refreshing.progress(SimpleNamespace(state=lambda: state))


def test_a_running_refresh_shows_its_step_and_its_nodes():
    state = {
        "running": True,
        "pending": False,
        "worker_alive": True,
        "step": "build",
        "done": 60,
        "total": 120,
        "since": "2026-11-22T10:00:00Z",
        "asked_by": "upload",
        "last_runs": [
            {"status": "running", "steps": [{"step": "freeze", "seconds": 1.5}, {"step": "build", "seconds": 0.0}]}
        ],
    }
    app = AppTest.from_function(progress_page, args=(state,))
    app.session_state["language"] = "zh"
    app.run(timeout=20)
    assert not app.exception
    [bar] = app.get("progress")
    # freeze, parse, build, checkpoint, values, rename, manifest, pointer, compare, alerts
    assert bar.proto.text == "正在刷新，第 3/10 步：生成并检验数据 (60 / 120)"
    assert app.caption[0].value.startswith("已运行 ")
    assert app.caption[1].value == "已完成：登记计入的批次 1.5\u00a0秒"
    assert bar.proto.value == 55  # 20 % before the build, half of its 70 % done: 20 + 35
    assert "由数据上传页发起" in app.caption[0].value
