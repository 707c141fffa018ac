"""Numbers, money, days and periods of `models.words.numbers` in the language of this session."""

from __future__ import annotations

from models.words import numbers
from ui.shell.wording import in_session

age_text = in_session(numbers.age_text)
count_text = in_session(numbers.count_text)
date_text = in_session(numbers.date_text)
decimal_text = in_session(numbers.decimal_text)
duration_text = in_session(numbers.duration_text)
hours_text = in_session(numbers.hours_text)
index_text = in_session(numbers.index_text)
instant_text = in_session(numbers.instant_text)
kpi_value_text = in_session(numbers.kpi_value_text)
local_date_text = in_session(numbers.local_date_text)
money_text = in_session(numbers.money_text)
month_text = in_session(numbers.month_text)
percent_text = in_session(numbers.percent_text)
period_text = in_session(numbers.period_text)
unit_for = in_session(numbers.unit_for)
unit_label = in_session(numbers.unit_label)
week_text = in_session(numbers.week_text)


def level_text(level: float | None, unit: str) -> str:
    """85 %, not 85.0 %: a level is a round number that somebody set."""
    return kpi_value_text(level, unit, exact=unit == "percent")
