"""What a file is, by its content and never by its name."""

import io
import zipfile

import pytest

from models.errors import InputError
from pipeline.ingest.files.source import ContentKind, opened_zip, refusal, shown_name, source_file


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504

CONTENTS = [
    (b"", ContentKind.EMPTY),
    (b" \r\n\t\n", ContentKind.EMPTY),
    (b"\xef\xbb\xbf", ContentKind.EMPTY),
    ("﻿".encode("utf-16-le"), ContentKind.EMPTY),
    (b"a,b\n1,2\n", ContentKind.TEXT_TABLE),
    ("日期,工时\n2026-01-31,8\n".encode("gb18030"), ContentKind.TEXT_TABLE),
    ("日期,工时\n2026-01-31,8\n".encode("utf-16"), ContentKind.TEXT_TABLE),
    (b"[note],b\n1,2\n", ContentKind.TEXT_TABLE),  # a bracket alone is not JSON
    (b"<12 h,b\n1,2\n", ContentKind.TEXT_TABLE),
    (b"<!DOCTYPE html><html><body>Sign in</body></html>", ContentKind.HTML),
    (b"\n\n  <HTML><head>", ContentKind.HTML),
    (b'<?xml version="1.0"?><html xmlns="x">', ContentKind.HTML),
    (b'<?xml version="1.0"?><testsuites/>', ContentKind.XML),
    (b"<testsuite name='x'>", ContentKind.XML),
    (b'{"issues": []}', ContentKind.JSON),
    (b' [ {"key": "A-1"} ]', ContentKind.JSON),
    (b"[]", ContentKind.JSON),
    (b"%PDF-1.7\n%\xe2\xe3", ContentKind.PDF),
    (_zip("xl/workbook.xml", "[Content_Types].xml"), ContentKind.XLSX),
    (_zip("xl/workbook.bin", "[Content_Types].xml"), ContentKind.XLSB),
    (_zip("mimetype", "content.xml", "META-INF/manifest.xml"), ContentKind.ODS),
    (_zip("[Content_Types].xml", "word/document.xml"), ContentKind.DOCUMENT),
    (_zip("[Content_Types].xml", "xl/workbook.xml")[:60], ContentKind.XLSX),  # cut off
    (_zip("a.json", "b.json"), ContentKind.ZIP),
    (b"PK\x03\x04 broken", ContentKind.ZIP),
    (OLE, ContentKind.XLS),
    (OLE + "EncryptedPackage".encode("utf-16-le"), ContentKind.ENCRYPTED_WORKBOOK),
    (b"TN:\nSF:a.c\nDA:1,1\n", ContentKind.PROFILE),
    (b"\x89PNG\r\n\x1a\n", ContentKind.IMAGE),
    (b"\x1f\x8b\x08", ContentKind.BINARY),
    (bytes(range(1, 27)) * 20, ContentKind.BINARY),
]


@pytest.mark.parametrize(("content", "kind"), CONTENTS, ids=[f"{i}-{kind}" for i, (_, kind) in enumerate(CONTENTS)])
@pytest.mark.parametrize("name", ["export.csv", "export.xlsx"])
def test_content_decides(tmp_path, content, kind, name):
    path = tmp_path / name
    path.write_bytes(content)
    assert source_file(path).kind is kind


def test_hash_size_and_name(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"abc")
    source = source_file(path, name="../../=cmd().csv", project_hint="P1")
    # SHA-256 of "abc": the first test vector of FIPS 180-2.
    assert source.content_hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (source.size_bytes, source.name, source.project_hint) == (3, "../../=cmd().csv", "P1")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("工时 3月.csv", "工时 3月.csv"),
        ("=cmd()|x.csv", "=cmd()|x.csv"),  # neutral where it is exported
        ("\u202egnp.csv", "\\u202egnp.csv"),
        ("a\0b\x1b[31m.csv", "a\\x00b\\x1b[31m.csv"),
        ("\udcff.csv", "\\udcff.csv"),  # a name that is no UTF-8, as Python gives it
        ("CON", "CON"),
        ("x" * 300 + ".csv", "x" * 80 + "…" + "x" * 75 + ".csv"),
    ],
)
def test_a_name_is_shown_whole_unless_it_deceives(name, shown):
    assert shown_name(name) == shown
    assert len(shown_name(name)) <= 160


def test_a_zip_with_an_endless_directory_is_not_opened(tmp_path):
    path = tmp_path / "a.zip"
    content = bytearray(_zip("a.csv"))
    at = content.rfind(b"PK\x05\x06")
    content[at + 12 : at + 16] = (200 << 20).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(zipfile.BadZipFile):
        opened_zip(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError) as caught:
        source_file(tmp_path / "nowhere.csv")
    assert caught.value.code == "ingest.unreadable_file"
    assert "nowhere.csv" in str(caught.value)


@pytest.mark.parametrize(
    "kind", [kind for kind in ContentKind if kind not in (ContentKind.TEXT_TABLE, ContentKind.XLSX, ContentKind.XLS)]
)
def test_every_other_kind_has_a_plain_refusal(tmp_path, kind):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a")
    source = source_file(path)
    error = refusal(type(source)(path, "x.csv", "", 1, kind))
    assert error.code.startswith("ingest.")
    assert str(error).startswith("x.csv is")
