"""Weeks, months or quarters as columns: which of a table they are, and what a row of it becomes."""

from __future__ import annotations

import datetime as dt

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.dialects.money_units import header_unit
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.dialects.period_columns import FEWEST, period_of_column, weeks_side_by_side


def lay_out_periods(mapping: Mapping, into: tuple[str, str], *, at_end: bool) -> None:
    """Columns named after weeks, months or quarters become rows of one period each; a row total beside them goes.

    into: the canonical columns of the period and of its amount. at_end: whether the period's last day dates the amount.
    """
    if into[0] in mapping.columns.values() or mapping.period_columns:
        return
    year = mapping.year
    weeks, days = weeks_side_by_side(mapping.headers)
    found = {index: period for index, name in mapping.headers.items() if (period := period_of_column(name, year))}
    months = {period.first for period in found.values() if not period.is_quarter}
    # A quarter beside its own months is their sum.
    found = {
        index: period for index, period in found.items() if not (period.is_quarter and months & set(period.months))
    }
    if weeks:
        end = dt.timedelta(days=days - 1)
        columns = {index: first + end if at_end else first for index, first in weeks.items()}
    elif len(found) < FEWEST and not (len(found) == 1 and into[1] not in mapping.columns.values()):
        return
    else:
        columns = {index: period.last_of_month if at_end else period.first for index, period in found.items()}
    mapping.period_into = into
    mapping.period_columns = {**columns}
    mapping.columns = {
        index: name
        for index, name in mapping.columns.items()
        if index not in columns and name != mapping.period_into[1]
    }
    units = {unit for index in columns if (unit := header_unit(normal_header(mapping.headers[index])))}
    if len(units) == 1:
        mapping.units[mapping.period_into[1]] = units.pop()
    quarters = [mapping.headers[index] for index, period in found.items() if period.is_quarter and index in columns]
    if quarters:
        mapping.warnings.append(
            (
                "ingest.quarters_not_split",
                "The columns {columns} stand for quarters. Each amount was put on the first month of its quarter; load months "
                "if the plan differs within a quarter.",
                {"columns": ", ".join(f"'{name}'" for name in quarters)},
            )
        )
