"""Fault 24: the holder of the refresh lock is killed: the lock is free at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from models.builds.data_dir import DataDir
from models.errors import PlimsollError
from pipeline.refresh.locking import refresh_holder, refresh_lock
from tests.databases import on_both_databases
from tests.pipeline.tiny import REPOSITORY

pytestmark = on_both_databases

HOLD = """
import sys, time
from pathlib import Path
from models.builds.data_dir import DataDir
from pipeline.refresh.locking import refresh_lock
with refresh_lock(DataDir(Path(sys.argv[1])), "screen"):
    print("held", flush=True)
    time.sleep(600)
"""


def test_free_at_once(data_dir: DataDir) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir.root)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        assert refresh_holder(data_dir)["process_id"] == holder.pid
        with pytest.raises(PlimsollError) as refused, refresh_lock(data_dir, "cli"):
            pass
        assert refused.value.code == "refresh.running"
        assert refused.value.details["asked_by"] == "screen"
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()

    assert refresh_holder(data_dir) is None  # its note still lies there, and is not believed
    with refresh_lock(data_dir, "cli"):  # which waits for nobody
        assert refresh_holder(data_dir)["asked_by"] == "cli"
