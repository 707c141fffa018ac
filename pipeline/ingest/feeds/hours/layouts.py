"""How a table of hours is laid out beyond its mapped columns: days as columns, first and last name, start and end, approval.

Presence (who was there) and work (on a project) are told apart here, by words that only one of them prints.
"""
# ruff: noqa: E501 (one line holds all known names of one part)

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from models.errors import InputError
from pipeline.ingest.contracts.mapping import Layout, Mapping
from pipeline.ingest.contracts.skipped_rows import word_of
from pipeline.ingest.dialects.day_headers import DayName, Period, dated_days, day_run, period_in
from pipeline.ingest.dialects.names import normal_header

HOURS = "hours"


def _named(text: str) -> tuple[str, ...]:
    return tuple(normal_header(name) for name in text.split("|"))


_ROLES = {
    "first_name": _named("First Name|First name|Given name|Vorname|Nombre|Prénom|名"),
    "last_name": _named("Last Name|Last name|Surname|Family name|Nachname|Apellido|Nom|姓"),
    "start_date": _named("Start date|Start Date|开始日期|起始日期"),
    "end_date": _named("End date|End Date|Stop date|结束日期|截止日期"),
    "start": _named("Start time|Start Time|Begin|Start|Started|From|In|Von|Beginn|开始时间|起始时间|上班时间|签到时间|上班打卡时间|入场时间|上班1打卡时间|开始|最早打卡时间|最早|Clock in|Check-in time"),
    "end": _named("End time|End Time|Stop time|End|Stop|Ended|To|Out|Bis|Ende|结束时间|终止时间|下班时间|签退时间|下班打卡时间|离场时间|下班1打卡时间|结束|最晚打卡时间|最晚|Clock out|Check-out time"),
    "pause": _named("Break|Pause|Breaks|Break time|休息时间|休息时长|休息|休息(分钟)|休息(小时)|Break (minutes)|Break (min)|Pause (min)"),
    "status": _named("审批状态|申请状态|当前审批状态|流程状态|Approval status|Status of approval"),
    "result": _named("审批结果|Approval result"),
    "month": _named("月份|年月|所属月份|统计月份|考勤月份|工时月份|Month|Period|期间|会计期间"),
    "people": _named("人数|点工人数|用工人数|Headcount|Number of people|Workers"),
    "unit": _named("单位|工时单位|计量单位|Unit|Time unit"),
    "overtime_weekday": _named("工作日加班|加班时长(工作日)|工作日加班时长|平时加班"),
    "overtime_rest_day": _named("休息日加班|加班时长(休息日)|休息日加班时长|周末加班"),
    "overtime_holiday": _named("节假日加班|加班时长(节假日)|节假日加班时长|法定节假日加班"),
}  # fmt: skip
_TOTALS = frozenset(
    _named(
        "合计|总计|小计|共计|合計|工时合计|合计工时|总工时|合计(小时)|合计(h)|合计(人天)|合计人天|月合计|本月合计|周合计|本周合计|Total|Totals|Sum|"
        "Grand Total|Total hours|Total (h)|Total Hours|Row total|Σ|Gesamt|Summe|Итого|Razem|Suma|总工时(小时)|总工时(h)|人天合计|总人天"
    )
)
# Words of presence. One of the first kind settles it; of the second, two are needed.
_ATTENDANCE = _named("考勤组|出勤天数|应出勤天数|实际出勤天数|迟到次数|早退次数|缺卡次数|旷工天数|上班1打卡时间|下班1打卡时间|上班1打卡结果|考勤结果|打卡结果|"
    "最早打卡时间|最晚打卡时间|上班打卡时间|下班打卡时间|考勤状态|考勤日期|Clock in|Clock out|Check-in time|Check-out time|Attendance status|出勤时长|"
    "实际出勤时长|出勤时长(小时)|出勤工时|迟到时长|早退时长|迟到时长(分钟)|旷工迟到次数|present_hours|打卡时间|关联的审批单|班次名称|应出勤时长(小时)|实际出勤时长(小时)")  # fmt: skip
