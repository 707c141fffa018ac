"""What a world kept from an earlier test run depends on."""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
CODE = (
    "pipeline",
    "models",
    "dbt_project/macros",
    "dbt_project/models",
    "dbt_project/seeds",
    "dbt_project/tests",
    "data/sample",
)


def code_hash(make: Callable) -> str:
    """The hash of all that makes data: code, sample, README, pinned packages, what tests share, the file of `make`, today."""
    return hashlib.sha256((_shared_code() + Path(inspect.getsourcefile(make)).read_text()).encode()).hexdigest()[:16]


@cache
def _shared_code() -> str:
    files = [
        path for folder in CODE for path in sorted((REPOSITORY / folder).rglob("*")) if "__pycache__" not in path.parts
    ]
    files += sorted(path for path in (REPOSITORY / "tests").rglob("*.py") if not path.name.startswith("test_"))
    files += [REPOSITORY / name for name in ("README.md", "requirements.txt", "dbt_project/dbt_project.yml")]
    digests = (hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file())
    return "".join(digests) + dt.date.today().isoformat()
