"""The glossary finds a KPI by any of its words, and says its levels as the catalogue has them."""

import pytest

from models.kpis.catalogue import catalogue
from ui.reference.glossary import found, levels_text


@pytest.fixture(scope="module")
def kpis(small_warehouse):
    return catalogue(small_warehouse)


def test_a_kpi_is_found_by_words_of_either_language(kpis):
    assert [kpi.kpi_key for kpi in found(kpis.values(), "漏测率")] == ["escaped_defect_rate"]
    assert "cost_performance_index" in [kpi.kpi_key for kpi in found(kpis.values(), "cpi")]
    assert found(kpis.values(), "no such word anywhere") == []
    assert len(found(kpis.values(), "")) == len(kpis)


def test_levels_are_those_of_the_catalogue(kpis):
    # KPIS.md: coverage < 85 % warning, < 80 % critical; code defect rate > 0.4 % and > 0.5 %; debt share 8 to 20 %.
    gap = "\u00a0"
    assert levels_text(kpis["test_coverage"], kpis) == f"▲ warning \\< 85{gap}% · ■ critical \\< 80{gap}%"
    assert levels_text(kpis["code_defect_rate"], kpis) == f"▲ warning \\> 0.4{gap}% · ■ critical \\> 0.5{gap}%"
    assert levels_text(kpis["technical_debt_share"], kpis) == f"▲ warning outside 8{gap}% to 20{gap}%"
    assert "cost performance index" in levels_text(kpis["cost_variance"], kpis)
