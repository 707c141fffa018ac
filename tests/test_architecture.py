"""The shape of the house, read from its files: who imports whom, what lies where, what every model must have."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import networkx
import pytest

from models.feeds import FEEDS
from models.kpis.catalogue import kpi_name
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.feeds import PLUGINS

REPOSITORY = Path(__file__).resolve().parents[1]
LAYERS = ("app", "pages", "ui", "models", "pipeline")

# DESIGN's table. Of ours: which layers a layer may import. Of others: which packages, beside the standard library.
OURS = {
    "app": {"ui", "models"},
    "pages": {"ui", "models"},
    "ui": {"ui", "models"},
    "models": {"models"},
    "pipeline": {"pipeline", "models"},
}
OTHERS = {
    "app": {"streamlit"},
    "pages": {"streamlit"},
    "ui": {"streamlit", "starlette", "plotly", "polars", "babel", "markupsafe"},
    "models": {"duckdb", "polars", "pydantic", "networkx", "numpy", "babel"},
}
# What pages call of the pipeline.
OFFERED_TO_PAGES = {"pipeline.offers"}
HEAVY = ("dbt", "great_expectations")
# DuckDB is opened where a build is read, where it is built, published, and kept for the next one; nowhere else.
OPENS_DUCKDB = {
    "models/builds/snapshot.py",
    "pipeline/refresh/building.py",
    "pipeline/refresh/executing.py",
    "pipeline/ingest/landing/staging.py",
    "pipeline/refresh/previous_things.py",
    "pipeline/refresh/publishing.py",
}
LARGEST_FILE_BYTES = 5_000_000
LARGEST_SAMPLE_BYTES = 3_000_000


def tracked_files() -> list[Path]:
    """What git knows and what it would add; all files where this is not a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        return [path for path in REPOSITORY.rglob("*") if path.is_file() and ".venv" not in path.parts]
    paths = [REPOSITORY / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def relative(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


SOURCES = {relative(path): path for path in sorted(tracked_files()) if path.suffix == ".py"}
LAYER_SOURCES = [name for name in SOURCES if name.removesuffix(".py").split("/")[0] in LAYERS]


def test_there_are_sources_to_look_at() -> None:
    """Whatever is asked of every file below is asked of files of every layer, and of the SQL."""
    assert {name.removesuffix(".py").split("/")[0] for name in LAYER_SOURCES} == set(LAYERS)
    assert len(LAYER_SOURCES) > 150
    assert len(list((REPOSITORY / "dbt_project" / "models").rglob("*.sql"))) > 100


@cache
def imports(name: str) -> list[tuple[int, str]]:
    """(line, dotted name) of every import in a file, at whatever depth; `from a import b` gives a.b."""
    tree = ast.parse(SOURCES[name].read_text(encoding="utf-8"))
    package = name.split("/")[:-1]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*parents, *([node.module] if node.module else [])])
            found += [(node.lineno, f"{module}.{alias.name}") for alias in node.names]
    return found


