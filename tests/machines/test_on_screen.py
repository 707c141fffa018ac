"""What a machine that follows, and one whose data folder lies on a network, say on screen in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds import placement
from models.builds.data_dir import DataDir

APP = Path(__file__).resolve().parents[2] / "app.py"


@pytest.fixture
def page(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The upload page in Chinese, not yet run."""
    monkeypatch.setenv("PLIMSOLL_DATA", str(data_dir.root))
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.query_params["lang"] = "zh"
    return page


def test_a_follower_says_where_files_are_loaded_before_one_is_dropped(page: AppTest, data_dir: DataDir) -> None:
    page.run().switch_page("pages/data/uploads.py").run()
    assert not [info.value for info in page.info if "后台进程所在的机器" in info.value]
    data_dir.following.write_text(json.dumps({"source": "s3://bucket/p_1"}), encoding="utf-8")
    page.run()
    assert not page.exception
    [told] = [info.value for info in page.info if "后台进程所在的机器" in info.value]
    assert "bucket" in told


def test_a_network_folder_is_refused_on_every_page(page: AppTest, tmp_path: Path, monkeypatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"22 1 0:1 / / rw - ext4 x rw\n40 22 0:50 / {tmp_path} rw - cifs //files/x rw\n", encoding="utf-8"
    )
    monkeypatch.setattr(placement, "MOUNTS", mounts)
    placement._network_mount.cache_clear()
    page.run()
    assert not page.exception
    assert any("网络共享目录" in error.value and "cifs" in error.value for error in page.error)
    placement._network_mount.cache_clear()
