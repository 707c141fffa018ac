"""The closed lists in words: states, flags, sections, phases, feeds."""

from __future__ import annotations

from models.vocabulary import BatchStatus, FileStatus, Flag, KpiStatus, Phase, Section
from models.words.catalog import msgid, sentence

STATUS_SIGNS: dict[str, str] = {
    KpiStatus.OK: "●",
    KpiStatus.WARNING: "▲",
    KpiStatus.CRITICAL: "■",
    KpiStatus.NO_DATA: "○",
    KpiStatus.NOT_APPLICABLE: "–",
    KpiStatus.UNRATED: "·",
    KpiStatus.TOO_EARLY: "◌",
}
_STATUS_WORDS: dict[str, str] = {
    KpiStatus.OK: msgid("ok"),
    KpiStatus.WARNING: msgid("warning"),
    KpiStatus.CRITICAL: msgid("critical"),
    KpiStatus.NO_DATA: msgid("no data"),
    KpiStatus.NOT_APPLICABLE: msgid("not applicable"),
    KpiStatus.UNRATED: msgid("not rated"),
    KpiStatus.TOO_EARLY: msgid("not yet measurable"),
}
_FLAG_WORDS: dict[str, str] = {
    Flag.INCOMPLETE: msgid("period still running"),
    Flag.PROVISIONAL: msgid("provisional"),
    Flag.ESTIMATED: msgid("estimated to the data date"),
    Flag.PRESUMED_CLOSED: msgid("presumed closed"),
    Flag.STALE: msgid("stale"),
    Flag.RESTATED: msgid("restated"),
    Flag.BETTER_BY_LOSS: msgid("better by rows gone or smaller"),
}
_FILE_STATUS_WORDS: dict[str, str] = {
    FileStatus.LANDED: msgid("landed"),
    FileStatus.UNCHANGED: msgid("unchanged"),
    FileStatus.HELD: msgid("held"),
    FileStatus.REFUSED: msgid("refused"),
    BatchStatus.UNDONE: msgid("undone"),
}
_SECTION_WORDS: dict[str, str] = {
    Section.QUALITY: msgid("Quality"),
    Section.COST: msgid("Cost centre"),
    Section.SCHEDULE: msgid("Schedule centre"),
    Section.LABOR: msgid("Labor centre"),
    Section.SCOPE: msgid("Changes"),
    Section.ROLLOUT: msgid("Roll-out"),
}
_PHASE_WORDS: dict[str, str] = {
    Phase.INITIATION: msgid("initiation"),
    Phase.REQUIREMENTS_DESIGN: msgid("requirements and design"),
    Phase.PROCUREMENT: msgid("procurement and arrival"),
    Phase.DEVELOPMENT: msgid("development and integration"),
    Phase.TESTING: msgid("test and joint test"),
    Phase.PRELIMINARY_ACCEPTANCE: msgid("preliminary acceptance"),
    Phase.TRIAL_RUN: msgid("trial run"),
    Phase.FINAL_ACCEPTANCE: msgid("final acceptance"),
    Phase.WARRANTY: msgid("warranty and closing"),
}
FEED_WORDS: dict[str, str] = {
    "issues": msgid("issues"),
    "issue_changes": msgid("issue changes"),
    "worklogs": msgid("timesheets"),
    "ledger": msgid("ledger"),
    "account_balances": msgid("account balances"),
    "attendance": msgid("attendance"),
    "costs": msgid("costs"),
    "budget": msgid("budget"),
    "schedule": msgid("schedule"),
    "coverage": msgid("coverage reports"),
    "code_size": msgid("code size"),
    "test_results": msgid("test results"),
    "contracts": msgid("contracts"),
    "payment_terms": msgid("payment terms"),
    "change_requests": msgid("change requests"),
    "risks": msgid("risks"),
    "sites": msgid("sites"),
    "projects": msgid("projects"),
    "project_aliases": msgid("project aliases"),
    "people": msgid("people"),
    "leaves": msgid("leave"),
    "calendars": msgid("working calendars"),
    "rates": msgid("labor rates"),
    "fx_rates": msgid("exchange rates"),
    "account_mapping": msgid("account mapping"),
}


def status_word(status: str, language: str) -> str:
    return sentence(_STATUS_WORDS.get(status, status), None, language)


_EDGE_WORDS: dict[str, str] = {
    "not_achievable": msgid("not achievable"),
    "work_done": msgid("work done"),
    "rate_missing": msgid("rate missing"),
}


def edge_word(reason: str | None, language: str) -> str:
    """The word or two for a value that no number can be: the budget is spent, the work is done. Empty for all others."""
    kind = (reason or "").partition(":")[0]
    return sentence(_EDGE_WORDS[kind], None, language) if kind in _EDGE_WORDS else ""


def flag_word(flag: str, language: str) -> str:
    return sentence(_FLAG_WORDS.get(flag, flag), None, language)


def file_status_word(status: str, language: str) -> str:
    """Of a file at ingest or of a batch: landed, unchanged, held, refused, undone."""
    return sentence(_FILE_STATUS_WORDS.get(status, status), None, language)


def section_word(section: str, language: str) -> str:
    return sentence(_SECTION_WORDS.get(section, section), None, language)


def phase_word(phase: str, language: str) -> str:
    return sentence(_PHASE_WORDS.get(phase, phase), None, language)


def feed_word(feed: str, language: str) -> str:
    return sentence(FEED_WORDS.get(feed, feed), None, language)