def module_of(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def module_imports() -> list[tuple[str, str]]:
    """(module, module it imports) of ours, imports inside functions included; `from a import b` gives a.b where that is one."""
    modules = {module_of(name): name for name in LAYER_SOURCES}
    found = set()
    for module, name in modules.items():
        for _, dotted in imports(name):
            other = dotted if dotted in modules else dotted.rpartition(".")[0]
            if other in modules and other != module:
                found.add((module, other))
    return sorted(found)


MODULE_IMPORTS = module_imports()


def starts_with_one_of(dotted: str, modules: set[str]) -> bool:
    return any(dotted == module or dotted.startswith(f"{module}.") for module in modules)


@pytest.mark.parametrize("name", LAYER_SOURCES)
def test_imports_follow_the_arrows(name: str) -> None:
    layer = name.removesuffix(".py").split("/")[0]
    wrong = []
    for line, dotted in imports(name):
        top = dotted.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        if top in (*LAYERS, "tests", "benchmarks"):
            offered = layer in ("app", "pages") and starts_with_one_of(dotted, OFFERED_TO_PAGES)
            allowed = top in OURS[layer] or offered
        else:
            allowed = top in OTHERS[layer] if layer in OTHERS else top != "streamlit"
        if not allowed:
            wrong.append(f"{name}:{line} imports {dotted}")
    assert not wrong, f"{wrong}: {layer} may import {sorted(OURS[layer])} and {sorted(OTHERS.get(layer, {'anything'}))}"


@pytest.mark.parametrize("module", sorted(OFFERED_TO_PAGES))
def test_what_pages_import_of_pipeline_is_light(module: str) -> None:
    program = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[]", f"importing {module} imports {ran.stdout.strip()}: import these inside functions"


# ---- ingest: layers, feeds that know nothing of each other, a driver that knows no feed ------------------------------

INGEST = "pipeline/ingest"
# Each may import itself and those before it; the files beside these folders may import all of them.
INGEST_LAYERS = ("contracts", "dialects", "files", "values", "mapping", "feeds", "landing", "checks")
# What feeds share lies below them; only these two know the feeds one by one.
SHARED_BY_FEEDS = {"amounts", "books", "hours", "issue_keys", "row_rules"}
KNOWS_FEEDS = {f"{INGEST}/feeds/__init__.py", f"{INGEST}/feeds/documents.py"}
FILES_OF_A_FEED = {
    "__init__.py", "plugin.py", "recognize.py", "columns.py", "prescan.py", "reshape.py", "cells.py", "finish.py", "totals.py",
    "rules.py", "reader.py",
}  # fmt: skip
# Where the name of a feed stands outside its folder, and why.
NAMES_A_FEED = {
    f"{INGEST}/mapping/kind_marks.py": {"people"},  # a register of headers, no feed
}


def ingest_layer(dotted: str) -> int:
    """The place of a module in INGEST_LAYERS; after the last for what stands beside the folders."""
    parts = dotted.split(".")
    return INGEST_LAYERS.index(parts[2]) if len(parts) > 2 and parts[2] in INGEST_LAYERS else len(INGEST_LAYERS)


def test_ingest_is_layered() -> None:
    wrong = [
        f"{name} imports {dotted}"
        for name, dotted in MODULE_IMPORTS
        if name.startswith("pipeline.ingest.") and dotted.startswith("pipeline.ingest.")
        if ingest_layer(dotted) > ingest_layer(name)
    ]
    assert wrong == [], f"{wrong}: {' < '.join(INGEST_LAYERS)} < the files of ingest"


def test_feeds_know_nothing_of_each_other() -> None:
    wrong = []
    for name in SOURCES:
        if not name.startswith(f"{INGEST}/") or name in KNOWS_FEEDS:
            continue
        own = name.split("/")[3].removesuffix(".py") if name.startswith(f"{INGEST}/feeds/") else None
        for line, dotted in imports(name):
            other = dotted.removeprefix("pipeline.ingest.feeds.").split(".")[0]
            if not dotted.startswith("pipeline.ingest.feeds.") or other in ("PLUGINS", "documents") and own is None:
                continue
            if other != own and (own is None or other not in SHARED_BY_FEEDS):
                wrong.append(f"{name}:{line} imports {dotted}")
    assert wrong == [], f"{wrong}: ask the plug-in, or put what two feeds share below them ({sorted(SHARED_BY_FEEDS)})"


def test_rooms_of_feeds_have_the_same_files() -> None:
    rooms = [path for path in sorted((REPOSITORY / INGEST / "feeds").iterdir()) if (path / "plugin.py").exists()]
    rooms = [path for path in rooms if path.name not in SHARED_BY_FEEDS]
    assert {path.name for path in rooms} <= set(FEEDS), "a folder is named as its feed"
    assert len(rooms) > 10
    found = {relative(file) for room in rooms for file in room.glob("*.py") if file.name not in FILES_OF_A_FEED}
    assert found == set(), f"{found}: {sorted(FILES_OF_A_FEED)}, or a folder of its own below the feed's"


@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=lambda plugin: plugin.name)
def test_a_plugin_answers_what_the_contract_asks(plugin: FeedPlugin) -> None:
    """A function of another shape would fail on the first file that comes to it; a column that is none, never."""
    for name, asked in vars(FeedPlugin).items():
        if inspect.isfunction(asked) and not name.startswith("_"):
            _self, *expected = inspect.signature(asked).parameters
            assert list(inspect.signature(getattr(plugin, name)).parameters) == expected, name
    columns = {column.name for column in plugin.feed.columns}
    named = {
        *plugin.worth_saying,
        *plugin.identity,
        *plugin.mappable,
        *plugin.meanings.values(),
        *plugin.totals,
        *plugin.plans,
    }
    named |= {plugin.totals_by, plugin.source_id, plugin.lasting} - {None}
    named |= set(plugin.volume.measures) if plugin.volume else set()
    assert named <= columns, named - columns


