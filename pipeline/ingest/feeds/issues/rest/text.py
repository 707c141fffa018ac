"""Texts, people and lists inside issues of a REST search, in the forms that the tool's CSV prints."""

from __future__ import annotations

from pipeline.ingest.dialects.links import INWARD, OUTWARD

DEEPEST = 200  # nested nodes of one text; deeper is no text that a person wrote
_BLOCKS = frozenset(
    """
    paragraph heading codeBlock listItem blockquote panel tableRow rule mediaSingle taskItem decisionItem expand
    """.split()  # noqa: SIM905
)
_SHOWN = ("text", "shortName", "url", "timestamp", "title")


def plain_text(value: object) -> str | None:
    """A text as it reads. In the cloud it is a tree (Atlassian document format): one line per paragraph, item or row."""
    if not isinstance(value, dict):
        return str(value) if value not in (None, "") else None
    pieces: list[str] = []
    _write(value, pieces, 0)
    text = "".join(pieces)
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line) or None


def _write(node: object, pieces: list[str], depth: int) -> None:
    if not isinstance(node, dict) or depth > DEEPEST:
        return
    kind = node.get("type")
    if isinstance(node.get("text"), str):
        pieces.append(node["text"])
    elif kind == "hardBreak":
        pieces.append("\n")
    elif isinstance(node.get("attrs"), dict) and kind in (
        "mention",
        "emoji",
        "inlineCard",
        "blockCard",
        "date",
        "status",
    ):
        pieces.append(next((str(node["attrs"][name]) for name in _SHOWN if node["attrs"].get(name)), ""))
    for child in content if isinstance(content := node.get("content"), list) else ():
        _write(child, pieces, depth + 1)
    if kind in ("tableCell", "tableHeader"):
        pieces.append(" ")
    if kind in _BLOCKS:
        pieces.append("\n")


def person(value: object) -> str | None:
    """The stable code of a person: user name on a server, account id in the cloud, else the name on screen."""
    if not isinstance(value, dict):
        return value if isinstance(value, str) and value else None
    return value.get("name") or value.get("accountId") or value.get("key") or value.get("displayName")


def comments_of(entries: object) -> list[str]:
    """`date;author;text`, as the cells of the CSV read."""
    return [
        _joined(entry.get("created"), person(entry.get("author")), plain_text(entry.get("body")))
        for entry in dictionaries(entries)
    ]


def attachments_of(entries: object) -> list[str]:
    """`date;author;file name;address`, as the cells of the CSV read."""
    return [
        _joined(entry.get("created"), person(entry.get("author")), entry.get("filename"), entry.get("content"))
        for entry in dictionaries(entries)
    ]


def _joined(*parts: object) -> str:
    return ";".join(str(part or "") for part in parts)


def links_of(entries: object) -> list[str]:
    """`Blocks → YB-17` where this issue blocks the other, `Blocks ← YB-17` where it is blocked."""
    found = []
    for entry in dictionaries(entries):
        kind = told if isinstance(told := entry.get("type"), dict) else {}
        for field, arrow in (("outwardIssue", OUTWARD), ("inwardIssue", INWARD)):
            other = entry.get(field)
            if isinstance(other, dict) and other.get("key"):
                found.append(f"{kind.get('name') or 'Relates'} {arrow} {other['key']}")
    return found


def dictionaries(entries: object) -> list[dict]:
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
