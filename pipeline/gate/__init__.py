"""The release gate as it is asked, answered and recorded. Light to import: pages call these functions."""

from pipeline.gate.answers import gate_signatures, gate_waivers, sign, waive, withdraw_signature, withdraw_waiver
from pipeline.gate.asking import NOTHING_PUBLISHED, ask, gate_verdicts, local_day, nothing_published, record, releases
from pipeline.gate.conditions import gate_edits, set_condition

__all__ = [
    "NOTHING_PUBLISHED",
    "ask",
    "gate_edits",
    "gate_signatures",
    "gate_verdicts",
    "gate_waivers",
    "local_day",
    "nothing_published",
    "record",
    "releases",
    "set_condition",
    "sign",
    "waive",
    "withdraw_signature",
    "withdraw_waiver",
]
