"""The general ledger's lines on project cost accounts: what was spent, accrued, reversed, corrected and carried over."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from pipeline.sample.calendar import month_end, month_start
from pipeline.sample.documents import document
from pipeline.sample.exchange import PER, spot_rate
from pipeline.sample.plan import Plan, Window, book_ends, earned_value
from pipeline.sample.stories import EQUIPMENT, INDIRECT, LABOR, SEED, SOFTWARE, STORIES, SUBCONTRACT, Abroad, Story

ACCOUNTS = document("lists")["accounts"]
ACCOUNT_OF = {LABOR: "148101", EQUIPMENT: "148102", SOFTWARE: "148103", SUBCONTRACT: "148104"}
BOOK = "某信息技术有限公司"  # the company whose books these are, printed once above them
STRAY = "P2025099"  # a project code that nobody has tied to a project
ACCRUED, CARRY_OVER = "148108", "6401"
# What labor costs beside wages, as shares of the labor budget's cost.
LABOR_EXTRAS = (("148105", 0.08, "报销差旅费"), ("148106", 0.03, "会议及资料费"), ("148107", 0.05, "间接费用分摊"))
SUMMARIES = {EQUIPMENT: "设备到货入账", SOFTWARE: "软件许可采购", SUBCONTRACT: "分包进度款"}
SUPPLIERS = {EQUIPMENT: "供应商甲", SOFTWARE: "供应商乙", SUBCONTRACT: "分包商丙"}
CENT = 100


def account_mapping_frame() -> pl.DataFrame:
    return pl.DataFrame(ACCOUNTS, ["account_code", "account_name", "category", "kind"], orient="row")


def monthly_cost(story: Story, plan: Plan) -> dict[dt.date, dict[str, int]]:
    """Cents by end of accounting period and WBS code. Cost to date is EV ÷ CPI, the CPI drifting from 1 to the story's number.

    What is bought under a contract costs its price instead, in the month after each step; the rest then drifts to what is left.
    """
    ends = book_ends(story)
    earned = earned_value(plan, ends)
    bought = {window.element.code: window for window in plan.windows if window.element.contract}
    last_index = _index_of_the_rest(story, earned[ends[-1]], bought)
    months: dict[dt.date, dict[str, int]] = {}
    before: dict[str, int] = {}
    for number, day in enumerate(ends):
        share = (number + 1) / len(ends)
        index = last_index if number == len(ends) - 1 else 1 + (last_index - 1) * share
        to_date = {
            code: _invoiced(bought[code], day) if code in bought else round(value / index * CENT)
            for code, value in earned[day].items()
        }
        to_date = {code: max(value, before.get(code, 0)) for code, value in to_date.items()}
        months[day] = {code: value - before.get(code, 0) for code, value in to_date.items()}
        before = to_date
    _settle_last(story, earned[ends[-1]], months, frozenset(bought))
    return months


def contract_price(window: Window) -> int:
    """What the devices of an element cost by their contract, in whole thousands of CNY without VAT."""
    assert window.element.contract
    return round(window.element.budget * window.element.contract[2] / 1000) * 1000


def _invoiced(window: Window, day: dt.date) -> int:
    """Cents invoiced by `day`: the steps done before its month began."""
    done = sum(step.share for step in window.element.steps if step.is_done(month_start(day) - dt.timedelta(days=1)))
    return round(contract_price(window) * done * CENT)


def _index_of_the_rest(story: Story, earned: dict[str, float], bought: dict[str, Window]) -> float:
    """EV ÷ cost that all other elements need for the whole to stand at the story's CPI at the last closed month."""
    if not bought:
        return story.cpi
    spent = sum(_invoiced(window, story.cost_closed_on) for window in bought.values()) / CENT
    rest = sum(value for code, value in earned.items() if code not in bought)
    return rest / (sum(earned.values()) / story.cpi - spent)


