"""A table written in a random dialect, encoding, language and column order is read back as it was, or asked about.

100 examples in `make test`, always the same; PLIMSOLL_ROUND_TRIPS=1000 draws so many new ones (`make bench` does).
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, note, settings

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.ingest.contracts.options import LoadOptions
from pipeline.ingest.files.archives import IncomingFile
from pipeline.ingest.files.source import source_file
from pipeline.ingest.open import opened
from tests.ingest.dialects.tracker_exports import Case, cases

pytestmark = pytest.mark.whole  # a hundred exports through all of ingest

EXAMPLES = int(os.environ.get("PLIMSOLL_ROUND_TRIPS", "100"))
ASKS = (
    "ingest.encoding_undecided",
    "ingest.unknown_encoding",
)  # never mojibake: where the text is too little, a question


def _read(data_dir: DataDir, path, case: Case) -> list[dict]:
    """The rows of the feed as ingest types them, before anything is landed."""
    source = source_file(path)
    incoming = IncomingFile(path, path.name)
    try:
        feeds = opened(data_dir, source, incoming, LoadOptions(**case.asked))
    except InputError as error:
        if error.code not in ASKS:
            raise
        feeds = opened(data_dir, source, incoming, LoadOptions(**case.asked, encoding=case.dialect.encoding))
    rows = next(feed for feed in feeds if feed.feed == case.feed)
    read: list[dict] = []
    for typed in rows.chunks():
        assert typed.rejected == [], typed.rejected
        assert typed.repeated == 0
        read += typed.rows.to_dicts()
    note(f"{rows.encoding} {rows.delimiter!r} {rows.date_format} {[reason.code for reason in rows.reasons]}")
    return read


@settings(
    max_examples=EXAMPLES,
    deadline=None,  # two cores, shared
    derandomize="PLIMSOLL_ROUND_TRIPS" not in os.environ,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=cases())
def test_every_value_comes_back(tmp_path, case: Case) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(case.content)
    note(case.content[:2000].decode(case.dialect.encoding, "replace"))
    read = _read(DataDir(tmp_path / "data"), path, case)
    assert [{name: row[name] for name in case.rows[0]} for row in read] == case.rows
