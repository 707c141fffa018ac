"""Which KPIs tell one fact: an index and what follows from it, the readings of one schedule or one cost position.

Earned value stands in nearly every formula, so that shared measures alone would make one family of cost and schedule, while
SPI(t) and the buffer share none. What one section reads at one data date is one position: CPI, its kinds and TCPI; SPI, SPI(t)
and buffer.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.kpis.catalogue import Kpi


def family(kpi_key: str, catalogue: Mapping[str, Kpi]) -> str:
    """A name that KPIs of one family share: section and data date; of KPIs that stand at none, section and numerator.

    A KPI that takes its status from another, or is its other reading, belongs to it. What is no KPI is a family of its own.
    """
    kpi = catalogue.get(kpi_key)
    if kpi is None:
        return kpi_key
    kpi = catalogue.get(kpi.status_from or kpi.beside or "", kpi)
    return f"{kpi.section} {kpi.dated or kpi.numerator_sql}"
