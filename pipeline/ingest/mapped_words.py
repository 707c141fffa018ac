"""Words of exports that no list of ours knows, mapped on screen: what a state, a type, a severity stands for.

They count from the next refresh on, before what the export says. Every change leaves a line in the audit.
Light to import: pages call these functions.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.vocabulary import BatchStatus
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import normal_word
from pipeline.ingest.landing.batches import batches
from pipeline.store import control


def _mappable() -> dict[tuple[str, str], str]:
    """(feed, column) → the column whose meanings its words take.

    What the warehouse puts mapped words to (macro `worded`); a word elsewhere is kept as the file has it.
    """
    from pipeline.ingest.feeds import PLUGINS  # noqa: PLC0415 (all that feeds need: only where words are mapped)

    return {
        (plugin.name, column): plugin.meanings.get(column, column)
        for plugin in PLUGINS.values()
        for column in plugin.mappable
    }


def mappable() -> dict[tuple[str, str], tuple[str, ...]]:
    """(feed, column) → the meanings that its words can be given."""
    known = dialects().meanings
    return {(feed, column): known[feed, meaning] for (feed, column), meaning in _mappable().items()}


def mapped_words(data_dir: DataDir) -> list[dict]:
    """Every word mapped on screen, newest first: feed, column, word, canonical, edited_at."""
    if not control.exists(data_dir):
        return []
    table = control.word_mappings
    with control.reading(data_dir) as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.edited_at.desc(), table.c.word))
        return [dict(row) for row in rows.mappings()]


def unknown_words(data_dir: DataDir) -> list[dict]:
    """Words of landed batches that neither a list nor a person has explained, the most frequent first.

    Returns: [{feed, column, word, rows, systems: sorted names of the tools that wrote it}].
    """
    known = {(row["feed"], row["column"], row["word"]) for row in mapped_words(data_dir)}
    can_be_mapped = _mappable()
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for batch in batches(data_dir, control.batches.c.status != BatchStatus.UNDONE):
        for column, words in batch.report.unknown_words.items():
            for word, rows in words.items():
                key = (batch.feed, column, normal_word(word))
                if key[:2] not in can_be_mapped or key in known:
                    continue
                one = found.setdefault(key, {"rows": 0, "systems": set()})
                one["rows"] += rows
                one["systems"].add(batch.source_system)
    listed = [
        {"feed": feed, "column": column, "word": word, "rows": member["rows"], "systems": sorted(member["systems"])}
        for (feed, column, word), member in found.items()
    ]
    return sorted(listed, key=lambda row: (-row["rows"], row["feed"], row["column"], row["word"]))


def map_word(data_dir: DataDir, feed: str, column: str, word: str, canonical: str, *, actor: str = "screen") -> None:
    """Says what a word of this column stands for from the next refresh on; said again, the last one holds.

    Raises: InputError for a column whose words are not mapped, an empty word, or a meaning that the column does not have.
    """
    meanings = mappable().get((feed, column), ())
    word = normal_word(word)
    if not word or canonical not in meanings:
        raise InputError(
            "words.no_such_meaning",
            "The word '{word}' of {column} ({feed}) cannot stand for '{canonical}'. Choose one of: {meanings}.",
            word=word,
            column=column,
            feed=feed,
            canonical=canonical,
            meanings=", ".join(meanings) or "-",
        )
    table = control.word_mappings
    with control.writing(data_dir) as connection:
        same = sa.and_(table.c.feed == feed, table.c.column == column, table.c.word == word)
        replaced = connection.execute(sa.select(table.c.canonical).where(same)).scalars().all()
        connection.execute(table.delete().where(same))
        connection.execute(
            table.insert().values(
                feed=feed, column=column, word=word, canonical=canonical, edited_at=control.iso(control.now_utc())
            )
        )
        control.note(connection, actor, "word", word, feed=feed, column=column, canonical=canonical, replaced=replaced)


def unmap_word(data_dir: DataDir, feed: str, column: str, word: str, *, actor: str = "screen") -> None:
    """Takes a mapped word back. Raises: InputError where it is gone already."""
    table = control.word_mappings
    with control.writing(data_dir) as connection:
        same = sa.and_(table.c.feed == feed, table.c.column == column, table.c.word == normal_word(word))
        if not connection.execute(table.delete().where(same)).rowcount:
            raise InputError(
                "words.gone",
                "The word '{word}' is not mapped any more. Reload the page to see what is left.",
                word=word,
            )
        control.note(connection, actor, "word", normal_word(word), feed=feed, column=column, removed=True)
