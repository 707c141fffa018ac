"""Every page, run from app.py, in four worlds: healthy, critical, empty project, nothing published."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.builds.snapshot import Snapshot
from pipeline.catalogue.reading import read
from tests.grids import grids

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted(path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "pages").glob("*/*.py")))
SHOWING_VALUES = tuple(
    page for page in PAGES if re.search("portfolio|project|quality|cost|schedule|labor|evidence", page)
)
MODELS = {path.stem for path in (REPOSITORY / "dbt_project" / "models").rglob("*.sql")}
STATED = {
    f"pages/{name}.py": set(page.reads) for name, page in read(REPOSITORY / "dbt_project" / "catalogue").pages.items()
}
WORLDS = ("healthy", "critical", "empty_project", "nothing_published")


@pytest.fixture
def opened(world, monkeypatch):
    """opened(world, page, language, **query): the app after its first run on that page."""

    def run(name: str, page: str | None = None, language: str = "en", **query: str) -> AppTest:
        monkeypatch.setenv("PLIMSOLL_DATA", str(world(name).root))
        app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
        app.query_params["lang"] = language
        for parameter, value in query.items():
            app.query_params[parameter] = value
        if page is not None:
            app.switch_page(page)
        return app.run()

    return run


def words(app: AppTest) -> str:
    shown = (*app.markdown, *app.caption, *app.header, *app.title, *app.info, *app.error, *app.warning)
    drawn = [element.proto.body for element in app.get("html") if not element.proto.body.startswith("<style")]
    return "\n".join([*(str(element.value) for element in shown), *drawn])


def read_models(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The dbt models named in what is asked of a build from now on."""
    found: set[str] = set()
    query = Snapshot.query

    def noted(self, sql, params=None):
        found.update(MODELS.intersection(re.findall(r"\w+", sql)))
        return query(self, sql, params)

    monkeypatch.setattr(Snapshot, "query", noted)
    return found


def headline(app: AppTest) -> str:
    """The sentence under the page's title, without its links."""
    (sentence,) = re.findall(r'class="page-sentence">(.*?)</p>', words(app), re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", sentence))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", WORLDS)
def test_every_page_runs_in_every_world(opened, name, language, monkeypatch):
    """In English one session walks through all pages, as a person does. Outside a run AppTest formats choices in English, so
    that it cannot leave a page with a choice in Chinese: there each page has a session of its own."""
    reads, unstated = read_models(monkeypatch), {}
    app = opened(name, None, language)
    for page in PAGES:
        reads.clear()
        app = opened(name, page, language) if language == "zh" else app.switch_page(page).run()
        unstated[page] = sorted(reads - STATED[page]) if language == "en" else []
        assert not app.exception, page
        assert "Error id" not in words(app) and "错误编号" not in words(app), page
        assert 'class="page-title"' in words(app) or "### " in words(app), page  # nothing published has a way on alone
    assert {page: models for page, models in unstated.items() if models} == {}, "add to dbt_project/catalogue/pages.yml"


def test_a_healthy_project_is_calm(opened):
    app = opened("healthy")
    assert headline(app).startswith("●")
    assert "■" not in words(app)


def test_a_critical_project_opens_with_what_is_wrong(opened):
    app = opened("critical")
    # coverage 7,000 / 10,000 = 70 % under 80 %, CPI 600,000 / 750,000 = 0.80 under 0.90
    assert headline(app).startswith("■ 1 of 1 projects over a critical level: 轻舟项目")
    text = words(app)
    assert "70.0\u00a0%" in text
    assert "0.80" in text


def test_a_critical_project_in_chinese(opened):
    text = words(opened("critical", language="zh"))
    assert "超限" in text
    assert "Why this number?" not in text


def test_an_empty_project_is_unknown_and_never_zero_or_green(opened):
    for page in SHOWING_VALUES:
        text = words(opened("empty_project", page))
        assert "●" not in text, page
    assert headline(opened("empty_project")).startswith("○")


def test_an_empty_project_says_what_is_missing_and_offers_to_load_it(opened):
    text = words(opened("empty_project", "pages/quality/quality.py"))
    assert "coverage reports (轻舟项目) would give Line coverage" in text


def test_nothing_published_offers_the_sample_and_an_upload(opened):
    app = opened("nothing_published")
    labels = [button.label for button in app.button]
    assert "Load the sample portfolio" in labels
    assert "Upload exports" in labels


def test_filters_hold_across_pages_and_stand_in_the_url(opened):
    app = opened("healthy", project="QT", period="week")
    assert app.session_state["filter_projects"] == ["QT"]
    app.switch_page("pages/quality/quality.py").run()
    assert app.session_state["filter_projects"] == ["QT"]
    assert app.query_params["project"] in ("QT", ["QT"])
    assert app.query_params["period"] in ("week", ["week"])


@pytest.mark.parametrize("garbage", ["'; drop table kpi_values; --", "<script>alert(1)</script>", "%00", "../../x"])
def test_garbage_in_the_url_is_data(opened, garbage):
    query = {"customer": garbage, "project": garbage, "module": garbage, "at": garbage, "kpi": garbage, "of": garbage}
    for page in (None, "pages/overview/evidence.py"):
        app = opened("healthy", page, **query)
        assert not app.exception
        assert "Error id" not in words(app)
        assert app.session_state["filter_projects"] == []
        assert garbage not in words(app)


def test_a_card_leads_to_evidence_that_adds_up(opened):
    app = opened("critical", "pages/overview/evidence.py", kpi="test_coverage", of="QT")
    text = words(app)
    assert "7,000" in text and "10,000" in text
    measures = grids(app)[0].value
    assert sorted(measures["amount"]) == [7000.0, 10000.0, 10000.0]  # covered, valid, and the code it is held against
    rows = grids(app)[1].value
    assert len(rows) == 3  # one of each measure
    assert rows["file_name"].str.endswith(".csv").all()
    assert (rows["source_row"] >= 2).all()


def test_an_unexpected_error_shows_an_id_and_no_details(opened, monkeypatch, caplog):
    from models.kpis import values as kpis

    def broken(*_arguments):
        raise ValueError("password=hunter2")

    broken.__qualname__ = "broken"
    monkeypatch.setattr(kpis, "kpi_grid", broken)
    app = opened("healthy")
    text = words(app)
    assert re.search(r"Error id: [0-9a-f]{8}", text)
    assert "hunter2" not in text
    assert "hunter2" in caplog.text


def test_one_project_chosen_is_the_whole_and_shows_each_kpi_once(opened):
    app = opened("critical", "pages/overview/project.py", project="QT")
    assert not app.exception and "Error id" not in words(app)
    (every,) = [grid for grid in grids(app) if grid.key == "project_kpis"]
    names = every.texts("name")
    assert "line coverage" in [name.lower() for name in names] and "cost performance index (CPI)" in names
    assert len(names) == len(set(names)) > 10