def _settle_last(
    story: Story, earned: dict[str, float], months: dict[dt.date, dict[str, int]], fixed: frozenset[str]
) -> None:
    """Cost never falls inside an element, so the last month takes what keeps the whole at EV ÷ CPI."""
    spent = sum(sum(month.values()) for month in months.values())
    over = spent - round(sum(earned.values()) / story.cpi * CENT)
    last = months[max(months)]
    code = max((code for code in last if code not in fixed), key=lambda code: last[code])
    last[code] -= over


def _line(story: Story | None, day: dt.date, account: str, debit: int, summary: str, **more) -> dict:
    return {
        "booked_on": day,
        "account_code": account,
        "debit": debit,
        "credit": 0,
        "project": story.ledger_code if story else STRAY,
        "summary": summary,
    } | more


def story_lines(story: Story, plan: Plan) -> list[dict]:
    """Vouchers of one story as lists of lines; equipment is accrued on arrival and invoiced a month later.

    Travel and overhead are part of what labor was budgeted at, but where the budget holds an element of their own.
    """
    random = np.random.Generator(np.random.PCG64([SEED, story.number, 5]))
    category = {element.code: element.category for element in story.elements}
    by_contract = {element.code for element in story.elements if element.contract}
    abroad = [element.abroad for element in story.elements if element.abroad and element.category == EQUIPMENT]
    has_own_extras = INDIRECT in category.values()
    lines: list[dict] = []
    waiting: list[tuple[str, int]] = []
    year_cost: dict[str, int] = {}
    costs = monthly_cost(story, plan)
    for day, by_element in costs.items():
        last_month = day == max(costs)
        for wbs, amount in waiting:
            bought: dict[str, str | None] = {"wbs_code": wbs, "supplier": SUPPLIERS[EQUIPMENT]}
            lines.append(_line(story, day.replace(day=8), ACCRUED, -amount, "红字冲回上月暂估", **bought))
            lines += _invoiced_lines(story, day.replace(day=8), amount, abroad, bought)
        waiting = []
        labor_rest = 0
        for wbs, amount in by_element.items():
            if not amount:
                continue
            kind = category[wbs]
            bought = {"wbs_code": wbs, "supplier": SUPPLIERS.get(kind)}
            if kind == INDIRECT:
                labor_rest += amount
            elif kind == LABOR:
                wages, rest = (amount, 0) if has_own_extras else _wages_and_rest(amount)
                labor_rest += rest
                lines.append(_line(story, day, "148101", wages, "计提工资", wbs_code=wbs, department=story.department))
            elif kind == EQUIPMENT and wbs not in by_contract and amount > 0 and not last_month:
                lines.append(_line(story, day, ACCRUED, amount, "设备到货暂估入账", **bought))
                waiting.append((wbs, amount))
            else:
                lines.append(_line(story, day, ACCOUNT_OF[kind], amount, SUMMARIES[kind], **bought))
        lines += _labor_extras(story, day, labor_rest)
        if random.random() < 0.15:  # a wrong posting and its red correction
            wrong = int(random.integers(200, 3000)) * CENT
            lines.append(_line(story, _within(story, day, 18), "148105", wrong, "报销差旅费(误记)"))
            lines.append(_line(story, _within(story, day, 25), "148105", -wrong, "红字冲销误记差旅费"))
        for line in lines:
            if line["booked_on"].replace(day=1) == day.replace(day=1):
                year_cost[line["account_code"]] = year_cost.get(line["account_code"], 0) + line["debit"]
        if day.month == 12 or (last_month and story.actual_finish):
            lines += _carried_over(story, month_end(day), year_cost)
            year_cost = {}
    return lines


def _invoiced_lines(story: Story, day: dt.date, amount: int, abroad: list[Abroad], bought: dict) -> list[dict]:
    """What was accrued, now with its invoice; as soon as there is enough, the devices from abroad on a line of their own."""
    rate = spot_rate(day) / PER
    lines = []
    if abroad and round(abroad[0].amount * rate * CENT) <= amount:
        device = abroad.pop()
        foreign = {"original_amount": float(device.amount), "exchange_rate": round(rate, 4)}
        booked = round(device.amount * rate * CENT)
        lines.append(
            _line(
                story,
                day,
                "148102",
                booked,
                "进口设备到货入账(收到发票)",
                **bought,
                **foreign,
                currency=device.currency,
            )
        )
        amount -= booked
    return [*lines, _line(story, day, "148102", amount, "设备到货入账(收到发票)", **bought)] if amount else lines


