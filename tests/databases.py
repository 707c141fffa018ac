"""A PostgreSQL server of the tests' own, below a folder that only its owner reads, spoken to through a socket there.

Its texts are sorted as English sorts them, not by code points: what depends on that differs from SQLite, and is seen.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from pipeline.machines.moving import move
from pipeline.store.server import connecting

on_both_databases = pytest.mark.usefixtures("database")  # the fixture of conftest.py
on_a_server = [on_both_databases, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]
on_a_file = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # of such a module, what is about SQLite


def at_home(data_dir: DataDir) -> DataDir:
    """A copied data folder whose control store lies where the database of the test has it."""
    if connecting.address():
        move(data_dir)
    return data_dir


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian puts them beside the path, one folder per version."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "pg_ctl").exists()), None)


@dataclass
class Server:
    """A running server. Every store of a test is a schema of its own."""

    programs: Path
    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def run(self, program: str, *words: str) -> str:
        """As the account that owns it: a server does not run as root."""
        account = "postgres" if os.getuid() == 0 else None
        done = subprocess.run(
            [str(self.programs / program), *words],
            user=account,
            group=account,
            extra_groups=[] if account else None,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{program} {' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off -c max_connections=200"
        )
        self.run("pg_ctl", "start", "-w", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", options)

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", f"{self.folder}/data")

    def address(self, schema: str) -> str:
        return f"postgresql://plimsoll@/postgres?host={self.folder}&options=-csearch_path%3D{schema}"

    def new_schema(self) -> str:
        """The address of an empty store."""
        name = f"test_{next(self._numbers)}"
        with self.engine() as engine, engine.begin() as connection:
            connection.execute(sa.text(f"create schema {name}"))
        return self.address(name)

    @contextmanager
    def engine(self, address: str | None = None) -> Iterator[sa.Engine]:
        engine = connecting.new_engine(address or self.address("public"))
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def running_server() -> Iterator[Server]:
    """Skips the test that asks where PostgreSQL's programs, or psycopg, are not installed."""
    folder = programs()
    absent = pytest.fail if os.environ.get("PLIMSOLL_REQUIRE_POSTGRESQL") == "1" else pytest.skip
    if folder is None:
        absent("no PostgreSQL here: install the package postgresql for its initdb and pg_ctl")
    if importlib.util.find_spec("psycopg") is None:
        absent("psycopg is not installed here: pip install -r requirements-postgresql.txt")
    with tempfile.TemporaryDirectory(prefix="plimsoll-pg-", ignore_cleanup_errors=True) as name:
        server = Server(folder, Path(name))
        if os.getuid() == 0:
            shutil.chown(name, "postgres", "postgres")
        sorting = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
        server.run("initdb", "-D", f"{name}/data", "-U", "plimsoll", "-A", "trust", "-E", "UTF8", "-N", *sorting)
        server.start()
        try:
            yield server
        finally:
            server.stop()
