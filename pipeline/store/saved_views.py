"""Views that a viewer keeps under a name: a page and what was chosen there, as the query of its address."""

from __future__ import annotations

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.store import control

LONGEST_NAME = 80
MOST = 50  # of one viewer: they are a menu, not an archive


def saved_views(data_dir: DataDir, viewer: str) -> list[dict]:
    """{name, page (last part of its path), query, saved_at}, by name."""
    table = control.saved_views
    columns = (table.c.name, table.c.page, table.c.query, table.c.saved_at)
    return control.rows(data_dir, sa.select(*columns).where(table.c.viewer == viewer).order_by(table.c.name))


def save_view(data_dir: DataDir, viewer: str, name: str, page: str, query: str) -> None:
    """Keeps it; one of the same name is replaced. Raises: InputError where the name is blank or long, or there are too many."""
    name, table = " ".join(name.split()), control.saved_views
    if not name or len(name) > LONGEST_NAME:
        raise InputError("views.name", "A view needs a name of at most {most} letters.", most=LONGEST_NAME)
    row = {"viewer": viewer, "name": name, "page": page, "query": query, "saved_at": control.iso(control.now_utc())}
    with control.writing(data_dir) as connection:
        own = control.rows_of(connection, sa.select(table.c.name).where(table.c.viewer == viewer))
        if name not in {view["name"] for view in own} and len(own) >= MOST:
            raise InputError("views.many", "There are {most} saved views already. Remove one first.", most=MOST)
        connection.execute(table.delete().where(table.c.viewer == viewer, table.c.name == name))
        connection.execute(table.insert().values(**row))


def remove_view(data_dir: DataDir, viewer: str, name: str) -> None:
    table = control.saved_views
    with control.writing(data_dir) as connection:
        connection.execute(table.delete().where(table.c.viewer == viewer, table.c.name == name))
