"""The canonical words of the exports' columns, as they are read on screen: states, types, severities, causes, categories."""

from __future__ import annotations

from ui.wording import msgid, phase_word, translate

_WORDS: dict[str, str] = {
    # states of an issue
    "to_do": msgid("to do"),
    "in_progress": msgid("in progress"),
    "done": msgid("done"),
    "cancelled": msgid("cancelled"),
    # types of an issue
    "defect": msgid("defect"),
    "requirement": msgid("requirement"),
    "story": msgid("story"),
    "task": msgid("task"),
    "change_request": msgid("change request"),
    "risk": msgid("risk"),
    "epic": msgid("epic"),
    "sub_task": msgid("sub-task"),
    # resolutions
    "fixed": msgid("fixed"),
    "wont_fix": msgid("will not be fixed"),
    "deferred": msgid("deferred"),
    "duplicate": msgid("duplicate"),
    "as_designed": msgid("as designed"),
    "cannot_reproduce": msgid("cannot be reproduced"),
    "third_party": msgid("third party"),
    "to_requirement": msgid("turned into a requirement"),
    # severities
    "fatal": msgid("fatal"),
    "serious": msgid("serious"),
    "normal": msgid("normal"),
    "minor": msgid("minor"),
    "suggestion": msgid("suggestion"),
    # priorities
    "highest": msgid("highest"),
    "high": msgid("high"),
    "medium": msgid("medium"),
    "low": msgid("low"),
    "lowest": msgid("lowest"),
    # causes
    "code": msgid("code"),
    "configuration": msgid("configuration"),
    "design": msgid("design"),
    "deployment": msgid("deployment"),
    "interface": msgid("interface"),
    "security": msgid("security"),
    "performance": msgid("performance"),
    "standard": msgid("standards"),
    "script": msgid("test script"),
    "other": msgid("other"),
    # where a defect was found
    "unit_test": msgid("unit test"),
    "sit": msgid("SIT"),
    "uat": msgid("UAT"),
    "production": msgid("production"),
    # activities
    "development": msgid("development"),
    "test": msgid("test"),
    "technical_debt": msgid("technical debt"),
    "upkeep": msgid("upkeep"),
    "requirements": msgid("requirements"),
    "project_management": msgid("project management"),
    "training": msgid("training"),
    "meeting": msgid("meetings"),
    "leave": msgid("leave"),
    # labor types
    "own": msgid("own staff"),
    "outsourced_month": msgid("outsourced staff by month"),
    "day_labor": msgid("day labor"),
    # cost categories and kinds
    "labor": msgid("labor"),
    "equipment": msgid("equipment bought"),
    "software": msgid("software bought"),
    "subcontract": msgid("subcontract"),
    "travel": msgid("travel"),
    "other_direct": msgid("other direct costs"),
    "indirect": msgid("indirect costs"),
    "excluded": msgid("not counted"),
    "actual": msgid("actual cost"),
    "accrual": msgid("accrual"),
    "commitment": msgid("commitment"),
    "drawn": msgid("commitment used"),
    "carry_over": msgid("carry-over"),
    # outcomes of a test
    "passed": msgid("passed"),
    "failed": msgid("failed"),
    "error": msgid("error"),
    "skipped": msgid("skipped"),
    "blocked": msgid("blocked"),
    "not_run": msgid("not run"),
    # rules of earned value
    "0/100": msgid("0/100"),
    "50/50": msgid("50/50"),
    "weighted_milestones": msgid("weighted milestones"),
    "physical": msgid("physical progress"),
    "issues_done": msgid("issues done"),
    "60/30/10": msgid("60/30/10 (arrival, installation, first acceptance)"),
    "effort": msgid("hours used"),
    # constraints of a task
    "as_soon_as_possible": msgid("as soon as possible"),
    "as_late_as_possible": msgid("as late as possible"),
    "start_no_earlier_than": msgid("start no earlier than"),
    "start_no_later_than": msgid("start no later than"),
    "finish_no_earlier_than": msgid("finish no earlier than"),
    "finish_no_later_than": msgid("finish no later than"),
    "must_start_on": msgid("must start on"),
    "must_finish_on": msgid("must finish on"),
    # decisions, risks, contracts
    "approved": msgid("approved"),
    "rejected": msgid("rejected"),
    "pending": msgid("pending"),
    "open": msgid("open"),
    "closed": msgid("closed"),
    "occurred": msgid("occurred"),
    "threat": msgid("threat"),
    "opportunity": msgid("opportunity"),
    "sales": msgid("sales"),
    "purchase": msgid("purchase"),
    # delivery profiles and methods
    "integration": msgid("integration"),
    "roll_out": msgid("roll-out"),
    "waterfall": msgid("waterfall"),
    "scrum": msgid("Scrum"),
    "hybrid": msgid("hybrid"),
}


# Columns that hold canonical words and no free text, where they are shown as they were read.
WORDED = frozenset(
    """
    issue_type status_category resolution priority severity defect_cause found_in_phase activity labor_type overtime_kind
    category kind phase outcome direction decision delivery_profile method
    earned_value_rule constraint_type
    """.split()  # noqa: SIM905
)


# What the warehouse itself writes as the text of a cost line that no file holds.
_DERIVED = {"accrued at arrival": msgid("accrued at arrival"), "in cost by now": msgid("in cost by now")}


def derived_words(language: str) -> dict[str, str]:
    """{text of a derived cost line: the same as it is read on screen}."""
    return {text: translate(_DERIVED[text], None, language) for text in _DERIVED}


def meaning_word(canonical: str, language: str) -> str:
    """A canonical word as it is read on screen; phases of a project included, unknown words as they are."""
    return translate(_WORDS[canonical], None, language) if canonical in _WORDS else phase_word(canonical, language)
