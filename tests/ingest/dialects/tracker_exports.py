"""Tables in dialects drawn at random: a strategy of hypothesis, how each is written, and what must be read back.

A table is some rows of a feed; a dialect is encoding, delimiter, quoting, line ends, preamble, footer, order and language of
the columns, format of dates and decimal mark. Only what a tool or a person would write is drawn: nobody sees all of it in
one file, every part was seen in some.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from hypothesis import strategies as st

from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.names import normal_header

BLANKS = " \t\r\n\u00a0\u3000\u200b\u202f\ufeff"  # what ingest trims from every cell
NOTHING = {"", "-", "--", "_", "n/a", "na", "null", "none", "(空)", "—", "#n/a"}
DELIMITERS = (",", ";", "\t", "|")
LINE_ENDS = ("\n", "\r\n", "\r")
ZONES = ("Asia/Shanghai", "UTC", "America/Sao_Paulo")  # without summer time since 2020, so that every local time exists
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")
# Words of each country, for the encodings that hold nothing else.
WORDS = {
    "cp1250": "Błąd połączenia z bazą, nie można się zalogować; żółw źle wyświetla się na ekranie płatności",
    "cp1251": "Ошибка соединения с базой данных; не удаётся войти, отчёт по оплате пустой",
    "cp1252": "Não é possível iniciar a sessão; größere Änderung, l'élève où ça, año señal corazón",
    "cp932": "ログインできない 画面でエラーが発生する データベース接続 支払い 帳票 山田太郎",
    "big5": "無法登入系統 資料庫連線失敗 付款頁面 報表 匯出 處理中 王小明 請檢查設定",
    "gb18030": "无法登录系统 数据库连接失败 付款页面 报表 导出 处理中 王小明 请检查设置",
}
# A file in the code page of a country names its months in a language of that country, or in English.
MONTHS_OF = {
    "cp1250": "pl",
    "cp1251": "ru",
    "cp1252": "es pt de fr",
    "cp932": "ja",
    "big5": "zh_Hant",
    "gb18030": "zh zh_Hant",
}
_POLISH = "ąćęłńóśźż"
_LATIN = "abcdefghijklmnopqrstuvwxyz ABC 0123456789"
_TRAPS = ",;|\"'\t\n\r=+-@#&<>%"
_WORLD = "需求变更接口超时数据库電腦系統日本語한국어العربية עברית ñãößçéłżśЖизнь😀🚧👩‍🚀\u200f\u202e\u2028 "


@dataclass(frozen=True)
class Column:
    """aliases: names under which it is found in any set of headers of its feed. write: the value as text in a dialect."""

    name: str
    aliases: tuple[str, ...]
    values: Callable[[st.SearchStrategy[str]], st.SearchStrategy]


@dataclass(frozen=True)
class Dialect:
    encoding: str
    delimiter: str
    line_end: str
    quote_all: bool
    preamble: tuple[str, ...]
    footer: tuple[str, ...]
    date: str
    moment: str
    decimal: str
    time_zone: str
    declares_delimiter: bool
    ends_with_break: bool


@dataclass(frozen=True)
class Case:
    """rows: the values that must be read back, by canonical column. content: the file. asked: what has to be said of it."""

    feed: str
    dialect: Dialect
    header: tuple[str, ...]
    rows: list[dict]
    content: bytes
    asked: dict


def _aliases(feed: str, column: str, system: str, only: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names one tool prints, or anybody uses where it prints none; never one that means something else elsewhere."""
    sets = [header_set for header_set in dialects().header_sets if header_set.feed == feed]
    names = [name for header_set in sets if header_set.system == system for name in header_set.names.get(column, ())]
    names = names or [
        name for header_set in sets if header_set.system == "generic" for name in header_set.names.get(column, ())
    ]
    meanings = {
        name: {
            header_set.canonical()[normal_header(name)][0]
            for header_set in sets
            if normal_header(name) in header_set.canonical()
        }
        for name in names
    }
    sound = [name for name in dict.fromkeys(names) if meanings[name] == {column}]
    return tuple(name for name in sound if not only or name in only)


_DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 6, 30))
_MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2026, 6, 30)).map(lambda at: at.replace(microsecond=0))
_CODES = st.from_regex(r"\A[A-Z]{2,4}-[0-9]{1,6}\Z")
_MONEY = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
_HOURS = st.integers(1, 95).map(lambda quarters: quarters / 4)
_POINTS = st.integers(0, 400).map(lambda quarters: quarters / 4)


def _maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(values, values, st.none())


