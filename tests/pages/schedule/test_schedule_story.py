"""What the sample's stories say on the schedule pages, to somebody who does not know them, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def words(sample_data_dir, monkeypatch):
    """words(page, language, project): what the page says in text."""

    def run(page: str, language: str, project: str) -> str:
        monkeypatch.setenv("PLIMSOLL_DATA", str(sample_data_dir.root))
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        app.query_params["project"] = project
        app.run()
        app.switch_page(f"pages/schedule/{page}.py").run()
        assert not app.exception and not app.error
        return "\n".join(str(element.value) for element in (*app.markdown, *app.caption, *app.info))

    return run


def test_the_buffer_of_the_traffic_project_burns_faster_than_its_chain(words):
    told = words("schedule", "en", "P2025-004")
    assert "critical: the buffer burns faster than the chain: 68.0\u00a0% of it is used" in told
    assert "47 of 148 working days are left" in told  # 148 × 0.32
    assert "The delay so far began at: 设备采购到货 1 +43 days" in told
    assert "Third parties (devices, other systems) caused 9 defects" in told
    told = words("schedule", "zh", "P2025-004")
    assert "超限：缓冲消耗快于关键链" in told and "设备采购到货 1 +43 天" in told


def test_the_pace_and_the_milestones_say_when_it_ends(words):
    told = words("pace", "en", "P2025-004")
    assert "68.0\u00a0% of the buffer is used" in told
    assert "at this pace the work ends on" in told and "contract finish: 30 Sep 2028" in told
    assert "预计完工" in words("pace", "zh", "P2025-004")
    # the buffer is eaten by 68 % of 148 = 101 working days, which are 143 days after the 31 March 2028 planned
    told = words("milestones", "en", "P2025-004")
    assert "4 of 4 milestones later than the baseline; the worst, 终验, by 143 days" in told


def test_the_erp_migration_is_late_against_its_contract(words):
    told = words("schedule", "en", "P2025-007")
    # the planner's date is 29 April 2027, 29 days after 31 March, the contract's finish; but the last tests cannot end before
    # the terminals are accepted on 8 January, two weeks after the 25 December he gives them
    assert "29 days after the contract (31 Mar 2027)" in told
    assert "the work cannot end before 17 May 2027" in told
    assert "产线终端与网络 采购到货 +20 days" in told  # 43 late, 23 of them handed on by the servers


def test_a_project_without_a_buffer_is_told_so(words):
    assert "holds no buffer task" in words("pace", "en", "P2025-007")


def test_the_what_if_opens_on_the_critical_path(words):
    assert "Nothing is stored" in words("what_if", "en", "P2025-004")
