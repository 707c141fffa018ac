"""The installed package `plimsoll`: the whole tree in one folder, and the command of that name.

The modules of the tree import each other by their names at its top (`models`, `pipeline`, `ui`), so this folder goes onto the
module path of the process that runs the command, and of no other.
"""

import sys
from pathlib import Path


def main() -> None:
    """Runs the command in sys.argv, as `python -m pipeline` does in a checkout."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from pipeline.cli import main as command  # noqa: PLC0415

    command()
