"""The canonical words of the exports' columns, as they are read on screen: states, types, severities, causes, categories."""

from __future__ import annotations

from models.words.terms import phase_word
from ui.shell.wording import msgid, translate

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
    # what a milestone stands for; "trial_run" and "final_acceptance" are phases too
    "arrival": msgid("arrival"),
    "installation": msgid("installation"),
    "first_acceptance": msgid("first acceptance"),
    "go_live": msgid("go-live"),
    "cut_over": msgid("cut-over"),
    "roll_out_complete": msgid("roll-out complete"),
    "contract_signed": msgid("contract signed"),
    "kick_off": msgid("kick-off"),
    "milestone": msgid("milestone"),
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


# How schedules spell the types of milestones.
_MILESTONES: dict[str, str] = {
    "arrival": "到货 到货验收 设备到货 到货签收 到货里程碑 arrived delivery delivered goods_arrival equipment_arrival",
    "installation": "安装 安装调试 安装完成 设备安装 安装验收 安装里程碑 install installed installation_and_commissioning",
    "first_acceptance": "初验 初步验收 初验通过 初验里程碑 preliminary_acceptance initial_acceptance acceptance_test",
    "trial_run": "试运行 试运行开始 试运行里程碑 trial_operation pilot_run",
    "final_acceptance": "终验 最终验收 终验通过 竣工验收 终验里程碑",
    "go_live": "上线 系统上线 正式上线 上线里程碑 live golive",
    "cut_over": "割接 系统割接 割接上线 cutover",
    "roll_out_complete": "推广完成 推广结束 rollout_complete rollout_completed roll_out_completed",
    "contract_signed": "合同签订 合同签署 签约 contract_signature",
    "kick_off": "启动 项目启动 启动会 kickoff project_start",
    "milestone": "里程碑",
}


def milestone_word(written: str, language: str) -> str:
    """A type of milestone as it is read on screen, however the schedule spells it; an unknown one as it is written."""
    canonical = _CANONICAL.get(_flat(written))
    return meaning_word(canonical, language) if canonical else written


def _flat(written: str) -> str:
    return "_".join(written.strip().lower().replace("-", " ").replace("_", " ").split())


_CANONICAL = {
    _flat(spelling): canonical
    for canonical, spellings in _MILESTONES.items()
    for spelling in (canonical, *spellings.split())
}
