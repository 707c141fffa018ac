"""Looking for a thing by a piece of its name, in the sample portfolio.

Its files (data/sample): P2025-008 has three contracts, HT-P2025-008-S01, -S02 and -P01, two of them with 某零售集团; the
issue AIS-5 is the fifth of jira-AIS.json, of P2025-006.
"""

import pytest

from models.builds.selection import Selection
from models.evidence import finding
from models.evidence.rows import evidence, evidence_of_row


def test_contracts_by_key_and_by_name(small_warehouse):
    found = finding.found(small_warehouse, "ht-p2025-008-")
    assert set(found.filter(kind="contract")["key"]) == {"HT-P2025-008-S01", "HT-P2025-008-S02", "HT-P2025-008-P01"}
    of_customer = finding.found(small_warehouse, "某零售集团").filter(kind="contract")
    assert set(of_customer["key"]) == {"HT-P2025-008-S01", "HT-P2025-008-S02"}
    assert set(of_customer["project_key"]) == {"P2025-008"}


def test_the_exact_key_comes_first_and_a_few_of_each_kind(small_warehouse):
    found = finding.found(small_warehouse, " ais-5 ")
    assert found.row(0) == ("issue", "AIS-5", found["label"][0], "P2025-006")
    assert all(key.startswith("AIS-5") for key in found.filter(kind="issue")["key"])
    assert (
        found.group_by("kind").len()["len"].max() == finding.OF_EACH_KIND
    )  # AIS-5 and more than five of AIS-50 to AIS-59


def test_a_file_is_found_by_its_name(small_warehouse):
    # one JSON of Jira is two batches: the issues, and the changes of their states
    found = finding.found(small_warehouse, "JIRA-ais").filter(kind="file")
    assert found["label"].to_list() == ["jira-AIS.json"] * 2
    batches = small_warehouse.query("select batch_id from dim_batches where file_name = 'jira-AIS.json'")
    assert set(found["key"]) == set(batches["batch_id"])


@pytest.mark.parametrize("text", ["", "a", "%%", "__", "'; drop table fct_issues; --", "no such thing"])
def test_text_is_no_pattern_and_no_sql(small_warehouse, text):
    assert finding.found(small_warehouse, text).is_empty()


def test_where_an_issue_stands_and_what_counts_it(small_warehouse):
    standing = finding.standing_of(small_warehouse, "AIS-5", "P2025-006")
    assert standing.select("kind", "key", "file_name", "source_row").rows() == [("issue", "AIS-5", "jira-AIS.json", 5)]
    assert finding.standing_of(small_warehouse, "AIS-5", "P2025-001").is_empty()
    counting = finding.kpis_that_count(small_warehouse, "AIS-5", "P2025-006")
    assert "throughput" in counting and "cost_performance_index" not in counting
    assert finding.kpis_that_count(small_warehouse, "AIS-5", "P2025-001") == []


def test_rows_of_a_voucher_are_among_those_of_the_number(small_warehouse):
    selection = Selection(projects=("P2025-008",))
    kpi_key = finding.kpis_that_count(small_warehouse, "记-0012", "P2025-008")[0]
    own = evidence_of_row(small_warehouse, kpi_key, selection, "记-0012")
    all_rows = evidence(small_warehouse, kpi_key, selection, 100_000)
    assert 0 < own.height < all_rows.height
    assert own.equals(all_rows.filter(row_key="记-0012"))
