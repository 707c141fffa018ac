"""Which project a code in a file stands for, before a build has said so: for what must be decided when files are landed.

The rules are those of int_codes, but of an alias with several dates the newest counts. An unknown code stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl
import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.reference.codes import code_key, code_plain
from models.vocabulary import BatchStatus
from pipeline.store import control

ANY_SYSTEM = "*"


@dataclass(frozen=True)
class ProjectCodes:
    """known: {(system or '*', code in plain writing): project key}; alike: the same by code_key, where one project is meant."""

    known: dict[tuple[str, str], str]

    @cached_property
    def alike(self) -> dict[tuple[str, str], str]:
        meant: dict[tuple[str, str], set[str]] = {}
        for (system, code), project in self.known.items():
            meant.setdefault((system, code_key(code)), set()).add(project)
        return {key: projects.pop() for key, projects in meant.items() if len(projects) == 1}

    def project_of(self, system: str, code: str, hint: str | None = None) -> str:
        """The project that a row with this code belongs to; `hint` is the project a person named while loading the file."""
        for written in (code, hint):
            places = [(place, _key(written)) for place in (_key(system), ANY_SYSTEM)]
            found = [self.known.get(place) for place in places]
            found += [self.alike.get((system_or_any, code_key(code))) for system_or_any, code in places]
            if any(found):
                return next(project for project in found if project)
        return code.strip() or (hint or "").strip()


def project_codes(data_dir: DataDir, connection) -> ProjectCodes:
    """The codes that landed project lists, landed aliases and aliases edited on screen know now."""
    known: dict[tuple[str, str], str] = {}
    projects = _landed(data_dir, connection, "projects", ["project_key", "name"])
    known |= {(ANY_SYSTEM, _key(name)): project for project, name in projects if name}
    known |= {(ANY_SYSTEM, _key(project)): project for project, _name in projects if project}
    columns = ["system", "kind", "external_code", "project_key"]
    known |= _aliases(_landed(data_dir, connection, "project_aliases", columns, oldest_first="valid_from"))
    table = control.aliases
    edited = sa.select(*(table.c[name] for name in columns)).order_by(
        table.c.valid_from.nulls_first(), table.c.alias_id
    )
    known |= _aliases(tuple(row) for row in connection.execute(edited))
    return ProjectCodes(known)


def _aliases(rows: Iterable[tuple]) -> dict[tuple[str, str], str]:
    return {
        (_key(system) or ANY_SYSTEM, _key(code)): project
        for system, kind, code, project in rows
        if (kind or "project").lower() == "project" and code
    }


def _landed(
    data_dir: DataDir, connection, feed: str, columns: list[str], oldest_first: str | None = None
) -> list[tuple]:
    table = control.batches
    batches = connection.execute(
        sa.select(table.c.batch_id)
        .where(table.c.feed == feed, table.c.status == BatchStatus.LANDED)
        .order_by(table.c.exported_at, table.c.landed_at, table.c.batch_id)
    ).scalars()
    files = [path for path in (data_dir.landed_file(feed, batch_id) for batch_id in batches) if path.is_file()]
    if not files:
        return []
    rows = pl.concat([pl.read_parquet(path) for path in files], how="diagonal")
    if oldest_first:
        rows = rows.sort(oldest_first, maintain_order=True)
    return rows.select(columns).rows()


def _key(code: str | None) -> str:
    return code_plain(code or "")
