"""Which KPIs of the catalogue tell one fact."""

from __future__ import annotations

from collections import defaultdict

from models.alerts.causes.family import family
from models.kpis.catalogue import catalogue


def test_families_of_the_catalogue_are_positions_and_numerators(small_warehouse) -> None:
    kpis = catalogue(small_warehouse)
    found = defaultdict(set)
    for key in kpis:
        found[family(key, kpis)].add(key)

    def with_(kpi_key: str) -> set[str]:
        return found[family(kpi_key, kpis)]

    cost = {f"cost_performance_index{of}" for of in ("", "_labor", "_equipment", "_subcontract", "_other")}
    cost |= {"cost_variance", "estimate_at_completion", "variance_at_completion", "to_complete_performance_index"}
    assert cost <= with_("cost_performance_index")
    assert with_("schedule_performance_index_time") == {
        "schedule_performance_index", "schedule_variance", "schedule_variance_rate",
        "schedule_performance_index_hours", "schedule_variance_hours",
        "schedule_performance_index_time", "schedule_variance_time", "buffer_consumption",
    }  # fmt: skip
    assert with_("cost_performance_index_hours") == {"cost_performance_index_hours", "cost_variance_hours"}
    assert with_("commitment_rate") == {"commitment_rate"}  # what is signed is not what was spent too much
    assert with_("cycle_time_days") == {"cycle_time_days", "cycle_time_days_p85"}
    assert with_("technical_debt_share") == {"technical_debt_share", "technical_debt_share_other"}
    alone = ("code_defect_rate", "open_critical_defects", "test_coverage", "branch_coverage", "unapproved_change_rate")
    assert [with_(key) for key in alone] == [{key} for key in alone]
    assert family("code_size", kpis) == "code_size"  # no KPI
