"""docs/how-to/language.md: its steps, followed word for word in a copy of the tree, give a third language."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
STEP = re.compile(
    r"^(?P<verb>New file|In) `(?P<path>[^`]+)`(?:, below `(?P<anchor>[^`]+)`)?:\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
LOOKS = """
import datetime as dt, json, re
from streamlit.testing.v1 import AppTest
from models.errors import InputError
from models.words import numbers
from models.words.locales import listed
from models.words.wording import error_text, translate

app = AppTest.from_file("app.py", default_timeout=120)
app.query_params["lang"] = "de"
app.run()
links = " ".join(element.proto.body for element in app.get("html"))
switch = re.findall(r'<a class="in-app" href="[^"]*" lang="(\\w+)">([^<]*)</a>', links)
late = "{count} of {total} tasks finish later than the baseline, the worst by {days} days"
print(json.dumps([text.replace("\\u00a0", " ") for text in [
    *(name for _code, name in switch), str("Sprache" in links or "Projekt" in links), str(len(app.exception)),
    numbers.money_text(12_400_000, "EUR", "de"), numbers.money_text(1234.5, "CNY", "de", exact=True),
    numbers.percent_text(0.0125, "de"), numbers.date_text("2026-11-22", "de"), numbers.period_text("week", "2026-11-22", "de"),
    numbers.hours_text(None, "de"), numbers.days_text(1, "de", exact=True), numbers.kpi_value_text(2.5, "days", "de"),
    translate("{number} days", {"number": 1}, "de"), translate("{number} days", {"number": "1.001"}, "de"),
    translate(late, {"count": 1, "total": 3, "days": 4}, "de"), translate(late, {"count": 2, "total": 3, "days": 4}, "de"),
    listed(["a", "b"], "de"),
    error_text(InputError("x", "{file} is empty. Export it again; nothing was loaded.", file="a"), "de"),
]]))
"""


def test_a_language(tmp_path: Path) -> None:
    for name in ("pages", "ui", "models", "pipeline", ".streamlit"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "dbt_project" / "catalogue", tmp_path / "dbt_project" / "catalogue")
    shutil.copy(REPOSITORY / "app.py", tmp_path)
    steps = list(STEP.finditer((REPOSITORY / "docs" / "how-to" / "language.md").read_text(encoding="utf-8")))
    assert [step["verb"] for step in steps] == ["In", "New file"]  # all that a language costs
    table, catalog = (tmp_path / step["path"] for step in steps)
    head, anchor, tail = table.read_text(encoding="utf-8").partition(steps[0]["anchor"])
    line, _, rest = tail.partition("\n")
    table.write_text(f"{head}{anchor}{line}\n{steps[0]['text']}{rest}", encoding="utf-8")
    catalog.parent.mkdir(parents=True)
    catalog.write_text(steps[1]["text"], encoding="utf-8")
    environment = os.environ | {"PLIMSOLL_DATA": str(tmp_path / "data")}
    ran = subprocess.run(
        [sys.executable, "-c", LOOKS], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert json.loads(ran.stdout.splitlines()[-1]) == [
        *("中文", "English", "False", "0"),  # the way to every other language
        *("12,4 Mio. €", "1.234,50 CNY"),  # 12,400,000 ÷ 1,000,000
        *("1,3 %", "22. Nov. 2026", "KW 47/2026"),  # 1.25 rounds half up to one decimal
        *("keine Daten", "1,00 Tage", "2,5 Tage"),
        *("1 Tag", "1.001 Tage"),  # a point groups thousands in German: one thousand and one
        "Von 3 Aufgaben endet 1 später als der Basisplan (4 Tage)",
        "Von 3 Aufgaben enden 2 später als der Basisplan, die schlimmste um 4 Tage",
        *("a, b", "a is empty. Export it again; nothing was loaded."),  # not translated yet: shown in English
    ]
