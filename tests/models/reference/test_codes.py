"""Codes as people write them: one rule in Python and in SQL, and what it keeps apart."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.reference.codes import code_key, code_plain

jinja2 = pytest.importorskip("jinja2")  # dbt brings it

_MACROS = Path(__file__).parents[3] / "dbt_project/macros/portable.sql"
# What codes are made of, and what a spreadsheet, an input method or another alphabet makes of them.
_LETTERS = st.text(alphabet="AbZ019５Ｗｗ－＿ 　\u00a0-_./—–支付Жж\tİΣß", max_size=12) | st.text(max_size=12)


class _Dispatched:
    """What dbt's adapter.dispatch does, for DuckDB."""

    def __init__(self) -> None:
        environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        environment.globals.update(adapter=self, **{"return": lambda value: value})
        text = _MACROS.read_text(encoding="utf-8")
        wanted = "code_plain|code_key|wide_letters|narrow_letters|default__code_plain|default__code_key"
        macros = re.findall(rf"{{% macro (?:{wanted})\(.*?{{%-? endmacro %}}", text, re.DOTALL)
        self.module = environment.from_string("\n".join(macros)).module

    def dispatch(self, name: str, _package: str):
        return getattr(self.module, f"default__{name}")


@pytest.mark.parametrize(
    ("written", "same"),
    [("Ｗ１４", "W14"), ("W-15", "w 15"), ("W_15", "W15"), ("Core", "CORE "), ("pay-core", "Pay Core")]
    + [("1-1", "1 1"), ("P-2025-07", "P2025_07"), ("支付 平台", "支付平台"), ("模块-1", "模块1"), ("A—1", "a1")],
)
def test_people_write_one_code_in_many_ways(written, same):
    assert code_key(written) == code_key(same)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("1-1", "11"),
        ("1.1", "11"),
        ("1.10", "1.1"),
        ("Li Na", "Lina"),
        ("P2025-018", "P2025018"),
        ("-", ""),
        ("C", "C#"),
    ],
)
def test_codes_that_may_both_be_real_stay_two(code, other):
    assert code_key(code) != code_key(other)


def test_case_and_width_never_make_two_codes_but_separators_may():
    assert code_plain("Ｃore\u3000 Bank ") == code_plain("CORE bank") == "core bank"
    assert code_plain("W-15") != code_plain("W15")


@pytest.mark.whole  # every letter there is
@settings(deadline=None)
@given(st.lists(_LETTERS, min_size=1, max_size=40))
def test_sql_folds_as_python_does(codes):
    module = _Dispatched().module
    with duckdb.connect() as connection:
        connection.execute("create table codes (code varchar)")
        connection.executemany("insert into codes values (?)", [[code] for code in codes])
        plain, key = (str(macro("code")).strip() for macro in (module.code_plain, module.code_key))
        assert connection.execute(f"select {plain}, {key} from codes order by rowid").fetchall() == [
            (code_plain(code), code_key(code)) for code in codes
        ]


@given(_LETTERS)
def test_folding_twice_changes_nothing(code):
    assert code_key(code_key(code)) == code_key(code)
    assert code_key(code_plain(code)) == code_key(code)