def _within(story: Story, day: dt.date, of_the_month: int) -> dt.date:
    """A day of the accounting period that ends on `day`; in one that ends in mid-month, half as far before its end."""
    return day - dt.timedelta(days=(30 - of_the_month) // 2) if story.books_end_on else day.replace(day=of_the_month)


def _wages_and_rest(amount: int) -> tuple[int, int]:
    """What of an element's labor money is wages, and what its people cost beside them."""
    rest = round(amount * sum(share for _, share, _ in LABOR_EXTRAS))
    return amount - rest, rest


def _labor_extras(story: Story, day: dt.date, amount: int) -> list[dict]:
    """Travel, meetings and overhead of the month, booked on the project and on no WBS element."""
    if not amount:
        return []
    total = sum(share for _, share, _ in LABOR_EXTRAS)
    parts = [round(amount * share / total) for _, share, _ in LABOR_EXTRAS[:-1]]
    parts.append(amount - sum(parts))
    return [
        _line(story, _within(story, day, 20) if account == "148105" else day, account, part, summary)
        for (account, _, summary), part in zip(LABOR_EXTRAS, parts, strict=True)
        if part
    ]


def _carried_over(story: Story, day: dt.date, year_cost: dict[str, int]) -> list[dict]:
    """Year end, or the end of the project: the cost accounts are emptied into cost of sales. Not project cost."""
    total = sum(year_cost.values())
    lines = [_line(story, day, CARRY_OVER, total, "结转主营业务成本")]
    for account, amount in sorted(year_cost.items()):
        if amount:
            lines.append(_line(story, day, account, 0, "结转主营业务成本", credit=amount))
    return lines


def _stray_lines() -> list[dict]:
    """Lines of no story: 86,400.00 in three lines."""
    amounts = {dt.date(2026, 8, 31): 26_400_00, dt.date(2026, 9, 30): 31_500_00, dt.date(2026, 10, 31): 28_500_00}
    return [_line(None, day, "148106", amount, "投标文件制作费") for day, amount in amounts.items()]


def ledger_frame(plans: dict[int, Plan]) -> pl.DataFrame:
    """All lines in the order of the book; a voucher per day, project and purpose, numbered anew each period."""
    lines = [line for story in STORIES for line in story_lines(story, plans[story.number])] + _stray_lines()
    frame = pl.DataFrame(lines, infer_schema_length=None)
    carry = pl.col("summary") == "结转主营业务成本"
    labor = pl.col("account_code").is_in(["148101", "148106", "148107"])
    purpose = pl.when(carry).then(pl.lit("9")).when(labor).then(pl.lit("1")).otherwise("account_code")
    frame = frame.with_columns(
        pl.col("booked_on").dt.strftime("%Y-%m").alias("period"), purpose.alias("_purpose"), carry.alias("_last")
    ).sort("period", "_last", "booked_on", "project", "_purpose", maintain_order=True)
    voucher = pl.concat_str("booked_on", "project", "_purpose", separator="|")
    frame = frame.with_columns(voucher.rle_id().over("period").alias("_number"))
    cents = pl.lit(CENT)
    return frame.with_columns(
        pl.lit(BOOK).alias("ledger_book"),
        pl.format("记-{}", (pl.col("_number") + 1).cast(pl.String).str.zfill(4)).alias("voucher_no"),
        pl.int_range(1, pl.len() + 1).over("period", "_number").alias("line_no"),
        pl.col("account_code").replace_strict({code: name for code, name, *_ in ACCOUNTS}).alias("account_name"),
        *[
            pl.when(pl.col(name) != 0)
            .then((pl.col(name).cast(pl.Decimal(20, 2)) / cents).cast(pl.Decimal(18, 2)))
            .alias(name)
            for name in ("debit", "credit")
        ],
    )