_ATTENDANCE_TWO = _named(
    "班次|班次名称|工作时长(分钟)|工作时长|出勤日期|出勤|迟到|早退|旷工|签到时间|签退时间|上班时间|下班时间|加班总时长|Shift|Late|Absent|UserId"
)
_ATTENDANCE_TITLES = ("考勤", "出勤表", "出勤统计", "打卡", "attendance")
_WORK = _named("工作内容|项目编号|项目名称|项目|任务|工作项|WBS编码|签单号|Project|Task|Issue key|工时类型")
_NOT_WORK = ("请假", "休假", "假期", "出差", "外出", "leave type", "vacation", "补卡")


@dataclass
class HoursLayout(Layout):
    """column: the hours of who was present, or those of work. roles: part → column (start, end, first_name …). days: column → its date.

    run: the day columns by name. totals: columns of row totals beside the days. labels: columns in which a total row says
    so. several: columns that name the person or the project, the best first. period: what a title says of the days.
    """

    column: str = HOURS
    roles: dict[str, int] = field(default_factory=dict)
    run: dict[int, DayName] = field(default_factory=dict)
    days: dict[int, dt.date] = field(default_factory=dict)
    totals: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    several: dict[str, tuple[int, ...]] = field(default_factory=dict)
    spare: int | None = None  # a column in person-days for rows that give no hours
    period: Period | None = None
    month_by_row: bool = False
    until: int | None = None  # the last day of a row that stands for several

    @property
    def is_presence(self) -> bool:
        return self.column != HOURS

    @property
    def is_matrix(self) -> bool:
        return bool(self.run)

    @property
    def is_by_month(self) -> bool:
        """Whether each row stands for a month, named in a column of its own."""
        return "month" in self.roles and not self.is_matrix

    @property
    def has_span(self) -> bool:
        return "start" in self.roles and "end" in self.roles

    @property
    def is_counted(self) -> bool:
        return self.has_span

    @property
    def fills_down(self) -> bool:
        return self.is_matrix

    def header_of_amounts(self, headers: dict[int, str]) -> str | None:
        return f"{headers[min(self.run)]} … {headers[max(self.run)]}" if self.is_matrix else None

    @property
    def read(self) -> dict[int, str]:
        """Column → what it stands for; parts are split by ` / `."""
        hours = self.column
        shown = dict.fromkeys(self.run, f"work_date / {hours}")
        parts = {"start": f"{hours} / start", "end": f"{hours} / end", "pause": f"{hours} / break"}
        parts |= {"first_name": "person / first name", "last_name": "person / last name", "month": "work_date / month"}
        parts |= {"status": "approved", "result": "approved"} if not self.is_presence else {}
        shown |= {index: parts[role] for role, index in self.roles.items() if role in parts}
        return shown | {
            index: f"{name} / where empty" for name, indices in self.several.items() for index in indices[1:]
        }

    @property
    def gives(self) -> set[str]:
        hours = self.column
        if self.is_matrix:
            return {"work_date", hours}
        given = {hours, "work_date"} if self.has_span else set()
        if "month" in self.roles or "start_date" in self.roles:
            given.add("work_date")
        return given | ({"person"} if "last_name" in self.roles else set())

    @property
    def indices(self) -> list[int]:
        wanted = {*self.roles.values(), *self.run, *self.totals, *self.labels}
        wanted.update(*self.several.values(), (self.until,) if self.until is not None else ())
        return sorted(wanted | ({self.spare} if self.spare is not None else set()))


def layout_of(mapping: Mapping) -> HoursLayout:
    """What `lay_out_hours` found. Raises: TypeError for the mapping of another feed."""
    if not isinstance(mapping.layout, HoursLayout):
        raise TypeError("the columns of a table of hours are not laid out")
    return mapping.layout


