"""Accounts of the landed ledgers: what each counts as, and how its entries compare with the balance tables."""

from __future__ import annotations

import polars as pl

from models.builds.snapshot import Snapshot

CATEGORIES = ("labor", "equipment", "software", "subcontract", "travel", "other_direct", "indirect", "excluded")
ACCOUNT_KINDS = ("actual", "accrual", "commitment", "excluded")

# In Chinese charts of accounts 5… are costs (revenue of older ones apart, told by its name) and 66… expenses.
_ACCOUNTS = """
    with posted as (
        select
            ledger_book, account_code, sum(debit) as debit, sum(credit) as credit, sum(lines) as lines
        from ledger_control_totals
        where lines > 0 and period not like '%/%'
        group by 1, 2
    ),
    named as (
        -- an account that the files name twice counts as its last name does
        select
            ledger_book, account_code, max(account_name) as account_name, arg_max(category, account_name) as category,
            arg_max(kind, account_name) as kind, arg_max(mapped_by, account_name) as mapped_by
        from int_accounts
        group by 1, 2
    ),
    cost_like as (
        select distinct named.ledger_book, named.account_code
        from named
        inner join account_words as words on words.kind <> 'carry_over' and named.account_name like '%' || words.word || '%'
        union
        select ledger_book, account_code
        from named
        where regexp_matches(account_code, '^(5|66)[0-9]') and account_name not like '%收入%'
        except
        select named.ledger_book, named.account_code
        from named
        inner join account_words as words on words.kind = 'carry_over' and named.account_name like '%' || words.word || '%'
    )
    select
        named.ledger_book, named.account_code, named.account_name, posted.debit, posted.credit, posted.lines,
        named.category, named.kind, named.mapped_by, cost_like.account_code is not null as is_cost_like
    from named
    left join posted using (ledger_book, account_code)
    left join cost_like using (ledger_book, account_code)
    order by (named.mapped_by = 'nothing' and is_cost_like) desc, is_cost_like desc, posted.debit desc nulls last, 1, 2
"""
_CONTROL_TOTALS = """
    select
        ledger_book, period, account_code, account_name, debit, control_debit, debit_difference, credit, control_credit,
        credit_difference, lines
    from ledger_control_totals
    where control_debit is not null and debit is not null
        and (lines > 0 or control_debit <> 0 or control_credit <> 0)
    order by (debit_difference <> 0 or credit_difference <> 0) desc, period desc, ledger_book, account_code
"""


def account_list(snapshot: Snapshot) -> pl.DataFrame:
    """Every account of the landed ledgers; those that look like costs and count as nothing first.

    Columns: ledger_book, account_code, account_name, debit, credit (money of the entries that count; null where all were
    replaced), lines (count), category, kind (null: counts as nothing), mapped_by (screen, file, name or nothing), is_cost_like.
    """
    if not _is_built(snapshot):
        return pl.DataFrame()
    return snapshot.query(_ACCOUNTS)


def control_totals(snapshot: Snapshot) -> pl.DataFrame:
    """The accounts and periods that both a ledger and a balance table hold, differences first.

    Columns: ledger_book, period, account_code, account_name, debit, control_debit, debit_difference, credit, control_credit,
    credit_difference (money), lines (count).
    """
    if not _is_built(snapshot):
        return pl.DataFrame()
    return snapshot.query(_CONTROL_TOTALS)


def _is_built(snapshot: Snapshot) -> bool:
    """A build of an older catalogue has no such table."""
    tables = snapshot.query("select 1 from information_schema.tables where table_name = 'ledger_control_totals'")
    return not tables.is_empty()
