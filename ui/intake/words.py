"""What ingest reports of a file, in the words of the upload page: tools, separators, dates, units, totals, steps."""

from __future__ import annotations

from models.feeds import FEEDS, Kind
from models.intake import ColumnUnit, HeldRow, LoadReport, Reason
from models.vocabulary import FileStatus
from ui.shell.numbers import count_text, date_text
from ui.shell.tools import system_name
from ui.shell.wording import _, column_word, feed_word, language, listed, msgid, spoken, translate

DELIMITER_WORDS = {
    ",": msgid("comma"),
    ";": msgid("semicolon"),
    "\t": msgid("tab"),
    "|": msgid("vertical bar"),
}
# Names of formats, which no tool has to itself; what tools are called stands in their dialects.
_DATE_LETTERS = {
    "%Y": "yyyy",
    "%y": "yy",
    "%m": "MM",
    "%d": "dd",
    "%H": "HH",
    "%I": "hh",
    "%M": "mm",
    "%S": "ss",
    "%f": "SSSSSS",
    "%p": "AM/PM",
    "%b": "MMM",
    "%B": "MMMM",
    "%z": "Z",
    "%T": "HH:mm:ss",
    "%F": "yyyy-MM-dd",
}
STATUS_SIGNS = {
    FileStatus.LANDED: "●",
    FileStatus.UNCHANGED: "–",
    FileStatus.HELD: "▲",
    FileStatus.REFUSED: "■",
}
_UNIT_WORDS = {
    "hours": msgid("in hours"),
    "minutes": msgid("in minutes"),
    "seconds": msgid("in seconds"),
    "milliseconds": msgid("in milliseconds"),
    "days": msgid("in person-days"),
    "person_months": msgid("in person-months"),
    "ten_thousand": msgid("in units of ten thousand"),
    "percent": msgid("in percent"),
    "share": msgid("as shares: 1 is all of it"),
    "single": msgid("in single units"),
    "thousand": msgid("in thousands"),
    "million": msgid("in millions"),
    "ten_million": msgid("in tens of millions"),
    "hundred_million": msgid("in hundreds of millions"),
    "duration": msgid("as durations like 1h 30m or 1:30"),
}
_UNIT_SOURCES = {
    "header": msgid("says the column's name"),
    "tool": msgid("as the tool writes it"),
    "values": msgid("say the values of the whole column"),
    "said": msgid("as somebody said"),
}
_MEASURE_WORDS = {
    "rows": msgid("rows"),
    "open": msgid("open issues"),
    "closed": msgid("closed issues"),
    "state_unknown": msgid("issues of unknown state"),
    "issues": msgid("issues"),
    "people": msgid("people"),
    "finished": msgid("finished tasks"),
    "passed": msgid("passed tests"),
    "failed": msgid("failed tests"),
    "accepted": msgid("accepted sites"),
}
_RULE_WORDS = {
    "preamble": msgid("above the header"),
    "second_header": msgid("second header row"),
    "second_table": msgid("second table"),
    "repeated_header": msgid("header repeated"),
    "empty_row": msgid("empty row"),
    "total_row": msgid("total"),
    "ledger_total": msgid("total or carried balance of the ledger"),
    "account_line": msgid("line naming an account"),
    "footer": msgid("footer"),
    "not_an_issue": msgid("no issue"),
    "module_without_lines": msgid("module without lines"),
    "summary_task": msgid("summary task"),
    "inactive_task": msgid("inactive task"),
    "external_task": msgid("task of another project"),
    "deleted_row": msgid("row marked for deletion"),
    "ragged_row": msgid("row with more cells than columns"),
    "day_off": msgid("day off"),
    "refused": msgid("refused or withdrawn"),
    "roll_up": msgid("sum of other rows"),
}
STEP_WORDS = {
    "open": msgid("opening"),
    "formats": msgid("looking at every date and number"),
    "check": msgid("checking the rows"),
    "compare": msgid("comparing with what is loaded"),
    "land": msgid("landing"),
}
# Where the bar of one file stands when a step begins, and how much of it the step takes (as a CSV of 300 MB took).
STEP_SHARES = {
    "open": (0.0, 0.15),
    "formats": (0.15, 0.25),
    "check": (0.4, 0.5),
    "compare": (0.9, 0.05),
    "land": (0.95, 0.05),
}


def plain_date_format(date_format: str) -> str:
    """'%d/%m/%y %H:%M' as people write it: 'dd/MM/yy HH:mm'."""
    for code, letters in _DATE_LETTERS.items():
        date_format = date_format.replace(code, letters)
    return date_format


