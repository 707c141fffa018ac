"""A mapping completed by what its table says outside its rows: account, period, year, company, unit."""

from __future__ import annotations

from models.feeds import FEEDS, Kind
from pipeline.ingest.dialects.header_words import normal_header
from pipeline.ingest.dialects.money_units import header_unit, says_single_units
from pipeline.ingest.feeds.ledger.roles import knows_its_year
from pipeline.ingest.mapping.columns import Mapping, lay_out_periods
from pipeline.ingest.mapping.preamble import Preamble

MONEY_FEEDS = frozenset({"ledger", "account_balances", "costs", "budget", "contracts", "payment_terms"})
_BOOKS = frozenset({"ledger", "account_balances"})
_HOME_CURRENCY = frozenset({"人民币", "rmb", "cny", "综合本位币", "本位币"})  # what stands where no row says a currency


_PER_HUNDRED = frozenset({"中行折算价", "折算价"})  # the Bank of China prints its own prices for a hundred units


def complete(mapping: Mapping, feed: str, told: Preamble) -> None:
    """Adds defaults, sections, the year of bare months and the unit of unmarked amounts, where the rows say none."""
    if feed == "fx_rates" and "per" not in mapping.columns.values():
        rates = [normal_header(mapping.headers[at]) for at, name in mapping.columns.items() if name == "rate"]
        mapping.defaults |= {"per": "100"} if any("100" in name or name in _PER_HUNDRED for name in rates) else {}
    if feed not in MONEY_FEEDS:
        return
    mapped = set(mapping.columns.values())
    mapping.year = told.facts.get("year")
    lay_out_periods(mapping, feed, mapping.year)
    if feed in _BOOKS:
        mapping.defaults |= {
            name: told.facts[name] for name in ("ledger_book",) if name in told.facts and name not in mapped
        }
        currency = told.facts.get("currency", "")
        if "currency" not in mapped and currency and currency.lower() not in _HOME_CURRENCY:
            mapping.defaults["currency"] = currency
        if feed == "account_balances" and "period" not in mapped and "period" in told.facts:
            mapping.defaults["period"] = told.facts["period"]
        mapping.sections = [
            (line, kept)
            for line, values in told.sections
            if (kept := {name: value for name, value in values.items() if name not in mapped})
        ]
        if "account_code" in mapped:  # the name alone would be another account's
            mapping.sections = [(line, kept) for line, kept in mapping.sections if "account_name" not in kept]
    elif "project" not in mapped and "project" in _columns(feed):
        projects = [values["project"] for line, values in told.sections if "project" in values and not line]
        mapping.defaults |= {"project": projects[0]} if projects else {}
    if "month" in mapping.roles and not knows_its_year(mapping.roles, mapping.headers, mapping.year):
        mapping.roles = {role: index for role, index in mapping.roles.items() if role not in ("month", "day")}
    if "period_end" in mapping.roles:
        mapping.warnings.append(
            (
                "door.booked_by_period",
                "The ledger has no column for the date: every entry was dated by the last day of its accounting period.",
                {},
            )
        )
    if told.money_unit:
        _scale(mapping, feed, told.money_unit)


def _scale(mapping: Mapping, feed: str, unit: str) -> None:
    """`单位:万元` counts for every amount whose own header names no unit."""
    own = {index: normal_header(name) for index, name in mapping.headers.items()}
    kinds = _columns(feed)
    for index, name in mapping.columns.items():
        if kinds.get(name) is Kind.MONEY and not says_single_units(own[index]) and not header_unit(own[index]):
            mapping.units.setdefault(name, unit)
    if mapping.period_columns:
        mapping.units.setdefault(mapping.period_into[1], unit)
    if "amount" in mapping.roles:
        mapping.units |= {name: mapping.units.get(name, unit) for name in ("debit", "credit")}
    for side in ("opening", "closing"):
        if side in mapping.roles:
            mapping.units |= {f"{side}_debit": unit, f"{side}_credit": unit}


def given_outside(mapping: Mapping) -> set[str]:
    """Canonical columns that defaults, sections, periods side by side and roles give."""
    given = set(mapping.defaults)
    given |= {name for line, values in mapping.sections for name in values if not line}
    if mapping.period_columns:
        given |= set(mapping.period_into)
    if {"month", "period_end"} & set(mapping.roles):
        given |= {"booked_on"}
    return given


def _columns(feed: str) -> dict[str, Kind]:
    return {column.name: column.kind for column in FEEDS[feed].columns}
