"""docs/how-to/feed.md: its steps, followed word for word in a copy of the tree, give a feed that loads."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
STEP = re.compile(
    r"^(?P<verb>New file|In|At the end of) `(?P<path>[^`]+)`(?:, below `(?P<anchor>[^`]+)`)?:\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
EXPORT = """Review no,Project code,Document,Review date,Pages,Findings
R-1,P2025018,Interface list,2026-03-02,40,12
R-2,P2025018,Test plan,2026-03-09,18,3
R-3,P2025018,Manual,2026-03-16,25,-1
"""
LOADS = """
import json, sys, tempfile
from pathlib import Path
from models.builds.data_dir import DataDir
from models.feeds import FEEDS
from models.words.terms import FEED_WORDS
from models.words.wording import sentence
from pipeline.ingest import LoadOptions, load_paths
from pipeline.ingest.checks.expectations import feed_rules

with tempfile.TemporaryDirectory() as folder:
    (entry,) = load_paths(DataDir(Path(folder)), [Path("reviews.csv")], LoadOptions())
rules = [rule.column for rule in feed_rules("reviews") if rule.code == "ingest.negative"]
columns = [column.name for column in FEEDS["reviews"].columns]
shown = entry.model_dump(mode="json")
print(json.dumps({"entry": shown, "rules": rules, "columns": columns, "name": sentence(FEED_WORDS["reviews"], None, "zh")}))
"""


def follow(page: str, tree: Path) -> None:
    """Does in `tree` what each step of the page says. An anchor must begin exactly one line of its file."""
    for step in STEP.finditer(page):
        path = tree / step["path"]
        if step["verb"] == "New file":
            assert not path.exists(), path
            path.write_text(step["text"], encoding="utf-8")
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = len(lines)
        if step["anchor"]:
            (found,) = (number for number, line in enumerate(lines) if line.startswith(step["anchor"]))
            at = found + 1
        lines.insert(at, step["text"])
        path.write_text("".join(lines), encoding="utf-8")


def test_a_feed(tmp_path: Path) -> None:
    for name in ("models", "pipeline", "dbt_project/models/staging"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    follow((REPOSITORY / "docs" / "how-to" / "feed.md").read_text(encoding="utf-8"), tmp_path)
    (tmp_path / "reviews.csv").write_text(EXPORT, encoding="utf-8")
    ran = subprocess.run([sys.executable, "-c", LOADS], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    entry = found["entry"]
    assert (entry["feed"], entry["status"]) == ("reviews", "landed"), entry["reasons"]
    # land with 12 + 3 findings; R-3 has -1 of them and is held back.
    assert (entry["rows_accepted"], entry["rows_quarantined"]) == (2, 1)
    assert entry["totals"] == {"rows": 2, "findings": 15}
    assert found["rules"] == ["pages", "findings"]
    assert found["name"] == "文档评审"
    staged = (tmp_path / "dbt_project/models/staging/quality/stg_reviews.sql").read_text(encoding="utf-8")
    selected = staged.split("select\n")[1].split("from")[0].replace(",", " ").split()
    assert selected == [*found["columns"], "batch_id", "source_row"]
