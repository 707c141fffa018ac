"""Values of modules and phases by week: most of all values, and hardly anybody opens them.

No build keeps them. They are put together when they are read, through the SQL that was published with the build, which is the
very one that made the values by month.
"""

from __future__ import annotations

from models.builds.snapshot import Snapshot
from models.vocabulary import Grain, PeriodKind

_IS_KEPT = "select 1 from information_schema.tables where table_name = 'kpi_member_weeks'"
_AROUND = "*"


def values_at(snapshot: Snapshot, grain: Grain, period_kind: PeriodKind, kpi_key: str | None = None) -> str:
    """What to select from for values of this grain and kind of period: kpi_values, or SQL in brackets with the same columns.

    kpi_key: only of this KPI, which takes a tenth of the time.
    """
    if period_kind != PeriodKind.WEEK or grain not in (Grain.MODULE, Grain.PHASE):
        return "kpi_values"
    if snapshot.query(_IS_KEPT).is_empty():
        return "kpi_values"  # a build of an older version holds them
    sql = dict(snapshot.query("select kpi_key, select_sql from kpi_member_weeks order by 1").iter_rows())
    around = sql.pop(_AROUND)
    judged = [sql[key] for key in sql if kpi_key in (None, key)]
    return f"({around.replace('<judged>', ' union all '.join(judged))})" if judged else "kpi_values"
