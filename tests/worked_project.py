"""A project over eight months with every figure worked out by hand; tests hold models and the warehouse against it.

Planned for July to December 2025, finished at the end of February 2026, two months late and 130 over a budget of 600 (thousands,
say). The plan of each month 60, 90, 120, 150, 120, 60; one task, reported in whole percents of 600.

Earned schedule is the number of whole months whose plan is earned, plus the part of the next one:

    July      48 ÷ 60                       0.8        November   3 + (414 − 270) ÷ 150     3.96
    August    1 + (120 −  60) ÷  90         1.6667     December   4 + (492 − 420) ÷ 120     4.6
    September 2 + (216 − 150) ÷ 120         2.55       January    5 + (558 − 540) ÷  60     5.3
    October   3 + (318 − 270) ÷ 150         3.32       February   all is earned             6
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

BUDGET = 600
PLANNED = (60, 90, 120, 150, 120, 60)  # of each month; to date 60, 150, 270, 420, 540, 600
MONTHS = ((2025, 7), (2025, 8), (2025, 9), (2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2))


@dataclass(frozen=True)
class Month:
    """One status date. Money to date; `rest` is the new estimate of what is left. None: nothing to say, see the tests."""

    status_on: dt.date
    planned: int
    percent: float
    earned: int
    spent: int
    rest: int
    earned_schedule: float
    cost_index: float  # EV ÷ AC
    schedule_index: float  # EV ÷ PV
    time_index: float | None  # ES ÷ months passed, from the second month on
    at_pace_of_cost: float  # BAC ÷ CPI = 600 × AC ÷ EV
    at_budget: float  # AC + (BAC − EV)
    at_both_paces: float  # AC + (BAC − EV) ÷ (CPI × SPI)
    bottom_up: float  # AC + rest
    to_complete: float | None  # (BAC − EV) ÷ (BAC − AC)
    to_complete_at_estimate: float | None  # (BAC − EV) ÷ rest


def _month(day: tuple[int, int, int], *figures: float | None) -> Month:
    return Month(dt.date(*day), *figures)


WORKED = (
    # 48 ÷ 50 = 0.96; 48 ÷ 60 = 0.8; 600 × 50 ÷ 48 = 625; 50 + 552 = 602; 50 + 552 ÷ (0.96 × 0.8) = 50 + 718.75;
    # TCPI 552 ÷ 550; to the estimate 552 ÷ 580
    _month(
        (2025, 7, 31), 60, 0.08, 48, 50, 580, 0.8, 0.96, 0.8, None,
        625, 602, 768.75, 630, 1.003636, 0.951724,
    ),
    # 120 ÷ 130; 120 ÷ 150; ES 1.6667 ÷ 2; 600 × 130 ÷ 120 = 650; 130 + 480 ÷ (0.923077 × 0.8) = 130 + 650; 480 ÷ 470; 480 ÷ 520
    _month(
        (2025, 8, 31), 150, 0.20, 120, 130, 520, 1.666667, 0.923077, 0.8, 0.833333,
        650, 610, 780, 650, 1.021277, 0.923077,
    ),
    # 216 ÷ 240; 216 ÷ 270; 2.55 ÷ 3; 600 × 240 ÷ 216; 240 + 384 ÷ 0.72 = 240 + 533.3333; 384 ÷ 360; 384 ÷ 430
    _month(
        (2025, 9, 30), 270, 0.36, 216, 240, 430, 2.55, 0.9, 0.8, 0.85,
        666.666667, 624, 773.333333, 670, 1.066667, 0.893023,
    ),
    # 318 ÷ 360; 318 ÷ 420; 3.32 ÷ 4; 600 × 360 ÷ 318; 360 + 282 × 151,200 ÷ 101,124 = 360 + 421.644713; 282 ÷ 240; 282 ÷ 320
    _month(
        (2025, 10, 31), 420, 0.53, 318, 360, 320, 3.32, 0.883333, 0.757143, 0.83,
        679.245283, 642, 781.644713, 680, 1.175, 0.88125,
    ),
    # 414 ÷ 480; 414 ÷ 540; 3.96 ÷ 5; 600 × 480 ÷ 414; 480 + 186 × 259,200 ÷ 171,396 = 480 + 281.285445; 186 ÷ 120; 186 ÷ 215
    _month(
        (2025, 11, 30), 540, 0.69, 414, 480, 215, 3.96, 0.8625, 0.766667, 0.792,
        695.652174, 666, 761.285445, 695, 1.55, 0.865116,
    ),
    # 492 ÷ 580; 492 ÷ 600; 4.6 ÷ 6; 600 × 580 ÷ 492; 580 + 108 × 348,000 ÷ 242,064 = 580 + 155.264724; 108 ÷ 20; 108 ÷ 130
    _month(
        (2025, 12, 31), 600, 0.82, 492, 580, 130, 4.6, 0.848276, 0.82, 0.766667,
        707.317073, 688, 735.264724, 710, 5.4, 0.830769,
    ),
    # 558 ÷ 670; 558 ÷ 600; 5.3 ÷ 7; 600 × 670 ÷ 558; 670 + 42 × 402,000 ÷ 311,364 = 670 + 54.225922; the budget is spent; 42 ÷ 52
    _month(
        (2026, 1, 31), 600, 0.93, 558, 670, 52, 5.3, 0.832836, 0.93, 0.757143,
        720.430108, 712, 724.225922, 722, None, 0.807692,
    ),
    # 600 ÷ 730; SPI back at 1 however late, SPI(t) 6 ÷ 8; every estimate is what was spent, and nothing is left to complete
    _month(
        (2026, 2, 28), 600, 1.00, 600, 730, 0, 6, 0.821918, 1.0, 0.75,
        730, 730, 730, 730, None, None,
    ),
)  # fmt: skip


def exports(key: str) -> dict[str, list[dict]]:
    """The project as rows of budget, schedule and costs: what each month added to cost, and what was then thought to be left."""
    budget = [
        {"project": key, "wbs_code": "1", "category": "subcontract", "period_start": dt.date(*month, 1), "planned_value": value}
        for month, value in zip(MONTHS, PLANNED, strict=False)
    ]  # fmt: skip
    task = {"project": key, "task_id": "W", "wbs_code": "1", "name": "W", "earned_value_rule": "physical"}
    task |= {"baseline_start": dt.date(2025, 7, 1), "baseline_finish": dt.date(2025, 12, 31)}
    task |= {"actual_start": dt.date(2025, 7, 1)}
    schedule = [
        task | {"percent_complete": month.percent, "status_on": month.status_on}
        | {"actual_finish": month.status_on if month.percent == 1 else None}
        for month in WORKED
    ]  # fmt: skip
    costs, before = [], 0
    for month in WORKED:
        line = {"project": key, "wbs_code": "1", "category": "subcontract", "booked_on": month.status_on}
        number = f"{key}-{month.status_on:%Y%m}"
        costs.append(line | {"kind": "actual", "amount": month.spent - before, "document_no": number})
        costs.append(line | {"kind": "forecast", "amount": month.rest, "document_no": f"{number}F"})
        before = month.spent
    return {"budget": budget, "schedule": schedule, "costs": costs}