def test_the_driver_names_no_feed() -> None:
    found: dict[str, set[str]] = {}
    for name, path in SOURCES.items():
        if not name.startswith(f"{INGEST}/") or name.startswith((f"{INGEST}/feeds/", f"{INGEST}/dialects/")):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        if named := words & set(FEEDS):
            found[name] = named
    assert found == NAMES_A_FEED, "what is special about a feed is its plug-in's to say"


# ---- no circles ------------------------------------------------------------------------------------------------------


def circles(arrows: set[tuple[str, str]]) -> list[set[str]]:
    graph = networkx.DiGraph(arrows)
    return sorted((found for found in networkx.strongly_connected_components(graph) if len(found) > 1), key=min)


def test_no_module_imports_what_imports_it() -> None:
    assert len(MODULE_IMPORTS) > 500
    assert circles(set(MODULE_IMPORTS)) == [], "imports inside functions count too"


def test_no_folder_imports_its_sibling_and_back() -> None:
    """Of one package, the folders and files beside each other: `pipeline.alerts` and `pipeline.gate`, never both ways."""
    arrows = set()
    for name, dotted in MODULE_IMPORTS:
        ours, theirs = name.split("."), dotted.split(".")
        depth = next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
        if depth:  # of the same package, and not one inside the other
            arrows.add((".".join(ours[: depth + 1]), ".".join(theirs[: depth + 1])))
    assert circles(arrows) == []


def test_no_page_lies_directly_in_pages() -> None:
    """Streamlit finds pages/*.py before st.navigation has run once, and would run them without app.py."""
    assert [name for name in SOURCES if re.fullmatch(r"pages/[^/]+\.py", name)] == []


def test_pages_define_no_functions_and_hold_no_sql_color_or_css() -> None:
    wrong = []
    for name, path in SOURCES.items():
        if not name.startswith("pages/"):
            continue
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        wrong += [f"{name}: no docstring that says its question"] if not ast.get_docstring(tree) else []
        wrong += [
            f"{name}:{node.lineno} defines {node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        ]
        wrong += [
            f"{name}: {found}" for found in re.findall(r"#[0-9A-Fa-f]{6}\b|<style|(?i:\bselect\s+\S+\s+from\b)", text)
        ]
    assert wrong == []


MOST_FILES = 15
# Siblings that begin with the same word and are better so.
ALIKE = {
    "benchmarks": {"by"},  # the folder of statements and what runs them
    "pipeline/ingest/feeds": {"issue"},  # a folder is named as its feed: issues, issue_changes, and the keys both have
    "models/words": {"number"},  # numbers, and the tokens that stand for them in stored sentences
}


def code_by_folder() -> dict[str, list[str]]:
    """{folder: names of its code files and of its subfolders that hold code}, __init__ left out."""
    found: dict[str, set[str]] = {}
    for path in map(relative, tracked_files()):
        *folders, file = path.split("/")
        if not file.endswith((".py", ".sql")) or file == "__init__.py" or not folders or folders[0] == "data":
            continue
        found.setdefault("/".join(folders), set()).add(file)
        for depth in range(1, len(folders)):
            found.setdefault("/".join(folders[:depth]), set()).add(folders[depth])
    return {folder: sorted(names) for folder, names in sorted(found.items())}


def test_no_folder_holds_more_than_fifteen_files() -> None:
    counted = {folder: sum("." in name for name in names) for folder, names in code_by_folder().items()}
    assert {folder: count for folder, count in counted.items() if count > MOST_FILES} == {}
    assert sum(counted.values()) > 500


def test_no_prefix_repeats_a_siblings() -> None:
    """`hour_units.py` beside `hour_spans.py` wants a folder `hours/`. dbt's names are those of tables."""
    repeated = {}
    for folder, names in code_by_folder().items():
        if folder.split("/")[0] not in (*LAYERS, "benchmarks"):
            continue
        words = Counter(name.removesuffix(".py").removesuffix(".sql").split("_")[0].rstrip("s") for name in names)
        alike = {word for word, count in words.items() if count > 1 and not word.isdigit()} - ALIKE.get(folder, set())
        if alike:
            repeated[folder] = sorted(alike)
    assert repeated == {}


def test_no_vague_module_names() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc)$")
    assert [name for name in SOURCES if any(vague.search(part) for part in name.removesuffix(".py").split("/"))] == []


