"""A grid's head, a language switch, a first deep link, a closed tab during the first run: nothing lost, nobody sent elsewhere.

The same in a browser: tests/browser/test_first_visit.py.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from models.vocabulary import FileStatus
from pipeline import ingest, offers
from pipeline.refresh import refreshing as refreshes
from ui.intake import uploading

REPOSITORY = Path(__file__).resolve().parents[3]
HEAD = "project_key,name,customer,delivery_profile,method,start_on,contract_finish_on,contingency_reserve,currency\n"
FILES = {
    f"{key}.csv": HEAD + f"{key},轻舟项目,建设单位甲,software,waterfall,2026-01-01,2026-12-31,100000,CNY\n"
    for key in ("QT1", "QT2")
}


@pytest.fixture
def app(sample_data_dir, monkeypatch) -> AppTest:
    monkeypatch.setenv("PLIMSOLL_DATA", str(sample_data_dir.root))
    opened = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    for parameter, value in {"lang": "en", "at": "2026-06-30", "project": "P2025-007"}.items():
        opened.query_params[parameter] = value
    return opened.run()


def test_a_switch_of_the_language_keeps_what_was_chosen_and_where_one_is(app):
    app.switch_page("pages/cost/cost.py").run()
    app.session_state["language"] = "zh"
    app.run()
    assert not app.exception
    assert app.session_state["filter_projects"] == ["P2025-007"]
    assert app.session_state["filter_period_end"] == "2026-06-30"
    assert app.query_params["lang"] in ("zh", ["zh"]) and app.query_params["at"] in ("2026-06-30", ["2026-06-30"])
    assert any("2026年6月" in caption.value for caption in app.caption)


def test_a_fresh_server_looks_for_no_pages_of_the_older_kind():
    """The flag that Streamlit would set by itself when the first visitor comes, for the folder `pages` is there."""
    told = "import app; from streamlit.runtime.pages_manager import PagesManager as p; print(p.uses_pages_directory)"
    answer = subprocess.run([sys.executable, "-c", told], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_a_tab_closed_while_files_are_loaded_leaves_them_landed_and_a_refresh_asked_for(data_dir, monkeypatch):
    closed = threading.Event()

    def stop(*_words) -> None:
        """Streamlit's answer to the next word that the page of a closed tab says."""
        closed.set()
        raise StopException

    class Slow(offers.Intake):
        def load(self, name: str, content: bytes, **options) -> list[dict]:
            options["progress"]("checks", 0, None)
            assert closed.wait(30)
            return super().load(name, content, **options)

    monkeypatch.setattr(uploading, "_advance", stop)
    monkeypatch.setattr(refreshes, "worker_is_alive", lambda _data_dir: True)
    files = [uploading.UploadedFile(name, text.encode(), name) for name, text in FILES.items()]
    choices = uploading.Choices(feed="projects", project=None, date_order=None)
    ask = partial(refreshes.ask_for_refresh, data_dir, "upload")
    with pytest.raises(StopException):
        uploading.load_files(files, choices, Slow(data_dir), then=ask)
    for thread in threading.enumerate():
        if thread.name.startswith("carried_through"):
            thread.join(60)
    assert [(batch.file_name, batch.status) for batch in ingest.batches(data_dir)] == [
        (name, FileStatus.LANDED) for name in sorted(FILES, reverse=True)
    ]
    assert refreshes.pending_request(data_dir) == "upload"  # a worker takes it from here: tests/pipeline/test_worker.py
