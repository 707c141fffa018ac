"""The headers of links between issues: `Outward issue link (Blocks)`, in ten languages, and columns that name the original of a
duplicate."""

from __future__ import annotations

import re
import unicodedata

from pipeline.ingest.dialects.names import custom_field

# The languages agree in the brackets, a word for link and one for the direction, whatever stands between them.
_LINK = re.compile(r"^([^()]*(?:\([^()]*\)[^()]*)?)\(([^()]+)\)$")
_GAPS = re.compile(r"[\s_-]+")
_LINK_WORDS = (
    "link", "链接", "關聯", "关联", "連結", "enlace", "vínculo",
    "vincul", "verknüpfung", "lien", "ссылк", "связ", "łącz", "powiąza",
    "odnośnik", "リンク",
)  # fmt: skip
_OUTWARD_WORDS = (
    "outward", "outgoing", "向外", "外向", "对外", "對外", "外部", "salida", "saliente",
    "extern", "saída", "para fora", "hacia fuera",
    "ausgehend", "nach außen", "sortant", "исходящ", "внешн", "wychodząc", "zewnętrzn", "外向き", "発信",
)  # fmt: skip
_INWARD_WORDS = (
    "inward", "incoming", "向内", "内向", "對內", "向內", "內向", "内部", "內部", "entrada", "entrante", "intern", "para dentro",
    "hacia dentro", "eingehend", "nach innen", "entrant", "входящ", "внутренн", "przychodząc", "wewnętrzn", "内向き", "受信",
)  # fmt: skip
OUTWARD, INWARD = "→", "←"
DUPLICATE = "Duplicate"  # the type that a column of originals gives its links
# Of several trackers and lists of one's own; folded, without blanks, hyphens and underscores.
_ORIGINALS = frozenset({
    "重复id", "重复bug", "重复bugid", "重复缺陷id", "重复于", "原缺陷", "原缺陷id", "原始缺陷", "duplicateid", "duplicateof",
    "isduplicateof", "dupeof", "dupof", "dupid", "originalissue", "originaldefect", "originalbug",
})  # fmt: skip


def issue_link(name: str) -> tuple[str, str] | None:
    """(type of the link as the header writes it, → or ←) of `Outward issue link (Blocks)` or `Duplicate of`; None for others."""
    if _GAPS.sub("", unicodedata.normalize("NFKC", name)).casefold() in _ORIGINALS:
        return DUPLICATE, OUTWARD
    return typed_link(name)


def typed_link(name: str) -> tuple[str, str] | None:
    """The same of `Outward issue link (Blocks)` alone."""
    match = _LINK.match(unicodedata.normalize("NFKC", name).strip())
    if match is None or custom_field(name):
        return None
    words = match.group(1).casefold()
    if not any(word in words for word in _LINK_WORDS):
        return None
    is_outward = any(word in words for word in _OUTWARD_WORDS)
    is_inward = any(word in words for word in _INWARD_WORDS)
    if is_outward == is_inward:
        return None
    return match.group(2).strip(), OUTWARD if is_outward else INWARD
