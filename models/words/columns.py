"""The canonical columns of the feeds, in words: their names with blanks, but for those that people call otherwise."""

from __future__ import annotations

from models.feeds import FEEDS
from models.words.catalog import msgid, sentence

_OTHERWISE = {
    "wbs_code": msgid("WBS code"),
    "present_hours": msgid("hours present"),
    "due_on": msgid("due date"),
    "booked_on": msgid("booking date"),
    "per": msgid("per units"),
    "rate": msgid("exchange rate"),
    "source": msgid("source of the rate"),
    "wbs_name": msgid("WBS name"),
    "status_on": msgid("data date"),
    "is_buffer": msgid("is a buffer"),
    "constraint_on": msgid("constraint date"),
    "deadline_on": msgid("deadline"),
    "calendar_date": msgid("day"),
    "is_working_day": msgid("is a working day"),
    "measured_on": msgid("date measured"),
    "signed_on": msgid("date signed"),
    "amount_incl_tax": msgid("amount including tax"),
    "amount_excl_tax": msgid("amount excluding tax"),
    "planned_on": msgid("date planned"),
    "condition_met_on": msgid("date condition met"),
    "invoiced_on": msgid("date invoiced"),
    "received_on": msgid("date received"),
    "cash_on": msgid("date of cash"),
    "raised_on": msgid("date raised"),
    "decided_on": msgid("date decided"),
    "started_on": msgid("date started"),
    "customer_signed_on": msgid("date signed by the customer"),
    "supervisor_signed_on": msgid("date signed by the supervisor"),
    "review_on": msgid("date of review"),
    "closed_on": msgid("date closed"),
    "planned_live_on": msgid("planned go-live"),
    "actual_live_on": msgid("actual go-live"),
    "accepted_on": msgid("date accepted"),
    "start_on": msgid("start date"),
    "freeze_on": msgid("freeze date"),
    "contract_finish_on": msgid("contract finish date"),
    "actual_finish_on": msgid("actual finish date"),
    "leave_on": msgid("date of leave"),
}
# parts of a column that several columns of the file make together
_PARTS = (
    msgid("start"),
    msgid("end"),
    msgid("break"),
    msgid("first name"),
    msgid("last name"),
    msgid("month"),
    msgid("where empty"),
)
COLUMN_WORDS = {column.name: column.name.replace("_", " ") for feed in FEEDS.values() for column in feed.columns}
COLUMN_WORDS |= _OTHERWISE | {part: part for part in _PARTS}


def column_word(column: str, language: str) -> str:
    """What a canonical column holds; its own name if it is none of ours."""
    words = [sentence(COLUMN_WORDS.get(part, part), None, language) for part in column.split(" / ")]
    return " / ".join(words)
