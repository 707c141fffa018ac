"""What is committed is what the catalogue says; a file is written only where its bytes differ."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pipeline.catalogue.__main__ import main
from pipeline.catalogue.checks import checked
from pipeline.catalogue.files import differing
from pipeline.catalogue.reading import FILES


def test_what_is_committed_is_made_of_the_catalogue(repository):
    assert list(differing(checked(repository), repository)) == []


def test_nothing_is_written_twice_and_what_differs_is_made_anew(house: Path, capsys):
    macro = house / "dbt_project" / "macros" / "generated" / "catalogue.sql"
    before, text = macro.stat().st_mtime_ns, macro.read_text()
    assert main(["write"], house) == 0
    assert macro.stat().st_mtime_ns == before

    macro.write_text(text + "-- by hand")
    left = house / "dbt_project" / "models" / "kpis" / "kpi_deltas__fct_gone.sql"
    left.write_text("select 1")
    assert main(["check"], house) == 1
    assert "catalogue.sql: not what the catalogue says" in capsys.readouterr().err
    assert main(["write"], house) == 0
    assert macro.read_text() == text
    assert not left.exists()
    assert main(["check"], house) == 0


@pytest.mark.parametrize("name", FILES)
def test_every_file_names_the_schema(repository, name):
    text = (repository / "dbt_project" / "catalogue" / name).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")


def test_every_macro_is_described(repository):
    """Counted apart from the maker: macros and generic tests of the project's own files."""
    project = repository / "dbt_project"
    written = [
        name
        for folder in ("macros", "tests/generic")
        for path in (project / folder).rglob("*.sql")
        for name in re.findall(r"\{%-? (?:macro|test) (\w+)\(", path.read_text(encoding="utf-8"))
    ]
    described = yaml.safe_load((project / "macros" / "macros.yml").read_text(encoding="utf-8"))["macros"]
    assert sorted(row["name"].removeprefix("test_") for row in described) == sorted(
        name.removeprefix("test_") for name in written
    )
    assert [row["name"] for row in described if len(row["description"]) < 10] == []