def test_duckdb_is_opened_where_builds_are_made_and_read() -> None:
    wrong = []
    opens = re.compile(r"\bduckdb\s*\.\s*connect\b|from duckdb import")
    for name in LAYER_SOURCES:
        if name not in OPENS_DUCKDB and opens.search(SOURCES[name].read_text(encoding="utf-8")):
            wrong.append(name)
    assert wrong == [], f"{wrong}: read a build through models.builds.snapshot"


def test_markup_is_made_where_text_is_escaped() -> None:
    """Text from files is never HTML: `ui.shell.markup` escapes it, `ui.kpis.bullet` takes numbers and enums alone."""
    drawn = re.compile(r"unsafe_allow_html|st\.html\(")
    holders = {name for name in LAYER_SOURCES if drawn.search(SOURCES[name].read_text(encoding="utf-8"))}
    assert holders == {"ui/kpis/bullet.py", "ui/shell/markup.py"}


def test_boxes_and_tabs_are_made_where_their_words_follow_the_language() -> None:
    made = re.compile(r"(?<!boxes)\.(selectbox|multiselect|tabs)\(")
    paths = [*(REPOSITORY / "ui").rglob("*.py"), *(REPOSITORY / "pages").rglob("*.py"), REPOSITORY / "app.py"]
    found = {relative(path) for path in paths if made.search(path.read_text(encoding="utf-8"))}
    assert found == {"ui/shell/boxes.py"}


# Pins that no file of ours imports, and why they are there.
PINNED_FOR_OTHERS = {
    "hatch-requirements-txt": "pyproject.toml builds with it",
    "hatchling": "pyproject.toml builds with it",
    "mypy": "a command",
    "types-networkx": "mypy reads it",
    "types-psutil": "mypy reads it",
    "types-pyyaml": "mypy reads it",
    "sqlfluff": "a command",
    "dbt-duckdb": "dbt finds the adapter by the type that profiles.yml names",
    "pytest-xdist": "bin/test runs pytest with it",
    "ruff": "a command",
}


