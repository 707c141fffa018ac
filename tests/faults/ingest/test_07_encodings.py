"""Fault 7: UTF-8 with BOM, UTF-16, GB18030, a few invalid bytes: the right text or a named error, never mojibake."""

from __future__ import annotations

import pytest

from models.builds.data_dir import DataDir
from tests.faults.contents.ingest_rule import assert_original_kept, assert_refused_by_the_rule
from tests.ingest.exports import landed_rows, load

HOURS = "日期,姓名,项目,工时\n2026-03-02,张三,医保结算,8\n2026-03-03,李四,政务云,7.5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_the_right_text(data_dir: DataDir, encoding: str) -> None:
    content = HOURS.encode(encoding)
    entry = load(data_dir, "hours.csv", content)[0]
    assert entry["status"] == "landed", entry["reasons"]
    rows = landed_rows(data_dir, entry)
    assert rows.select("person", "project", "hours").rows() == [("张三", "医保结算", 8.0), ("李四", "政务云", 7.5)]
    assert entry["encoding"].startswith(encoding.partition("-")[0].replace("gbk", "gb18030"))
    assert_original_kept(data_dir, content)


def test_western_letters_are_not_taken_for_chinese(data_dir: DataDir) -> None:
    text = "Date,Person,Project,Hours,Description\n" + "2026-03-02,José Muñoz,Año,8,Reunión de planificación\n" * 30
    entry = load(data_dir, "horas.csv", text.encode("cp1252"))[0]
    assert entry["status"] == "landed"  # certain enough: then the letters are right, and the guess is said
    assert entry["reasons"][0]["code"] == "ingest.encoding_guessed"
    assert set(landed_rows(data_dir, entry)["person"]) == {"José Muñoz"}


def test_a_few_invalid_bytes_are_named_with_their_line(data_dir: DataDir) -> None:
    content = (HOURS + "2026-03-04,王五,政务云,8\n" * 20).encode().replace("政务云,7.5".encode(), b"\xe6\x94,7.5")
    entry = assert_refused_by_the_rule(data_dir, "damaged.csv", content, "ingest.damaged_utf8")
    assert entry["reasons"][0]["details"]["line"] == 3
