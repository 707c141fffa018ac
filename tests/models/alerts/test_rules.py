"""Rules on a published build: which levels raise alerts where, when one ends, and what a draft would have done on the history.

The build is made by hand: one KPI, coverage = lines covered ÷ lines valid, better high, 85 % and 80 % in the catalogue.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

import duckdb
import pytest

from models.alerts.kinds.levels import level_signals
from models.alerts.preview import preview
from models.alerts.signals import Scope
from models.alerts.vocabulary import AlertLevel
from models.builds.published import Build
from models.builds.snapshot import Snapshot
from models.kpis.crossed_level import level_told
from pipeline.store.rules import Rule

MONTHS = [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31), dt.date(2026, 4, 30), dt.date(2026, 5, 31)]
KPI = {
    "kpi_key": "test_coverage", "section": "quality", "sort_order": 1, "label": "line coverage",
    "short_label": "Line coverage", "description": "", "unit": "percent",
    "better": "higher", "warning_at": 0.85, "critical_at": 0.8, "low_warning_at": None, "level_reason_text": None,
    "formula_text": "",
    "formula_sql": "cast(covered as double) / nullif(cast(lines as double), 0)", "numerator_sql": "covered",
    "denominator_sql": "lines", "is_known_sql": "covered is not null and lines is not null", "status_sql": None,
    "edge_sql": None, "too_early_sql": None, "unrated_sql": None, "warning_at_sql": None, "critical_at_sql": None,
    "counted_sql": None, "counted_of_sql": None, "reversed_sql": None, "unknown_words_sql": None, "readings_sql": [],
    "total": "covered", "percentile": None, "measures": ["covered", "lines"], "terms": ["covered", "lines"],
    "words": [], "feeds": ["coverage"], "counts_window": "latest",
    "grains": ["portfolio", "project", "module"], "complete_at": "project", "status_from": None, "is_cost": False,
    "is_gate": True, "not_applicable_to": [], "beside": None, "dated": None,
}  # fmt: skip


def rule(rule_id: int, **columns: object) -> dict:
    """A row of the table `rules`."""
    stated = asdict(Rule("level", "test_coverage", dt.date(2026, 1, 1), **columns))
    return stated | {"rule_id": rule_id, "valid_from": stated["valid_from"].isoformat()}


def judged(covered: int, levels: tuple[float, float]) -> str:
    """By hand: of 100 lines, below warning, below critical."""
    warning, critical = levels
    return "critical" if covered < critical * 100 else "warning" if covered < warning * 100 else "ok"


@pytest.fixture
def build(tmp_path):
    """build(series): a Snapshot. series: {(grain, project, module): (lines covered of 100 by month, levels, rule_id)}."""

    def made(series: dict, sites: dict[str, list[int]] | None = None) -> Snapshot:
        path = tmp_path / f"build-{len(list(tmp_path.iterdir()))}.duckdb"
        connection = duckdb.connect(str(path))
        columns = ", ".join(f"{_literal(value)} as {name}" for name, value in KPI.items())
        connection.execute(f"create table dim_kpis as select {columns}")
        connection.execute(
            """
            create table dim_projects as
            select * from (values ('A', 'Alpha', 'one', null), ('B', 'Beta', 'two', date '2026-04-15'))
                as rows (project_key, project_name, customer, actual_finish_on);
            alter table dim_projects add column is_unallocated boolean default false;
            alter table dim_projects add column cost_closed_on date;
            alter table dim_projects add column currency varchar default 'CNY';
            alter table dim_projects add column finance_closed_on date;
            create table kpi_values (
                kpi_key varchar, grain varchar, project_key varchar, module varchar, phase varchar, period_kind varchar,
                period_start date, period_end date, as_of date, value double, numerator double, denominator double,
                status varchar, is_incomplete boolean, is_provisional boolean, is_stale boolean, is_restated boolean,
                is_current boolean, warning_at double, critical_at double, low_warning_at double, low_critical_at double,
                bad_direction varchar, rule_id bigint, left_out varchar[], reason varchar
            )
            """
        )
        for (grain, project, module), (covered, levels, rule_id) in series.items():
            for month, lines in zip(MONTHS, covered, strict=False):
                status = judged(lines, levels)
                connection.execute(
                    """
                    insert into kpi_values values ('test_coverage', ?, ?, ?, '*', 'month', ?, ?, ?, ?, ?, 100, ?, false, false,
                        false, false, ?, ?, ?, null, null, 'below', ?, [], null)
                    """,
                    [grain, project, module, month.replace(day=1), month, month, lines / 100, lines, status]
                    + [month == MONTHS[len(covered) - 1], *levels, rule_id],
                )
        _sites(connection, sites or {})
        connection.close()
        return Snapshot(Build("b-000001", path, dt.datetime.now(dt.UTC), {}))

    return made


def _sites(connection: duckdb.DuckDBPyConnection, sites: dict[str, list[int]]) -> None:
    """sites: {site: lines covered in each month}, of a fact whose rows name their site; another fact does not."""
    connection.execute(
        """
        create table unmapped_words (project_key varchar, feed varchar, column_name varchar, word varchar, row_count bigint);
        create table dim_measures as select * from (values ('covered', 'fct_sites', false), ('lines', 'fct_sites', false))
            as rows (measure_key, fact, is_in_period);
        create table fct_sites (project_key varchar, site varchar, site_name varchar, batch_id varchar, source_row bigint);
        create table kpi_measure_rows (measure_key varchar, fact varchar, project_key varchar, batch_id varchar,
            source_row bigint, counts_from date, counts_until date, amount decimal(28, 4));
        create table kpi_cells (grain varchar, project_key varchar, period_kind varchar, period_end date, covered int, lines int);
        create table dim_periods (project_key varchar, period_kind varchar, period_start date, period_end date, as_of date)
        """
    )
    for month in MONTHS:
        connection.execute(
            "insert into dim_periods values ('A', 'month', ?, ?, ?)", [month.replace(day=1), month, month]
        )
        connection.execute("insert into kpi_cells values ('project', 'A', 'month', ?, 1, 1)", [month])
    row = 0
    for site, every in sites.items():
        for month, covered in zip(MONTHS, every, strict=True):
            row += 1
            begins, ends = month.replace(day=1), month + dt.timedelta(days=1)
            connection.execute("insert into fct_sites values ('A', ?, ?, 'x', ?)", [site, f"name of {site}", row])
            for measure, amount in (("covered", covered), ("lines", 100)):
                connection.execute(
                    "insert into kpi_measure_rows values (?, 'fct_sites', 'A', 'x', ?, ?, ?, ?)",
                    [measure, row, begins, ends, amount],
                )


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


USUAL = (0.85, 0.8)


def test_a_module_or_the_portfolio_raises_an_alert_only_where_a_rule_was_written_for_it(build):
    snapshot = build(
        {
            ("project", "A", "*"): ([84], USUAL, None),
            ("module", "A", "core"): ([70], (0.9, 0.75), 2),
            ("module", "A", "web"): ([70], USUAL, None),
            ("portfolio", "*", "*"): ([70], USUAL, None),
        }
    )
    written = rule(2, project_key="A", module="core", warning_at=0.9, critical_at=0.75)
    said = {signal.scope: signal for signal in level_signals(snapshot, [written])}
    assert said.keys() == {Scope("project", "A"), Scope("module", "A", "core")}
    assert (said[Scope("project", "A")].reading, said[Scope("project", "A")].level) == (AlertLevel.WARNING, 0.85)
    module = said[Scope("module", "A", "core")]
    assert (module.reading, module.level, module.rule_id) == (AlertLevel.CRITICAL, 0.75, 2)
    assert module.policy.fingerprint.startswith("rule 2 ")


@pytest.mark.parametrize(("covered", "is_clear"), [(87, False), (88, True), (90, True)])
def test_an_alert_ends_only_on_the_good_side_of_the_clear_level(build, covered, is_clear):
    stated = rule(
        3, project_key="A", warning_at=0.85, critical_at=0.8, clear_at=0.88, pending_dates=2, recovering_dates=3
    )
    [signal] = level_signals(build({("project", "A", "*"): ([covered], USUAL, 3)}), [stated])
    assert (signal.reading, signal.is_clear) == (AlertLevel.OK, is_clear)
    assert (signal.policy.pending_dates, signal.policy.recovering_dates) == (2, 3)
    [usual] = level_signals(build({("project", "A", "*"): ([covered], USUAL, None)}), [])
    assert usual.is_clear  # without a rule the warning level is the line


def test_what_is_switched_off_is_not_judged_and_a_closed_project_is_closed(build):
    snapshot = build({("project", "A", "*"): ([70], USUAL, 4), ("project", "B", "*"): ([70] * 4, USUAL, None)})
    said = {
        level_signal.scope.project_key: level_signal
        for level_signal in level_signals(snapshot, [rule(4, project_key="A", is_off=True)])
    }
    assert said["A"].reading is AlertLevel.NOT_JUDGED
    assert said["B"].reading is AlertLevel.CLOSED


def test_a_site_is_the_rows_that_name_it(build):
    """S1: 60 of 100 lines in May, below 70 %; of S2 no rule speaks. S1 is also found by its name."""
    sites = {"S1": [90, 90, 80, 80, 60], "S2": [10, 10, 10, 10, 10]}
    snapshot = build({("project", "A", "*"): ([90] * 5, USUAL, None)}, sites)
    for name in ("S1", "name of S1"):
        stated = rule(5, project_key="A", site=name, warning_at=0.85, critical_at=0.7)
        [_project, site] = level_signals(snapshot, [stated])
        assert (site.scope, site.reading) == (Scope("site", "A", site=name), AlertLevel.CRITICAL)
        assert (site.value, site.level, site.data_date) == (0.6, 0.7, MONTHS[-1])
    [found] = preview(snapshot, rule(0, project_key="A", site="S1", warning_at=0.85, critical_at=0.5), [])
    assert found.present is None
    assert [(episode.fired_on, episode.severity) for episode in found.draft.episodes] == [
        (MONTHS[2], AlertLevel.WARNING)
    ]


def test_a_kpi_whose_rows_name_no_site_is_told_to_be_none_of_sites(build):
    snapshot = build({("project", "A", "*"): ([90], USUAL, None)})
    snapshot.close()
    with duckdb.connect(str(snapshot.path)) as connection:
        connection.execute("update dim_measures set fact = 'fct_coverage' where measure_key = 'lines'")
    stated = rule(6, project_key="A", site="S1", warning_at=0.85)
    again = Snapshot(Build("b-000001", snapshot.path, dt.datetime.now(dt.UTC), {}))
    [_project, site] = level_signals(again, [stated])
    assert site.reading is AlertLevel.NOT_JUDGED
    assert "name no site" in site.template


def test_a_draft_is_replayed_over_the_months_beside_the_present_levels(build):
    """A: 82, 79, 84, 86, 83 of 100. Present, 85 and 80: fires in January, critical in February, recovers in April after
    89 days, fires again in May. A draft of 83 and 81: fires in January, critical in February, recovers in March after 59
    days; 83 in May is exactly on its line. With two data dates until it fires: from February on."""
    snapshot = build(
        {("project", "A", "*"): ([82, 79, 84, 86, 83], USUAL, None), ("project", "B", "*"): ([90] * 5, USUAL, None)}
    )
    alpha, beta = preview(snapshot, rule(0, warning_at=0.83, critical_at=0.81), [])
    [one] = alpha.draft.episodes
    assert (one.fired_on, one.ended_on, one.severity, one.days) == (MONTHS[0], MONTHS[2], AlertLevel.CRITICAL, 59)
    first, second = alpha.present.episodes
    assert (first.fired_on, first.ended_on, first.severity, first.days) == (
        MONTHS[0],
        MONTHS[3],
        AlertLevel.CRITICAL,
        89,
    )
    assert (second.fired_on, second.ended_on, second.severity) == (MONTHS[4], None, AlertLevel.WARNING)
    assert (beta.draft.episodes, beta.present.episodes) == ((), ())
    assert [reading for _when, reading in beta.draft.readings][-2:] == [AlertLevel.CLOSED] * 2
    patient, _beta = preview(snapshot, rule(0, warning_at=0.83, critical_at=0.81, pending_dates=2), [])
    assert [(episode.fired_on, episode.ended_on) for episode in patient.draft.episodes] == [(MONTHS[1], MONTHS[2])]
    off, _beta = preview(snapshot, rule(0, is_off=True), [])
    assert off.draft.episodes == ()


def test_a_draft_changes_nothing_where_a_more_specific_rule_holds(build):
    snapshot = build({("project", "A", "*"): ([82], USUAL, None), ("project", "B", "*"): ([82], USUAL, None)})
    own = rule(7, project_key="A", warning_at=0.5)
    alpha, beta = preview(snapshot, rule(0, warning_at=0.83), [own])
    assert alpha.draft is None
    assert len(beta.draft.episodes) == 1
    [replaced] = preview(snapshot, rule(0, project_key="A", warning_at=0.83), [own])
    assert len(replaced.draft.episodes) == 1  # of equal ones the newest


@pytest.mark.parametrize(
    ("value", "status", "level"),
    [
        (0.05, "critical", 0.1),
        (0.15, "warning", 0.2),
        (0.85, "warning", 0.8),
        (0.95, "critical", 0.9),
        (0.6, "ok", 0.8),
    ],
)
def test_a_value_outside_a_band_is_told_with_the_side_it_lies_on(value, status, level):
    row = {"value": value, "bad_direction": "outside", "warning_at": 0.8, "critical_at": 0.9}
    row |= {"low_warning_at": 0.2, "low_critical_at": 0.1}
    assert level_told(row, is_critical=status == "critical") == level