def is_attendance(header: tuple[str, ...], texts: list[str]) -> bool | None:
    """Whether the table says who was present; False where it says what was worked on; None where nothing decides."""
    names = {normal_header(name) for name in header if name.strip()}
    presence = 2 * len(names & set(_ATTENDANCE)) + len(names & set(_ATTENDANCE_TWO))
    work = len(names & set(_WORK))
    titled = any(word in text.lower() for text in texts for word in _ATTENDANCE_TITLES)
    if presence >= 2 and (presence > 2 * work or titled):
        return True
    if titled and not work:
        return True
    return False if work else None


def hours_layout(header: tuple[str, ...], column: str, mapped: dict[int, str], texts: list[str]) -> HoursLayout:
    """What the header shows; `texts` are the lines above it, the sheet's name and the file's, in the order they are believed."""
    names = [normal_header(name) for name in header]
    layout = HoursLayout(column)
    for role, known in _ROLES.items():
        found = [names.index(name) for name in known if name in names]
        if found:
            layout.roles[role] = found[0]
    _without_what_is_mapped(layout, mapped, names)
    layout.run = {index: day for index, day in day_run(header).items() if index not in mapped}
    if layout.run and "work_date" not in mapped.values():
        _date_days(layout, texts)
        first = min(layout.run, default=0)
        layout.totals = tuple(index for index, name in enumerate(names) if name in _TOTALS and index not in layout.run)
        layout.labels = tuple(range(first))
    else:
        layout.run = {}
        texts_of = ("person", "project", "issue_key", "work_date", "activity", "vendor", "site", "module", "wbs_code")
        layout.labels = tuple(
            sorted({*range(min(2, len(header))), *(i for i, name in mapped.items() if name in texts_of)})
        )
    layout.text_unit = _unit_in([*texts, *(header[index] for index in layout.totals)])
    layout.is_day_labor = any("点工" in text for text in (*texts, *header))
    return layout


def _without_what_is_mapped(layout: HoursLayout, mapped: dict[int, str], names: list[str]) -> None:
    """Start and end count only where no column holds the hours; the month only where none holds the day."""
    canonical = set(mapped.values())
    if layout.column in canonical and "work_date" in canonical:
        layout.until = layout.roles.get("end_date", layout.roles.get("end"))
    if layout.column in canonical or any(word in name for name in names for word in _NOT_WORK):
        for role in ("start", "end", "pause", "end_date"):
            layout.roles.pop(role, None)
    if "start" not in layout.roles or "end" not in layout.roles:
        for role in ("start", "end", "pause"):
            layout.roles.pop(role, None)
    if "work_date" in canonical:
        layout.roles.pop("month", None)
        if mapped.get(layout.roles.get("start_date", -1)) != "work_date":
            layout.roles.pop("start_date", None)
    elif "month" in layout.roles and "start_date" in layout.roles:
        layout.roles.pop("month")


def _date_days(layout: HoursLayout, texts: list[str]) -> None:
    layout.period = period_in(texts)
    if "month" in layout.roles and not all(day.readings and day.readings[0][1] for day in layout.run.values()):
        layout.month_by_row = True
        return
    layout.roles.pop("month", None)
    layout.days = dated_days(layout.run, layout.period) or {}


def days_without_a_month(file: str, line: int, header: tuple[str, ...], layout: HoursLayout) -> InputError:
    first, last = min(layout.run), max(layout.run)
    return InputError(
        "ingest.month_unknown",
        "{file}, line {line}: the columns '{first}' to '{last}' are days, and nothing says of which year and month. Write it above the "
        "table or into the sheet's name (2026-03), or add a column Month, and load the file again.",
        file=file,
        line=line,
        first=header[first],
        last=header[last],
    )


def _unit_in(texts: list[str]) -> str | None:
    """`单位:人天`, `Unit: person-days` in a title, `合计(人天)` beside days as columns."""
    for text in texts:
        words = word_of(text).replace(" ", "")
        if "人天" in words or "人日" in words or "unit:person-days" in words or "unit:days" in words:
            return "days"
        if "单位:小时" in words or "(小时)" in words or "(h)" in words or "unit:hours" in words:
            return "hours"
        if "单位:人月" in words or "(人月)" in words:
            return "person_months"
    return None
