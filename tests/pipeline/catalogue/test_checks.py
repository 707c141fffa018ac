"""What is wrong with a catalogue is said by file, key, fault and next step."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue.__main__ import main
from pipeline.catalogue.checks import checked
from pipeline.catalogue.reading import CatalogueError

FAULTS = [
    # (file, as it stands, as it is written wrongly, what is said); LINE: the last one that was written
    (
        "quality.yml",
        "    denominator: effective_lines\n",
        "    dennominator: effective_lines\n",
        "quality.yml, kpis, code_defect_rate, dennominator: not a key of the catalogue. Did you mean denominator?",
    ),
    (
        "quality.yml",
        "      reason: 'The customer''s brief: at most 0.5 %.'\n",
        "      reasons: at most 0.5 %\n",
        "quality.yml, kpis, code_defect_rate, levels, reasons: not a key of the catalogue. Did you mean reason?",
    ),
    (
        "quality.yml",
        "    label: code defect rate\n",
        "",
        "quality.yml, kpis, code_defect_rate, label: left out. State it.",
    ),
    (
        "quality.yml",
        "    better: lower\n",
        "    better: smaller\n",
        "quality.yml, kpis, code_defect_rate, better: Input should be 'higher', 'lower', 'band' or 'none'; "
        "found 'smaller'. Put it right.",
    ),
    (
        "quality.yml",
        "measures: [confirmed_code_defects, effective_lines]",
        "measures: [confirmed_code_defect, effective_lines]",
        "quality.yml, code_defect_rate, measures: no measure confirmed_code_defect. Did you mean confirmed_code_defects?",
    ),
    (
        "quality.yml",
        "    numerator: confirmed_code_defects\n",
        "    numerator: confirmed_defects\n",
        "quality.yml, code_defect_rate, numerator: confirmed_defects is no measure of it. "
        "Did you mean confirmed_code_defects?",
    ),
    (
        "measures.yml",
        "    filter: is_confirmed_defect and is_code_caused\n",
        "    filter: is_confirmed_defect and is_codecaused\n",
        "measures.yml, confirmed_code_defects, filter: is_codecaused is no column of fct_issues. "
        "Did you mean is_code_caused?",
    ),
    (
        "measures.yml",
        "    fact: fct_issues\n",
        "    fact: fct_issue\n",
        "measures.yml, confirmed_code_defects, fact: no fact fct_issue. Did you mean fct_issues?",
    ),
    (
        "measures.yml",
        "words: [issues.issue_type,",
        "words: [issues.issuetype,",
        "measures.yml, confirmed_code_defects, words: no column issuetype of a feed issues. Did you mean issues.issue_type?",
    ),
    (
        "measures.yml",
        "{{ any_defect }}",
        "{{ any_defects }}",
        "measures.yml, '{{ any_defects }} and (is_code_caused or is_unknown_cause) a': no expression any_defects. "
        "Did you mean any_defect?",
    ),
    (
        "facts.yml",
        "    feed: issues\n",
        "    feed: issue\n",
        "facts.yml, fct_issues, feed: no feed issue. Did you mean issues?",
    ),
    (
        "facts.yml",
        "    row_key: issue_key\n",
        "    row_key: issuekey\n",
        "facts.yml, fct_issues, row_key: issuekey is no column of fct_issues. Did you mean issue_key?",
    ),
    (
        "cost.yml",
        "    status_from: cost_performance_index\n",
        "    status_from: cost_performance\n",
        "cost.yml, cost_variance, status_from: no KPI cost_performance. Did you mean cost_performance_index?",
    ),
    (
        "cost.yml",
        "    status_from: cost_performance_index\n",
        "    status_from: commitment_rate\n",
        "cost.yml, cost_variance, status_from: lacks commitments_in_cost, commitments_signed of commitment_rate. "
        "Add to measures.",
    ),
    (  # the measures of a KPI from which another takes its status
        "cost.yml",
        "measures: [earned_value, actual_cost, budget_at_completion, planned_value, elements_due]",
        "measures: [earned_values, actual_cost, budget_at_completion, planned_value, elements_due]",
        "cost.yml, cost_performance_index, measures: no measure earned_values. Did you mean earned_value?",
    ),
    (
        "schedule.yml",
        "    percentile: 0.85\n",
        "    percentile: 0.85\n    words_among: issues_seen\n",
        "schedule.yml, cycle_time_days_p85, measures: percentiles have the same terms. Give it those of cycle_time_days.",
    ),
    (
        "labor.yml",
        "    beside: technical_debt_share\n",
        "    beside: technical_debt_shares\n",
        "labor.yml, technical_debt_share_other, beside: no KPI technical_debt_shares. "
        "Did you mean technical_debt_share?",
    ),
    (
        "labor.yml",
        "      low_warning: 0.08\n",
        "",
        "labor.yml, technical_debt_share, levels: a band has low_warning, and nothing else has. State both, or neither.",
    ),
    (
        "schedule.yml",
        "    measures: [items_completed]\n",
        "    dated: schedule\n    measures: [items_completed]\n",
        "schedule.yml, throughput, dated: stands at a data date and counts what happened in a period: items_completed. "
        "Leave dated out.",
    ),
    (
        "schedule.yml",
        "    label: throughput\n",
        "    label: items done\n",
        "schedule.yml, kpi.label: 'items done' has no words in zh. "
        'Add them to its catalog of translations, under msgctxt "kpi.label".',
    ),
    (
        "schedule.yml",
        "  - name: throughput\n",
        "  - name: rollout_progress\n",
        "schedule.yml, rollout_progress: stated in schedule.yml already. Leave one of the two.",
    ),
    (
        "pages.yml",
        "  - page: cost/cost\n",
        "  - page: cost/costs\n",
        "pages.yml, cost/cost: not listed. Say what it reads.",
    ),
    (
        "labor.yml",
        "    unit: percent\n",
        "    unit: percent\n    unit: index\n",
        "labor.yml, line LINE: the key unit stands twice. Leave one of the two.",
    ),
    (
        "labor.yml",
        "    label: technical-debt repayment share\n",
        "    label: technical-debt: share\n",
        "labor.yml, line LINE: mapping values are not allowed in this context. Put quotes around text that holds ': ' or ' #'.",
    ),
]


@pytest.mark.parametrize(
    ("file", "stands", "wrong", "said"), FAULTS, ids=[said.partition(":")[0] for *_, said in FAULTS]
)
def test_a_fault_is_said(house: Path, file, stands, wrong, said):
    path = house / "dbt_project" / "catalogue" / file
    text = path.read_text(encoding="utf-8")
    assert stands in text
    line = text[: text.index(stands)].count("\n") + wrong.count("\n")
    path.write_text(text.replace(stands, wrong, 1), encoding="utf-8")
    try:
        with pytest.raises(CatalogueError) as raised:
            checked(house)
    finally:
        path.write_text(text, encoding="utf-8")
    assert said.replace("LINE", str(line)) in raised.value.findings


def test_a_file_of_another_name_is_not_read_silently(house: Path):
    path = house / "dbt_project" / "catalogue" / "risk.yml"
    path.write_text("kpis: []\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as raised:
        checked(house)
    path.unlink()
    assert raised.value.findings[0].startswith("risk.yml: not a file of the catalogue. Use one of facts.yml,")


def test_a_macro_that_says_nothing_of_itself_is_a_fault(house: Path, capsys):
    path = house / "dbt_project" / "macros" / "silent.sql"
    path.write_text("{% macro silent() %}1{% endmacro %}\n", encoding="utf-8")
    assert main(["check"], house) == 1
    path.unlink()
    assert capsys.readouterr().err.startswith("macros/silent.sql, silent: says nothing of itself.")