def _names(texts: st.SearchStrategy[str]) -> st.SearchStrategy:
    """Texts for people: TAPD ends each with a semicolon, which ingest takes off."""
    return _maybe(texts.map(lambda text: text.rstrip("; \t\r\n")).filter(_is_text))


def _columns(feed: str, system: str) -> list[Column]:
    kinds: dict[str, dict[str, Callable]] = {
        "issues": {
            "issue_key": lambda _text: _CODES,
            "summary": _maybe,
            "assignee": _names,
            "created_at": lambda _text: _maybe(_MOMENTS),
            "due_on": lambda _text: _maybe(_DAYS),
            "story_points": lambda _text: _maybe(_POINTS),
        },
        "worklogs": {
            "person": _names,
            "project": lambda _text: _CODES,
            "issue_key": lambda _text: _maybe(_CODES),
            "work_date": lambda _text: _DAYS,
            "hours": lambda _text: _HOURS,
            "description": _maybe,
        },
        "costs": {
            "project": lambda _text: _CODES,
            "category": lambda _text: st.just("labor"),
            "document_no": lambda _text: st.from_regex(r"\A[0-9]{1,20}\Z"),
            "vendor": _maybe,
            "booked_on": lambda _text: _DAYS,
            "amount": lambda _text: _MONEY,
        },
    }
    only = {"hours": ("Hours", "工时(小时)", "Hours worked", "工时(h)")}  # of a bare 工时 the values decide the unit
    aliases = {name: _aliases(feed, name, system, only.get(name, ())) for name in kinds[feed]}
    return [Column(name, aliases[name] or only.get(name, ()), values) for name, values in kinds[feed].items()]


def _texts(encoding: str) -> st.SearchStrategy[str]:
    """Texts of one line or several as people leave them in cells; never one that stands for nothing."""
    if encoding in WORDS and encoding != "gb18030":
        words = WORDS[encoding].replace(",", " ").replace(";", " ").split()
        pieces = st.sampled_from([*(f"{word} " for word in words), *_TRAPS, " ", " ", "A-1", "42"])
        drawn = st.lists(pieces, min_size=1, max_size=12).map("".join)
    elif encoding == "gb18030":
        drawn = st.lists(st.sampled_from([*WORDS["gb18030"].split(), *_TRAPS, " ", "OK"]), min_size=1, max_size=12).map(
            "".join
        )
    else:
        drawn = st.text(st.sampled_from(_LATIN + _TRAPS + _WORLD), min_size=1, max_size=40)
    return drawn.map(lambda text: text.strip(BLANKS)).filter(_is_text)


def _is_text(text: str) -> bool:
    # `(#12)` at the end is a reference that ZenTao adds and ingest takes off; names without an owner are words for nobody.
    return text.lower() not in NOTHING and not text.rstrip(")").rstrip("0123456789").endswith("(#") and text != "Closed"


DATES: dict[str, Callable[[dt.date], str]] = {
    "iso": lambda day: day.isoformat(),
    "ymd": lambda day: f"{day.year}/{day.month}/{day.day}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "dotted": lambda day: f"{day:%d.%m.%Y}",
    "dmy": lambda day: f"{day:%d/%m/%Y}",
    "mdy": lambda day: f"{day.month}/{day.day}/{day.year}",
    "compact": lambda day: f"{day:%Y%m%d}",
    "serial": lambda day: str((day - dt.date(1899, 12, 30)).days),
    **{
        f"short {language}": lambda day, language=language: format_datetime(
            dt.datetime.combine(day, dt.time()), "dd/MMM/yy", locale=language
        )
        for language in ("en", "zh", "zh_Hant", "es", "pt", "de", "fr", "ru", "pl", "ja")
    },
    "long": lambda day: format_datetime(dt.datetime.combine(day, dt.time()), "MMMM d, y", locale="en"),
}
_CLOCKS: dict[str, Callable[[dt.datetime], str]] = {
    "24": lambda at: f"{at:%H:%M:%S}",
    "12": lambda at: f"{(at.hour % 12) or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}",
    "12 zh": lambda at: f"{(at.hour % 12) or 12}:{at:%M:%S} {'上午' if at.hour < 12 else '下午'}",
}


def _written(value: object, dialect: Dialect) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{DATES[dialect.date](value.date())} {_CLOCKS[dialect.moment](value)}"
    if isinstance(value, dt.date):
        return DATES[dialect.date](value)
    if isinstance(value, float | Decimal):
        return f"{value:.2f}".replace(".", dialect.decimal)
    return str(value)


