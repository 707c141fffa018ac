"""What is kept of builds: one asking for many who ask, nothing of what failed, the oldest forgotten first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import polars as pl
import pytest

from models.builds.answers import Answers, plain
from models.builds.snapshot import open_current


def counted(answers: Answers, key: str, asked: list[str]) -> str:
    def ask() -> str:
        asked.append(key)
        return key.upper()

    return answers.of(key, ask)


def test_an_answer_is_found_once_and_the_oldest_is_forgotten() -> None:
    answers, asked = Answers(most=2), []
    for key in ("a", "b", "a", "c", "a", "b"):  # c pushes b out, for a was asked for since
        assert counted(answers, key, asked) == key.upper()
    assert asked == ["a", "b", "c", "b"]


def test_who_asks_together_waits_for_one_finding() -> None:
    answers, asked, together = Answers(most=9), [], Barrier(4)

    def ask(_: int) -> str:
        together.wait()
        return counted(answers, "a", asked)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == ["A"] * 4
    assert asked == ["a"]


def test_what_failed_is_asked_anew() -> None:
    answers = Answers(most=9)

    def fails() -> None:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            answers.of("a", fails)
    assert answers.of("a", lambda: 1) == 1


def test_what_is_too_large_is_not_kept() -> None:
    answers, asked = Answers(most=9, keeps=lambda value: len(value) < 2), []
    assert [counted(answers, key, asked) for key in ("a", "a", "large", "large")] == ["A", "A", "LARGE", "LARGE"]
    assert asked == ["a", "large", "large"]


def test_a_key_holds_what_is_in_lists_and_mappings() -> None:
    assert plain(("x", {"keys": ["a", "b"]})) == ("x", (("keys", ("a", "b")),))
    assert hash(plain({"a": [1, {"b": 2}]})) != hash(plain({"a": [1, {"b": 3}]}))


def test_a_query_of_a_build_is_read_once(sample_data_dir, monkeypatch) -> None:
    _build, snapshot = open_current(sample_data_dir)
    read: list[str] = []
    reading = type(snapshot)._read
    monkeypatch.setattr(
        type(snapshot), "_read", lambda self, sql, params: (read.append(sql), reading(self, sql, params))[1]
    )
    sql = "select project_key from dim_projects where project_key = $key -- test_answers"
    frames = [snapshot.query(sql, {"key": key}) for key in ("P-1", "P-1", "P-2")]
    assert frames[0] is frames[1]
    assert len(read) == 2
    assert isinstance(frames[2], pl.DataFrame)