def pinned(name: str) -> set[str]:
    lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
    required = [line.split("#")[0].strip() for line in lines]
    required = [line for line in required if line and not line.startswith("-r")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*", line) for line in required), required
    return {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in required}


def packages_imported(names: list[str]) -> dict[str, set[str]]:
    """{where and what: the packages that hold it} of every import in these files that is not ours or Python's."""
    distributions = packages_distributions()
    return {
        f"{name}:{line} imports {top}": {
            re.sub(r"[-_.]+", "-", holder).lower() for holder in distributions.get(top, [])
        }
        for name in names
        for line, dotted in imports(name)
        if (top := dotted.split(".")[0]) not in (*sys.stdlib_module_names, *LAYERS, "tests", "benchmarks")
    }


def test_every_package_that_is_imported_is_pinned() -> None:
    running, developing = pinned("requirements.txt"), pinned("requirements-dev.txt")
    others = [name for name in SOURCES if name not in LAYER_SOURCES]
    for names, allowed in ((LAYER_SOURCES, running), (others, running | developing)):
        assert [place for place, holders in packages_imported(names).items() if not holders & allowed] == []


def test_every_package_that_is_pinned_is_imported() -> None:
    """What only tests import is no pin of requirements.txt."""
    for requirements, names in (("requirements.txt", LAYER_SOURCES), ("requirements-dev.txt", list(SOURCES))):
        imported = set().union(*packages_imported(names).values())
        assert pinned(requirements) - imported - PINNED_FOR_OTHERS.keys() == set(), requirements
    assert PINNED_FOR_OTHERS.keys() <= pinned("requirements.txt") | pinned("requirements-dev.txt")


DBT_PROJECT = REPOSITORY / "dbt_project"
DBT_MODELS = sorted(DBT_PROJECT.glob("models/**/*.sql"))
UNIQUE_BY_OTHER_MEANS = {
    "fct_worklogs.sql": "one line may hold several logs alike: assert_every_row_is_accounted_for counts them",
    "fct_costs.sql": "two identical vouchers are two costs: assert_every_row_is_accounted_for counts them",
    "kpi_deltas__*.sql": "grouped by its key in one macro: assert_evidence_adds_up would show a doubled one",
    "kpi_measure_rows.sql": "a view of the facts, which are unique themselves",
}
# Marts whose uniqueness a data test cannot show, and why.
WITHOUT_UNIQUENESS_TEST = {
    "kpi_deltas__": "grouped by exactly the columns of its grain",
    "kpi_terms": "a view of two tables, each with its own test",
    "kpi_things": "grouped by exactly the columns of its grain, beside what kpi_lost_rows proves",
    "kpi_measure_rows": "a view over facts: one row of a fact counts in several measures",
    "fct_costs": "two equal ledger lines of one file are both kept (KPIS), so a line has no key",
    "fct_worklogs": "one row of an export may hold several worklogs of a day, equal ones too",
}


@pytest.mark.parametrize("model", DBT_MODELS, ids=lambda path: path.stem)
def test_every_model_says_its_grain_and_proves_it(model: Path) -> None:
    described = model.with_suffix(".yml")
    assert described.exists(), f"{relative(model)} has no {described.name} beside it"
    text = described.read_text(encoding="utf-8")
    assert re.search(r"description: [>|-]*\s*Grain: one ", text), f"{relative(described)} says no grain"
    first = model.read_text(encoding="utf-8").lstrip().splitlines()[0]
    assert re.match(r"(--|\{#-?) Grain: one ", first), f"{relative(model)} does not open with its grain"
    if {"marts", "kpis"} & set(model.parts) and not model.stem.startswith(tuple(WITHOUT_UNIQUENESS_TEST)):
        assert "unique" in text, f"{relative(described)} has no uniqueness test"


def test_only_staging_reads_sources() -> None:
    reading = re.compile(r"\{\{\s*(source|landed)\(")
    offenders = [relative(path) for path in DBT_MODELS if reading.search(path.read_text(encoding="utf-8"))]
    assert [name for name in offenders if "/staging/" not in name] == []


def test_nothing_large_is_committed() -> None:
    sizes = {relative(path): path.stat().st_size for path in tracked_files()}
    assert {name: size for name, size in sizes.items() if size > LARGEST_FILE_BYTES} == {}
    assert sum(size for name, size in sizes.items() if name.startswith("data/")) <= LARGEST_SAMPLE_BYTES
    assert [name for name in sizes if name.startswith("data/") and not name.startswith("data/sample/")] == []


def test_no_paths_of_one_machine() -> None:
    path_of_a_machine = re.compile(rb"(?:^|[^A-Za-z0-9_.])/(?:work|root|farm|home|Users)/[A-Za-z0-9_.-]+", re.MULTILINE)
    wrong = []
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            wrong += [f"{relative(path)}: {found.decode()}" for found in path_of_a_machine.findall(content)]
    assert wrong == []


def test_the_dashboard_is_safe_by_default() -> None:
    config = tomllib.loads((REPOSITORY / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["enableXsrfProtection"] and config["server"]["enableCORS"]
    assert config["server"]["maxUploadSize"] <= 200
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert not re.search(r"https?://", (REPOSITORY / ".streamlit/config.toml").read_text(encoding="utf-8"))


def test_every_kpi_has_names_formula_place_and_levels_in_both_languages(small_warehouse) -> None:
    catalogue = small_warehouse.query(
        """
        select kpi_key, section, label, short_label, description, formula_text, formula_sql
        from dim_kpis
        """
    )
    assert catalogue.height >= 20
    empty = [
        (row["kpi_key"], column)
        for row in catalogue.iter_rows(named=True)
        for column, value in row.items()
        if not str(value or "").strip()
    ]
    assert empty == []
    without_chinese = [
        row["kpi_key"]
        for row in catalogue.iter_rows(named=True)
        if not re.search("[\u4e00-\u9fff]", kpi_name(row["label"], "zh"))
    ]
    assert without_chinese == []
