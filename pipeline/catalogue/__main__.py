"""`python -m pipeline.catalogue check` or `write`: the catalogue read and held against itself; what is made from it, made."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.catalogue.checks import checked
from pipeline.catalogue.files import differing
from pipeline.catalogue.reading import CatalogueError

ROOT = Path(__file__).resolve().parents[2]


def main(words: list[str], root: Path = ROOT) -> int:
    """0: all is well, or is now; 1: something is wrong, and said."""
    if words not in (["check"], ["write"]):
        print("python -m pipeline.catalogue check | write", file=sys.stderr)
        return 2
    try:
        changed = differing(checked(root), root)
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in changed.items():
        name = path.relative_to(root).as_posix()
        if words == ["check"]:
            print(f"{name}: not what the catalogue says. Run `python -m pipeline.catalogue write`.", file=sys.stderr)
        elif text is None:
            path.unlink()
            print(f"removed {name}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return 1 if changed and words == ["check"] else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