def encoding_name(encoding: str) -> str:
    """'utf-8-sig' → 'UTF-8 (BOM)'."""
    return "UTF-8 (BOM)" if encoding.lower() in ("utf-8-sig", "utf_8_sig") else encoding.upper().replace("_", "-")


def reason_words(reason: Reason | HeldRow) -> str:
    """What ingest says of a file, or of a row that it holds back."""
    return translate(reason.template, reason.details, language())


def what_it_is(entry: LoadReport) -> list[str]:
    """The file in a few words: issues · exported by a tool · UTF-8 · separated by comma · sheet 明细账."""
    parts = []
    if entry.feed:
        parts.append(feed_word(entry.feed))
    if entry.system and entry.system != "generic":
        parts.append(_("exported by {system}", system=system_name(entry.system)))
    if entry.sheet:
        parts.append(_("sheet {sheet}", sheet=entry.sheet))
    if entry.encoding:
        parts.append(encoding_name(entry.encoding))
    if entry.delimiter:
        delimiter = spoken(DELIMITER_WORDS.get(entry.delimiter, entry.delimiter))
        parts.append(_("separated by {delimiter}", delimiter=delimiter))
    if entry.batch_id:
        parts.append(_("batch {batch_id}", batch_id=entry.batch_id))
    return parts


def how_it_was_read(entry: LoadReport) -> list[tuple[str, str]]:
    """(what, how) of everything that was settled for the file, guesses marked as such."""
    facts = []
    sure = entry.encoding_confidence
    if entry.encoding and sure is not None and sure < 1:
        guessed = _("{encoding}, guessed: {percent} % sure", encoding=entry.encoding, percent=round(sure * 100))
        facts.append((_("Encoding"), guessed))
    if entry.date_format:
        facts.append((_("Dates"), _dates(entry)))
    feed = FEEDS.get(entry.feed or "")
    read = set(entry.columns_mapped.values())
    has_times = feed and any(column.kind is Kind.INSTANT and column.name in read for column in feed.columns)
    if entry.time_zone and has_times:
        facts.append((_("Times without a zone"), entry.time_zone))
    for column, unit in entry.units.items():
        facts.append((column_word(column), unit_words(unit)))
    if entry.covers and entry.covers.first:
        first, last = date_text(entry.covers.first), date_text(entry.covers.last)
        facts.append((_("Covers"), _("{first} to {last}", first=first, last=last)))
    if entry.projects:
        facts.append((_("Projects"), listed(entry.projects[:8]) + (" …" if len(entry.projects) > 8 else "")))
    return facts


def _dates(entry: LoadReport) -> str:
    written = plain_date_format(entry.date_format or "")
    example = entry.date_example
    if not example:
        return written
    read = date_text(example.read)
    return _("{date_format}, so {text} is {day}", date_format=written, text=example.text, day=read)


def unit_words(unit: ColumnUnit) -> str:
    """'in seconds, as the tool writes it'."""
    words, source = unit_name(unit.unit), _UNIT_SOURCES.get(unit.source)
    return _("{unit}, {source}", unit=words, source=spoken(source)) if source else words


def rule_word(rule: str) -> str:
    """Why a row is no data, by the rule's name."""
    return spoken(_RULE_WORDS.get(rule, rule.replace("_", " ")))


def unit_name(unit: str) -> str:
    """'in minutes': what a column counts in."""
    return spoken(_UNIT_WORDS.get(unit, unit))


def measure_word(measure: str) -> str:
    """What a total counts: a word of its own, else that of the column it sums; of a foreign currency with its code."""
    measure, _space, currency = measure.partition(" ")
    if currency:
        return f"{measure_word(measure)} {currency}"
    return spoken(_MEASURE_WORDS[measure]) if measure in _MEASURE_WORDS else column_word(measure)


def step_text(name: str, step: str, done: int, expected: int | None) -> str:
    """'issues.csv: checking the rows (200,000 of 1,000,000)'."""
    text = f"{name}: {spoken(STEP_WORDS.get(step, step))}"
    if done and expected:
        return text + " " + _("({done} of {expected})", done=count_text(done), expected=count_text(expected))
    return text


def share_done(step: str, done: int, expected: int | None) -> float:
    """How far the bar of one file stands, 0..1."""
    begins, takes = STEP_SHARES.get(step, (0.0, 0.0))
    return round(min(begins + takes * (min(done / expected, 1.0) if expected else 0.0), 1.0), 4)
