"""The child that builds needs nothing of the program that asks for it."""

from __future__ import annotations

import subprocess
import sys

from models.builds.data_dir import DataDir
from models.builds.published import current_build
from tests.pipeline.tiny import REPOSITORY, land_cost, tiny_refresh, tiny_settings, total_of

PROGRAM = """
import sys
from pathlib import Path
from models.builds.data_dir import DataDir
from tests.pipeline.tiny import tiny_settings
from pipeline.refresh.refreshing import refresh

mark = Path(sys.argv[2])
mark.write_text(mark.read_text() + "ran ")  # no main guard: were the file run again in the child, it would say so
print(refresh(DataDir(Path(sys.argv[1])), settings=tiny_settings()).status)
"""


def test_a_script_without_a_main_guard_runs_once(data_dir, tmp_path):
    land_cost(data_dir, "80")
    script, mark = tmp_path / "script.py", tmp_path / "mark"
    script.write_text(PROGRAM)
    mark.write_text("")
    done = subprocess.run(
        [sys.executable, str(script), str(data_dir.root), str(mark)],
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "published", done.stderr[-2000:]
    assert mark.read_text() == "ran "


def test_data_folders_may_share_the_parsed_project_and_nothing_else(tmp_path):
    totals = {}
    for name, amount in (("a", "80"), ("b", "50")):
        folder = DataDir(tmp_path / name)
        folder.root.mkdir()
        land_cost(folder, amount)
        tiny_refresh(folder, settings=tiny_settings(parsed_dir=tmp_path / "parsed"))
        totals[name] = total_of(current_build(folder))
        assert not (folder.warehouse / "parsed").exists()
    assert totals == {"a": 80, "b": 50}
    [parsed] = [path for path in (tmp_path / "parsed").iterdir() if path.is_dir()]
    assert {path.name for path in parsed.iterdir()} >= {"partial_parse.msgpack"}

    tiny_refresh(folder, settings=tiny_settings(parsed_dir=None))
    assert (folder.warehouse / "parsed").is_dir()
