"""What an unknown code may stand for: proposed with its reason, never decided. A person confirms, and that is an alias.

Three signs, the surest first: it is the same code written otherwise (P2025018 for P2025-018, 1.1 for 1.10 after Excel, the
number of a contract of that project), it opens with a known code, or the names are close.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

CLOSE_NAMES = (
    0.82  # "支付中心" and "支付平台" (0.5) are two modules; "payment service" and "payment-services" (0.97) are one
)
SHORTEST_PREFIX = 4  # three letters and fewer open half of all codes

# What names of one thing differ by: the word that says what kind of thing it is.
_KIND_WORDS = re.compile(r"(模块|子系统|系统|平台|项目|服务|module|service|system|subsystem|project)$")


class Why(StrEnum):
    """The sign that a proposal rests on."""

    SAME_CODE = "same_code"
    CONTRACT = "contract"
    LOST_ZERO = "lost_zero"
    PREFIX = "prefix"
    CLOSE_NAME = "close_name"


@dataclass(frozen=True)
class Candidate:
    """Something a code may stand for. `also`: other numbers of it, as those of a project's contracts."""

    code: str
    name: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    code: str
    why: Why


def proposal(kind: str, external_code: str, candidates: Iterable[Candidate]) -> Proposal | None:
    """The one candidate the surest sign points at; None where none does, or where it points at two.

    kind: project, person, module or wbs.
    """
    candidates = list(candidates)
    for sign, why in _SIGNS:
        found = {candidate.code for candidate in candidates if sign(kind, external_code, candidate)}
        if len(found) == 1:
            return Proposal(found.pop(), why)
        if found:
            return None
    return _closest(external_code, candidates)


def bare(text: str) -> str:
    """A code or name as it is compared: NFKC, lower case, without `(#12)`, mail domain, a spreadsheet's `.0`, punctuation."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    text = re.sub(r"\(#?\d+\)$", "", text)
    text = re.sub(r"^([^@\s]+)@[\w.-]+$", r"\1", text)
    text = re.sub(r"^(\d{4,})\.0$", r"\1", text)
    return re.sub(r"[\s\-_./\\·:()\[\]【】]+", "", text)


def _same_code(_kind: str, external_code: str, candidate: Candidate) -> bool:
    said = bare(external_code)
    if not said:
        return False
    plain = _KIND_WORDS.sub("", said)
    return said in (bare(candidate.code), bare(candidate.name)) or (
        len(plain) > 1
        and plain in (_KIND_WORDS.sub("", bare(candidate.code)), _KIND_WORDS.sub("", bare(candidate.name)))
    )


def _contract(_kind: str, external_code: str, candidate: Candidate) -> bool:
    said = bare(external_code)
    return any(len(bare(number)) >= SHORTEST_PREFIX and bare(number) in said for number in candidate.also)


def _lost_zero(kind: str, external_code: str, candidate: Candidate) -> bool:
    """Excel makes 1.1 of the WBS code 1.10, and 1.2 of 01.02."""
    if kind != "wbs":
        return False
    said, known = external_code.strip(), candidate.code.strip()
    without_leading = ".".join(part.lstrip("0") or "0" for part in known.split("."))
    return "." in said and known != said and (known == said + "0" or without_leading == said)


def _prefix(_kind: str, external_code: str, candidate: Candidate) -> bool:
    said, known = bare(external_code), bare(candidate.code)
    shorter = min(len(said), len(known))
    return shorter >= SHORTEST_PREFIX and any(part.isdigit() for part in known) and said.startswith(known)


_SIGNS = ((_same_code, Why.SAME_CODE), (_contract, Why.CONTRACT), (_lost_zero, Why.LOST_ZERO), (_prefix, Why.PREFIX))


def _closest(external_code: str, candidates: list[Candidate]) -> Proposal | None:
    said = bare(external_code)
    scored = []
    for candidate in candidates:
        likeness = max(
            difflib.SequenceMatcher(None, said, bare(name)).ratio() for name in (candidate.code, candidate.name)
        )
        scored.append((likeness, candidate.code))
    scored.sort(reverse=True)
    if not scored or scored[0][0] < CLOSE_NAMES:
        return None
    if len(scored) > 1 and scored[1][0] == scored[0][0] and scored[1][1] != scored[0][1]:
        return None
    return Proposal(scored[0][1], Why.CLOSE_NAME)