def _cell(text: str, dialect: Dialect) -> str:
    risky = any(mark in text for mark in (dialect.delimiter, '"', "\n", "\r"))
    if dialect.quote_all or risky:
        return '"' + text.replace('"', '""') + '"'
    return text


@st.composite
def cases(draw) -> Case:
    feed = draw(st.sampled_from(["issues", "worklogs", "costs"]))
    encoding = draw(st.sampled_from([*UNICODE, *UNICODE, *WORDS]))
    system = draw(st.sampled_from(["generic", "jira"] if feed == "issues" else ["generic"]))
    columns = [column for column in _columns(feed, system) if column.aliases]
    columns = draw(st.permutations(columns))
    names = [
        draw(st.sampled_from([name for name in column.aliases if _at_home(name, encoding)] or [column.name]))
        for column in columns
    ]
    dialect = _dialect(draw, encoding)
    texts = _texts(encoding)
    rows = draw(
        st.lists(
            st.fixed_dictionaries({column.name: column.values(texts) for column in columns}), min_size=1, max_size=12
        )
    )
    lines = ["sep=" + dialect.delimiter] if dialect.declares_delimiter else []
    lines += dialect.preamble
    lines.append(dialect.delimiter.join(_cell(name, dialect) for name in names))
    lines += [
        dialect.delimiter.join(_cell(_written(row[column.name], dialect), dialect) for column in columns)
        for row in rows
    ]
    lines += dialect.footer
    text = dialect.line_end.join(lines) + (dialect.line_end if dialect.ends_with_break else "")
    content = text.encode(encoding)
    asked = {"feed": feed, "time_zone": dialect.time_zone}
    if dialect.date in ("dmy", "mdy"):
        asked["date_order"] = dialect.date  # a dozen days may all be before the thirteenth
    return Case(feed, dialect, tuple(names), [_expected(row, dialect) for row in rows], content, asked)


def _dialect(draw, encoding: str) -> Dialect:
    is_chinese = encoding in (*UNICODE, "big5", "cp932")
    dates = [
        name for name in DATES if _fits(DATES[name](dt.date(2025, 1, 5)), encoding) and _every_month(name, encoding)
    ]
    foreign = MONTHS_OF.get(encoding, "").split()
    if foreign:
        dates = [name for name in dates if not name.startswith("short ") or name[6:] in ("en", *foreign)]
    moments = ["24", "12", *(["12 zh"] if is_chinese and encoding != "cp932" else [])]
    declared = draw(st.booleans()) and draw(st.booleans())
    date = draw(st.sampled_from([name for name in dates if name != "serial"]))
    return Dialect(
        encoding=encoding,
        delimiter=draw(st.sampled_from(DELIMITERS)),
        line_end=draw(st.sampled_from(LINE_ENDS)),
        quote_all=draw(st.booleans()),
        preamble=() if declared else draw(st.sampled_from([(), (), ("Report of March",), ("Report of March", "")])),
        footer=draw(st.sampled_from([(), (), ("Generated at 2026-07-01 10:00 by Jira",), ("", "Exported by p101")])),
        date=date,
        moment=draw(st.sampled_from(moments)),
        decimal=draw(st.sampled_from([".", ","])),
        time_zone=draw(st.sampled_from(ZONES)),
        declares_delimiter=declared,
        ends_with_break=draw(st.booleans()),
    )


def _every_month(name: str, encoding: str) -> bool:
    return all(_fits(DATES[name](dt.date(2025, month, 5)), encoding) for month in range(1, 13))


def _at_home(name: str, encoding: str) -> bool:
    """Whether a column would be named so in a file of this encoding: nobody saves Russian in Shift_JIS, or Spanish in the
    code page of Poland."""
    if encoding == "cp1250":
        return _fits(name, encoding) and all(letter.isascii() or letter in _POLISH for letter in name.lower())
    if encoding in ("cp932", "big5", "gb18030"):
        lowest, highest = "\u3041" if encoding == "cp932" else "\u3400", "\u9fff"
        return _fits(name, encoding) and all(letter.isascii() or lowest <= letter <= highest for letter in name)
    return _fits(name, encoding)


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _expected(row: dict, dialect: Dialect) -> dict:
    """What ingest must give: instants in UTC, everything else as it was."""
    expected = {}
    for name, value in row.items():
        if isinstance(value, dt.datetime):
            local = value.replace(tzinfo=ZoneInfo(dialect.time_zone))
            expected[name] = local.astimezone(dt.UTC).replace(tzinfo=None)
        else:
            expected[name] = value
    return expected
