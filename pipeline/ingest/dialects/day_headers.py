"""Columns that are named after days: 1 … 31, dates, weekdays, and the month that stands in a title above them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

FEWEST_DAYS = 5  # a working week; fewer columns named 1, 2, 3 may count anything
LONGEST_GAP = 3  # a sheet of working days goes from Friday to Monday
_WEEKDAY_WORDS = (
    "一 周一 星期一 礼拜一 週一 mon monday mo montag lun lunes seg segunda lundi пн pon 月 月曜日",
    "二 周二 星期二 礼拜二 週二 tue tues tuesday di dienstag mar martes ter terça mardi вт wt 火 火曜日",
    "三 周三 星期三 礼拜三 週三 wed wednesday mi mittwoch mié mie miércoles qua quarta mercredi mer ср śr 水 水曜日",
    "四 周四 星期四 礼拜四 週四 thu thur thurs thursday do donnerstag jue jueves qui quinta jeudi jeu чт czw 木 木曜日",
    "五 周五 星期五 礼拜五 週五 fri friday fr freitag vie viernes sex sexta vendredi ven пт pt 金 金曜日",
    "六 周六 星期六 礼拜六 週六 sat saturday sa samstag sáb sab sábado samedi sam сб sob 土 土曜日",
    "日 天 周日 周天 星期日 星期天 礼拜天 週日 sun sunday so sonntag dom domingo dimanche dim вс nie ndz 日曜日",
)
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAY_WORDS) for word in words.split()}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_DAY = re.compile(r"^(0?[1-9]|[12]\d|3[01])(日|号|號|st|nd|rd|th)?$")
_YEAR_FIRST = re.compile(r"^((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 0?0:00(:00)?)?$")
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_MONTH_DAY = re.compile(r"^(\d{1,2})[-/.月](\d{1,2})(?:日|号|\.)?$")
_YEAR_LAST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)?\d\d)$")
_WORDED = re.compile(r"^(?:(\d{1,2})[-/. ]*([a-z]{3,9})|([a-z]{3,9})[-/. ]*(\d{1,2}))[-/., ]*((?:19|20)\d\d|\d\d)?$")
_RANGE_DAY = r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_RANGE = re.compile(_RANGE_DAY + r"\s*(?:至|到|~|-|–|—|to|until|bis|—)+\s*" + _RANGE_DAY)
_MONTH = re.compile(r"((?:19|20)\d\d)\s*(?:年|[-/.])\s*(1[0-2]|0?[1-9])(?!\d)\s*月?")
_COMPACT_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(?!\d)")
_WORD_MONTH = re.compile(r"\b([a-z]{3,9})\.?,?\s+((?:19|20)\d\d)\b")


@dataclass(frozen=True)
class DayName:
    """What a column name says of its day. readings: (year, month, day) it may mean, None for what it does not say."""

    readings: tuple[tuple[int | None, int | None, int], ...] = ()
    weekday: int | None = None


@dataclass(frozen=True)
class Period:
    """The days a title speaks of, both included, and the words that said so."""

    first: dt.date
    last: dt.date
    words: str


def day_name(name: str) -> DayName | None:
    """None for a name that is no day: `1`, `2日`, `3/2`, `2026-03-02`, `Mon 2`, `2 Mar`, `周一`, `3月2日(一)` are."""
    text = unicodedata.normalize("NFKC", name).strip().lower()
    if not text or len(text) > 40:
        return None
    if text in WEEKDAYS:
        return DayName(weekday=WEEKDAYS[text])
    weekday = None
    parts = [part for part in re.split(r"[\s(),、]+", text) if part]
    for end in (0, -1):
        if len(parts) > 1 and parts[end].rstrip(".") in WEEKDAYS:
            weekday = WEEKDAYS[parts.pop(end).rstrip(".")]
    attached = re.fullmatch(r"(.*\d(?:日|号)?)((?:周|星期)?[一二三四五六日天])", " ".join(parts))
    if attached and attached.group(2) != "日":
        parts, weekday = [attached.group(1)], WEEKDAYS[attached.group(2)]
    readings = _readings(" ".join(parts))
    return DayName(tuple(readings), weekday) if readings else None


def _readings(text: str) -> list[tuple[int | None, int | None, int]]:
    if match := _DAY.match(text):
        return [(None, None, int(match.group(1)))]
    if match := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        return _sound([tuple(map(int, match.groups()[:3]))])
    if match := _MONTH_DAY.match(text):
        first, second = int(match.group(1)), int(match.group(2))
        is_chinese = "月" in text
        return _sound([(None, first, second)] + ([] if is_chinese else [(None, second, first)]))
    if match := _YEAR_LAST.match(text):
        first, second, year = int(match.group(1)), int(match.group(2)), int(match.group(3))
        year += 2000 if year < 100 else 0
        return _sound([(year, first, second), (year, second, first)])
    if match := _WORDED.match(text):
        day, word = (match.group(1), match.group(2)) if match.group(1) else (match.group(4), match.group(3))
        told = int(match.group(5)) if match.group(5) else None
        if word in _MONTHS:
            return _sound([(told + 2000 if told is not None and told < 100 else told, _MONTHS[word], int(day))])
    return []


def _sound(readings: list) -> list[tuple[int | None, int | None, int]]:
    return [
        (year, month, day)
        for year, month, day in dict.fromkeys(readings)
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 2024, month)[1]
    ]


def day_run(header: tuple[str, ...] | list[str]) -> dict[int, DayName]:
    """The columns that stand for days one after the other: index → what its name says; empty where they are no calendar."""
    best: dict[int, DayName] = {}
    run: dict[int, DayName] = {}
    for index, name in enumerate([*header, "end of header"]):
        found = day_name(name) if name and name.strip() else None
        if found is not None and (not run or _follows(list(run.values()), found)):
            run[index] = found
            continue
        if len(run) > len(best):
            best = run
        run = {index: found} if found is not None else {}
    return best if len(best) >= FEWEST_DAYS else {}


def _follows(before: list[DayName], found: DayName) -> bool:
    """Whether a day may stand to the right of those before it."""
    if not found.readings:
        return True
    dated = next((day for day in reversed(before) if day.readings), None)
    if dated is None:
        return True
    skipped = before[::-1].index(dated) + LONGEST_GAP
    return any(0 < _step(earlier, later) <= skipped for earlier in dated.readings for later in found.readings)


def _step(earlier: tuple, later: tuple) -> int:
    """Days from one reading to the next, over the end of a month too; 0 where they do not follow each other."""
    if (earlier[1] is None) != (later[1] is None):
        return 0
    if earlier[1] is None:
        step = later[2] - earlier[2]
        return step if step > 0 else later[2] + max(0, 31 - earlier[2]) if earlier[2] >= 26 and later[2] <= 3 else 0
    year = earlier[0] or later[0] or 2024
    first = dt.date(year, *_within(year, earlier))
    last = dt.date(later[0] or (year + 1 if later[1] < earlier[1] else year), *_within(year, later))
    return (last - first).days


def _within(year: int, reading: tuple) -> tuple[int, int]:
    return reading[1], min(reading[2], calendar.monthrange(year, reading[1])[1])


def period_in(texts: list[str]) -> Period | None:
    """The first range of days, else the first month, in these texts: `2026-03-01 至 2026-03-31`, `2026年3月`, `March 2026`."""
    for text in texts:
        normal = unicodedata.normalize("NFKC", text).lower()
        if match := _RANGE.search(normal):
            numbers = list(map(int, match.groups()))
            try:
                first, last = dt.date(*numbers[:3]), dt.date(*numbers[3:])
            except ValueError:
                continue
            if first <= last:
                return Period(first, last, match.group(0))
    for text in texts:
        normal = unicodedata.normalize("NFKC", text).lower()
        if (match := _MONTH.search(normal)) or (match := _COMPACT_MONTH.search(normal)):
            return month_of_days(int(match.group(1)), int(match.group(2)), match.group(0))
        for match in _WORD_MONTH.finditer(normal):
            if match.group(1) in _MONTHS:
                return month_of_days(int(match.group(2)), _MONTHS[match.group(1)], match.group(0))
    return None


def month_of_days(year: int, month: int, words: str = "") -> Period:
    return Period(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), words)


def dated_days(run: dict[int, DayName], period: Period | None) -> dict[int, dt.date] | None:
    """The date of each column; None where the month is nowhere to be found. A weekday alone counts on from its neighbors."""
    with_year = all(reading[0] is not None for day in run.values() for reading in day.readings)
    if not with_year and period is None:
        return None
    if not any(day.readings for day in run.values()):
        return _from_weekdays(run, period)
    best: dict[int, dt.date] | None = None
    for pick in range(2):  # 3/2 … 3/8 reads one way only as days that follow each other
        dates = _placed(run, period, pick)
        if dates and (best is None or _spread(dates) < _spread(best)):
            best = dates
    return best


def _spread(dates: dict[int, dt.date]) -> int:
    return (max(dates.values()) - min(dates.values())).days


def _placed(run: dict[int, DayName], period: Period | None, pick: int) -> dict[int, dt.date]:
    dates: dict[int, dt.date] = {}
    last: dt.date | None = None
    for index, name in run.items():
        if not name.readings:
            day = last + dt.timedelta(days=1) if last else None
            if day is None:
                continue
        else:
            year, month, number = name.readings[min(pick, len(name.readings) - 1)]
            day = _date(year, month, number, period, last)
            if day is None:  # February has no 30th: the form is printed for every month
                continue
        dates[index], last = day, day
    first = next((index for index in run if index in dates), 0)
    for back, index in enumerate(reversed([column for column in run if dates and column < first]), 1):
        dates[index] = dates[first] - dt.timedelta(days=back)
    return dates


def _date(year: int | None, month: int | None, day: int, period: Period | None, last: dt.date | None) -> dt.date | None:
    if month is None:
        assert period is not None  # see dated_days: so it is wherever a column says no year
        start = last or period.first
        year, month = start.year, start.month
        if last is not None and day <= last.day:
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        elif last is None and day < period.first.day and period.last.month != period.first.month:
            year, month = period.last.year, period.last.month
    if year is None:
        assert period is not None
        year = period.first.year if month >= period.first.month else period.last.year
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return (
        None if period is not None and found > period.last and last is not None and found.month != last.month else found
    )


def _from_weekdays(run: dict[int, DayName], period: Period | None) -> dict[int, dt.date] | None:
    """Monday … Sunday of a week that a title gives by its first day."""
    if period is None or (period.last - period.first).days > 13:
        return None
    weekdays = {index: name.weekday for index, name in run.items() if name.weekday is not None}
    first = next(iter(weekdays.values()))
    start = period.first + dt.timedelta(days=(first - period.first.weekday()) % 7)
    dates, day = {}, start
    for index, weekday in weekdays.items():
        day += dt.timedelta(days=(weekday - day.weekday()) % 7)
        dates[index] = day
    return dates


def _is_dated(name: str) -> bool:
    found = day_name(name)
    return found is not None and bool(found.readings)


def joined_days(top: list[str], below: list[str]) -> tuple[str, ...] | None:
    """Two header rows where the lower one holds the days: its cells there, the upper row's everywhere else; None otherwise.

    A month that stands above a group of days stays with them (`2026年3月` over 1, 2, 3).
    """
    run = day_run(below)
    if not run or len(below) > len(top) + 31:
        return None
    filled = [index for index, cell in enumerate(below) if cell.strip()]
    top = [*top, *([""] * (len(below) - len(top)))]
    if any(index not in run and top[index].strip() for index in filled):
        return None
    if sum(bool(cell.strip()) for cell in top) < 2 or any(_is_dated(top[index]) for index in run):
        return None
    names, month = [], ""
    for index, above in enumerate(top):
        under = below[index].strip() if index < len(below) else ""
        if above.strip():
            found = period_in([above])
            month = f"{found.first.year}年{found.first.month}月" if found and found.first.day == 1 else ""
        if index in run:
            number = _DAY.match(under)
            names.append(f"{month}{number.group(1)}日" if month and number else under)
        else:
            names.append(under or above.strip())
    return tuple(names)
