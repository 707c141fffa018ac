"""What pages tell over time and by wave, on tables that stand in this file."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import duckdb

from models.kpis.series import sites_by_wave, sites_of_wave

FACTS = """
    create table dim_projects as select * from (values ('P', date '2026-03-31')) as t(project_key, status_on);
    create table dim_batches as select * from (values ('b1', 'sites.csv')) as t(batch_id, file_name);
    create table fct_sites as select * from (values
        ('P', 'S2', 'South', 'W1', date '2026-02-20', null, null, null, 8.0, 'b1', 3),
        ('P', 'S1', 'North', 'W1', date '2026-02-01', date '2026-02-03', date '2026-02-20', 4, 10.0, 'b1', 2),
        ('P', 'S3', 'East', null, date '2026-05-01', null, null, null, null, 'b1', 4),
        ('Q', 'S1', 'Other', 'W1', date '2026-02-01', null, null, null, null, 'b1', 5)
    ) as t(project_key, site, site_name, wave, planned_live_on, actual_live_on, accepted_on, defects_at_acceptance, hours,
        batch_id, source_row);
"""


def test_the_sites_of_a_wave_are_those_that_its_row_counts():
    connection = duckdb.connect()
    connection.execute(FACTS)
    snapshot = SimpleNamespace(query=lambda sql, given: connection.execute(sql, given).pl())
    counted = sites_by_wave(snapshot, "P").select("wave", "sites", "live").rows()
    assert counted == [("W1", 2, 1), ("-", 1, 0)]
    rows = sites_of_wave(snapshot, "P", "W1")
    assert rows.select("site", "actual_live_on", "file_name", "source_row").rows() == [
        ("S1", dt.date(2026, 2, 3), "sites.csv", 2),
        ("S2", None, "sites.csv", 3),
    ]
    assert sites_of_wave(snapshot, "P", "-")["site"].to_list() == ["S3"]
