"""The parts of docs/ that are drawn from the code: the layers, the feeds. `python -m tests.docs.drawn_docs` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

from models.feeds import FEEDS
from tests.test_architecture import OFFERED_TO_PAGES, OTHERS, OURS

DOCS = Path(__file__).resolve().parents[2] / "docs"
_PLACES = {"app": "app.py", "pages": "pages/", "ui": "ui/", "models": "models/", "pipeline": "pipeline/"}


def layers() -> str:
    """Who may import whom: a picture, and the same as a table with the packages of others."""
    arrows = [
        f"    {layer} --> {below}" for layer in _PLACES for below in _PLACES if below in OURS[layer] and below != layer
    ]
    offered = [f"    {layer} -. what it offers .-> pipeline" for layer in ("app", "pages") if OFFERED_TO_PAGES]
    boxes = [f'    {layer}["{place}"]' for layer, place in _PLACES.items()]
    rows = [
        f"| `{place}` | {', '.join(sorted(OURS[layer] - {layer})) or '–'} | "
        f"{', '.join(sorted(OTHERS[layer])) if layer in OTHERS else 'all that is pinned, but streamlit'} |"
        for layer, place in _PLACES.items()
    ]
    picture = ["```mermaid", "flowchart TD", *boxes, *arrows, *offered, "```"]
    return "\n".join([*picture, "", "| layer | imports of ours | and of others |", "|---|---|---|", *rows])


def feeds(before: str) -> str:
    """The canonical columns of every feed; `?` may be absent. before: the table as it stands, which says what one row is."""
    says = dict(re.findall(r"^\| (\w+) \| ([^|]+) \|", before, re.MULTILINE))
    rows = [
        f"| {name} | {says.get(name, '')} | "
        f"{', '.join(column.name + ('' if column.required else '?') for column in feed.columns)} |"
        for name, feed in FEEDS.items()
    ]
    return "\n".join(["| feed | one row is | columns |", "|---|---|---|", *rows])


def drawn(page: str, name: str) -> tuple[str, str]:
    """(the page as it stands, the page as it should stand) for the part between its markers."""
    text = (DOCS / page).read_text(encoding="utf-8")
    part = re.compile(rf"(<!-- {name}: [^>]*-->\n\n)(.*?)(\n\n<!-- end of {name} -->)", re.DOTALL)
    (found,) = part.finditer(text)
    made = layers() if name == "layers" else feeds(found[2])
    return text, text[: found.start(2)] + made + text[found.end(2) :]


PARTS = (("architecture.md", "layers"), ("kpis.md", "feeds"))

if __name__ == "__main__":
    for page_name, part_name in PARTS:
        stands, should = drawn(page_name, part_name)
        if stands != should:
            (DOCS / page_name).write_text(should, encoding="utf-8")
