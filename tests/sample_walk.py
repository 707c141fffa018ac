"""The walk through the sample that the README shows: its marked commands, as one shell session, in a folder of its own.

The sample portfolio that all tests read is the one which the first block of this walk loads and refreshes, with no network.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from models.builds.data_dir import DataDir
from tests.offline import Offline

REPOSITORY = Path(__file__).resolve().parents[1]


def marked_blocks(readme: str = "README.md") -> list[str]:
    """What stands between the marks: [the sample, backup and restore]."""
    text = (REPOSITORY / readme).read_text(encoding="utf-8")
    return re.findall(r"<!-- tested -->\n```sh\n(.*?)```", text, re.DOTALL)


@dataclass(frozen=True)
class SampleWalk:
    """The walk over one data folder; what it prints and who tried to leave are kept beside that folder."""

    data_dir: DataDir

    @property
    def folder(self) -> Path:
        """Where the shell stands."""
        return self.data_dir.root.with_name(f"{self.data_dir.root.name}-walk")

    @property
    def offline(self) -> Offline:
        return Offline(self.folder / "offline")

    def printed(self, number: int) -> str:
        """What the commands of a block printed."""
        return (self.folder / f"printed-{number}.txt").read_text(encoding="utf-8")

    def run(self, number: int, inside: Path | None = None) -> None:
        """Runs a marked block, which must end well, in the folder of the walk or in another one."""
        shim = self.folder / "bin" / "python"
        shim.parent.mkdir(parents=True, exist_ok=True)
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
        shim.chmod(0o755)
        offline = self.offline.environment
        environment = offline | {
            "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{offline['PYTHONPATH']}{os.pathsep}{REPOSITORY}",
            "PLIMSOLL_DATA": str(self.data_dir.root),
            "PLIMSOLL_LANGUAGE": "en",
        }
        block = marked_blocks()[number]
        ran = subprocess.run(
            ["sh", "-eu", "-c", block],
            cwd=inside or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"{block}\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}"
        ((inside or self.folder) / f"printed-{number}.txt").write_text(ran.stdout, encoding="utf-8")
