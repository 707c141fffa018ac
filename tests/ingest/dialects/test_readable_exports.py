"""What is still refused says which export of its tool is read: what, where, what next."""

from __future__ import annotations

import gzip

import pytest

from models.builds.data_dir import DataDir
from models.words.wording import reason_text
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.schema import GENERIC
from tests.ingest.exports import codes, load

_TOOLS = sorted(set(dialects().tools) - {GENERIC})


@pytest.mark.parametrize("tool", _TOOLS)
def test_every_tool_names_an_export_that_is_read(tool: str) -> None:
    exports = dialects().exports_of(tool)
    assert exports and all(set(export) == {"en", "zh"} for export in exports)
    shown = [text for export in exports for text in export.values()]
    assert all(text == text.strip().rstrip(".。") and "," not in text for text in shown)  # they stand in a list


_BINARY = bytes(range(256)) * 8
_GAN = '<?xml version="1.0" encoding="UTF-8"?><project name="Harbor" version="3.2"><tasks/></project>'
_REFUSED = {
    "books.gnucash": (gzip.compress(b"<gnc-v2/>"), "gnucash", "ingest.binary"),
    "Harbor.QBW": (_BINARY, "quickbooks", "ingest.binary"),
    "harbor.gan": (_GAN.encode(), "ganttproject", "ingest.unknown_xml"),
    "harbor.pod": (_BINARY, "projectlibre", "ingest.binary"),
    "Jira sprint report.pdf": (b"%PDF-1.7 ...", "jira", "ingest.pdf"),
    "禅道统计.pdf": (b"%PDF-1.7 ...", "zentao", "ingest.pdf"),
    "azure-devops_board.png": (b"\x89PNG....", "azure_devops", "ingest.image"),
    "velocity.csv": (b"Sprint,Commitment,Completed\nS 1,20,18\nS 2,22,22\n", "jira", "ingest.not_this_export"),
    "list.csv": (
        b"Date,Transaction Type,Num,Posting,Name,Account,Split,Amount\n03/02/2026,Expense,,Yes,Ada,Checking,Travel,-80.50\n",
        "quickbooks",
        "ingest.not_this_export",
    ),
    # its own headers, but no account: nothing that a ledger could do without
    "postings.csv": (
        b"Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;Belegfeld 1;Buchungstext\n12,50;S;R1;Taxi\n",
        "datev",
        "ingest.not_recognized",
    ),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_a_refusal_names_the_exports_that_are_read(data_dir: DataDir, name: str) -> None:
    content, tool, code = _REFUSED[name]
    entry = load(data_dir, name, content)[0]
    assert codes(entry) == [code] and entry["status"] == "refused"
    reason = entry["reasons"][0]
    first, names = dialects().exports_of(tool)[0], dialects().names[tool]
    assert reason["message"].endswith(f"Of {names['en']} these exports are read: {_listed(tool)}.")
    assert reason["message"].startswith(name)  # what is wrong comes first, with where it is
    chinese = reason_text(reason, "zh")
    assert names.get("zh", names["en"]) in chinese and first["zh"] in chinese and "可读取的导出" in chinese


def _listed(tool: str) -> str:
    return ", ".join(export["en"] for export in dialects().exports_of(tool))


@pytest.mark.parametrize(
    ("name", "content"),
    [("mosaic.pdf", b"%PDF-1.7 ..."), ("sapling.png", b"\x89PNG...."), ("jira.csv", b"left,right\n1,2\n3,4\n")],
)
def test_nobodys_file_names_no_tool(data_dir: DataDir, name: str, content: bytes) -> None:
    """A table is known by its headers, not by what somebody called it."""
    entry = load(data_dir, name, content)[0]
    assert entry["status"] == "refused" and "exports" not in entry["reasons"][0]["details"]
