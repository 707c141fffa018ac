"""By which rules the value was earned, in one line: shares, what is circular, what nobody can know, what came too late."""

from __future__ import annotations

from models.cost.earning_rules import EarningRules
from ui.kpis.meanings import meaning_word
from ui.shell.numbers import money_text, percent_text
from ui.shell.wording import _, clauses, first_of, language, listed, safe

TASKS_NAMED = 2


def rules_line(told: EarningRules, currency: str) -> str:
    """Empty where nothing is earned, nothing unknown and no rule changed."""
    words = [_shares(told)] if told.total else []
    if told.circular:
        words.append(
            _(
                "{share} of EV is circular: hours used earn it, so its CPI proves nothing",
                share=percent_text(told.circular / told.total),
            )
        )
    if told.unknown:
        words.append(
            _(
                "the progress of {amount} of the budget is not known, as it has no issues; none of it is earned",
                amount=money_text(told.unknown, currency),
            )
        )
    if not told.changed.is_empty():
        words.append(_changed(told))
    return " · ".join(words)


def _shares(told: EarningRules) -> str:
    shares = [f"{_rule(rule)} {percent_text(earned / told.total)}" for rule, earned in told.earned.items()]
    return _("EV by rule: {which}", which=listed(shares))


def _changed(told: EarningRules) -> str:
    """The first tasks whose rule changed after the freezing, each with the rule that holds and the one that does not."""
    tasks = [
        _(
            "{task}: {frozen}, not {later}",
            task=safe(row["task_name"] or row["task_id"]),
            frozen=_rule(row["frozen"]),
            later=_rule(row["not_taken"]),
        )
        for row in told.changed.iter_rows(named=True)
    ]
    which = first_of(tasks, TASKS_NAMED, clauses)
    return _("changed after the baseline was frozen, and not taken: {which}", which=which)


def _rule(rule: str) -> str:
    return meaning_word(rule, language()) if rule else _("percent as reported")
