"""A URL is what a stranger typed: what the build does not know is ignored, and nothing in it is more than data."""

from __future__ import annotations

import polars as pl
import pytest

from ui.shell import filters

KNOWN = {"customer": ["甲方", "乙方"], "project": ["YB", "ERP", "CRM"], "kpi": ["test_coverage"]}


def test_known_values_are_taken_over():
    url = {
        "lang": ["zh"],
        "customer": ["甲方"],
        "project": ["ERP", "YB", "ERP"],
        "period": ["week"],
        "at": ["2026-11-22"],
        "kpi": ["test_coverage"],
        "of": ["YB"],
        "module": ["支付"],
    }
    assert filters.state_of_url(url, KNOWN) == {
        "language": "zh",
        "filter_customers": ["甲方"],
        "filter_projects": ["ERP", "YB"],
        "filter_period_kind": "week",
        "filter_period_end": "2026-11-22",
        "subject_kpi": "test_coverage",
        "subject_project": "YB",
        "subject_row": "",
        "filter_module": "支付",
    }


@pytest.mark.parametrize(
    "garbage",
    ["'; drop table kpi_values; --", "' or 1=1 --", "<script>alert(1)</script>", "../../x", "\x00", "", "💥" * 200],
)
@pytest.mark.parametrize("parameter", ["lang", "customer", "project", "period", "at", "kpi", "of"])
def test_garbage_asks_for_nothing(parameter, garbage):
    assert filters.state_of_url({parameter: [garbage]}, KNOWN) == {}


def test_one_bad_project_does_not_hide_the_good_one():
    assert filters.state_of_url({"project": ["nope", "CRM"]}, KNOWN) == {"filter_projects": ["CRM"]}


def test_a_link_to_a_kpi_of_no_project_is_about_the_whole_selection():
    # an earlier subject of the session must not stay under a link that names none
    assert filters.state_of_url({"kpi": ["test_coverage"]}, KNOWN)["subject_project"] == ""


def test_a_row_is_of_a_project_and_chooses_its_kpi_later():
    row = filters.state_of_url({"row": ["YB-7"], "of": ["YB"]}, KNOWN)
    assert row == {"subject_row": "YB-7", "subject_project": "YB", "subject_kpi": ""}
    named = filters.state_of_url({"row": ["YB-7"], "of": ["YB"], "kpi": ["test_coverage"]}, KNOWN)
    assert named["subject_kpi"] == "test_coverage"
    assert filters.state_of_url({"of": ["YB"]}, KNOWN)["subject_row"] == ""  # the link that leads back to all rows


def test_projects_follow_the_customers_chosen():
    frame = pl.DataFrame(
        {"project_key": ["YB", "ERP"], "project_name": ["医保", "ERP 迁移"], "customer": ["甲方", "乙方"]}
    )
    assert filters.project_choices(frame, ["乙方"]) == {"ERP": "ERP 迁移"}
    assert list(filters.project_choices(frame, [])) == ["YB", "ERP"]
