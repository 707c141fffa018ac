"""A loss on the page of its evidence and on the command line: told with its rows, accepted with a person and a reason."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.data_dir import DataDir
from pipeline.cli import main
from pipeline.store.losses import acceptances
from tests.pages.test_worlds import REPOSITORY, words
from tests.warehouse.evidence.losses import make_losses


@pytest.fixture
def folder(made_once, tmp_path: Path) -> DataDir:
    shutil.copytree(made_once("losses", make_losses).root, tmp_path / "losses")
    return DataDir(tmp_path / "losses")


def test_a_loss_is_told_and_accepted_where_its_evidence_is(folder, monkeypatch):
    monkeypatch.setenv("PLIMSOLL_DATA", str(folder.root))
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.query_params.update({"lang": "en", "kpi": "cost_performance_index", "of": "UNDONE"})
    app.run().switch_page("pages/overview/evidence.py").run()
    assert not app.exception
    assert "better by 1 row gone or smaller (500)" in words(app)
    assert "With them the value would be 0\\.80." in words(app)  # 800 of 500 + 500
    app.button(key="evidence_loss_accept").click().run()
    assert "needs the person who answers for it" in words(app)
    app.text_input(key="evidence_loss_reason").set_value("another project's").run()
    app.text_input(key="evidence_loss_person").set_value("Zhou").run()
    app.button(key="evidence_loss_accept").click().run()
    assert not app.exception
    row = acceptances(folder)[0]
    assert (row["project_key"], row["loss_rows"], row["loss_amount"], row["person"]) == ("UNDONE", 1, 500.0, "Zhou")


def test_a_loss_on_the_command_line(folder, monkeypatch, capsys):
    def ran(*command: str) -> tuple[int, dict]:
        monkeypatch.setattr(sys, "argv", ["pipeline", *command, "--json", "--data-dir", str(folder.root)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, json.loads(capsys.readouterr().out)

    code, told = ran("explain", "cost_performance_index", "--project", "ACROSS")
    assert code == 0 and "better_by_loss" in told["flags"]
    assert (told["loss"]["loss_rows"], told["loss"]["rows"][0]["row_key"]) == (1, "ACROSS-3")
    code, told = ran("accept-loss", "across", "cost_performance_index", "--by", "Zhou", "--reason", "a credit note")
    assert (code, told["project_key"], told["loss_amount"]) == (0, "ACROSS", 2.0)
    code, told = ran("accept-loss", "GROWN", "cost_performance_index", "--by", "Zhou", "--reason", "none")
    assert (code, told["error"]["code"]) == (2, "losses.none")
