"""Exports that gave wrong verdicts without a word, loaded as people load them; built once for the faults 43, 45 and 46."""

from __future__ import annotations

from models.builds.data_dir import DataDir
from pipeline.refresh.refreshing import refresh
from tests.ingest.exports import load

# DATES is exactly on plan: June 2026 has 21 working days, 11 of them by the 15th; July 23, 11 by the 15th. 11/21, 11/23.
_BUDGET = "Project code,WBS,Cost category,Month,Planned value\n" + "".join(
    f"DATES,{month},Labor,2026-{month:02d}-01,100000\n" for month in (6, 7, 8)
)
_TASK = "Project,Task ID,WBS,Task name,Baseline start,Baseline finish,% Complete,Data date\n"
_JUNE = _TASK + (
    "DATES,T6,6,June,2026-06-01,2026-06-30,52.38095%,2026-06-15\n"
    "DATES,T7,7,July,2026-07-01,2026-07-31,0%,2026-06-15\nDATES,T8,8,August,2026-08-03,2026-08-31,0%,2026-06-15\n"
)
_JULY = _TASK + (
    "DATES,T6,6,June,2026-06-01,2026-06-30,100%,2026-07-15\n"
    "DATES,T7,7,July,2026-07-01,2026-07-31,47.826087%,2026-07-15\nDATES,T8,8,August,2026-08-03,2026-08-31,0%,2026-07-15\n"
)
_ISSUES = "Issue key,Issue Type,Summary,Status,Project key,Component/s,Severity,Resolution,Created,Resolved,Updated\n"
# the newest day of DATES is told at half past seven in the morning
_DATES = _ISSUES + (
    "DATES-1,Task,a,Done,DATES,core,,Done,2026-07-20 09:00,2026-07-28 07:30,2026-07-28 07:30\n"
    "DATES-2,Task,b,Open,DATES,core,,,2026-07-20 09:00,,2026-07-20 09:00\n"
)
# WORDS: a word that nobody knows for the severity of an open bug, among two that are harmless
_WORDS = _ISSUES + (
    "WORDS-1,Bug,a,Open,WORDS,core,1 - Kritisk,,2026-07-01 09:00,,2026-07-28 09:00\n"
    "WORDS-2,Bug,b,Open,WORDS,core,Minor,,2026-07-01 09:00,,2026-07-28 09:00\n"
    "WORDS-3,Bug,c,Open,WORDS,core,Minor,,2026-07-01 09:00,,2026-07-28 09:00\n"
)
_SIZE = "项目编号,模块,统计日期,有效代码行\nFRAG,core,2026-07-01,10000\nFRAG,tiny,2026-07-01,100\n"
_COVERAGE = "项目编号,模块,测量日期,有效行数,覆盖行数\nFRAG,tiny,2026-07-20,10,10\n"
_RUNS = (
    '<testsuite name="pay" timestamp="2026-07-20T09:00:00" tests="3" failures="2">'
    '<testcase classname="pay.Sum" name="adds" time="0.1"><failure message="1"/></testcase>'
    '<testcase classname="pay.Sum" name="adds" time="0.1"><failure message="2"/></testcase>'
    '<testcase classname="pay.Sum" name="adds" time="0.1"/></testsuite>'
)
_JIRA_HOURS = (
    "Issue key,Issue Type,Summary,Status,Project key,Created,Updated,Log Work,Log Work\n"
    "TWICE-1,Task,a,Open,TWICE,2026-07-01 09:00,2026-07-28 09:00,fix;2026-07-06 09:00;ada;10800,fix;2026-07-07 09:00;ben;25200\n"
)
_TEMPO_HOURS = (
    "Issue Key,Issue summary,Hours,Work date,Username,Full name,Work Description\n"
    "TWICE-1,a,3,2026-07-06,ada,Ada,fix\nTWICE-1,a,7,2026-07-07,ben,Ben,fix\n"
)


def make_silently_wrong(data_dir: DataDir) -> None:
    """Loads and builds. Fills the folder for `made_once`."""
    for name, content, options in (
        ("budget.csv", _BUDGET, {}),
        ("june.csv", _JUNE, {}),
        ("july.csv", _JULY, {}),
        ("dates.csv", _DATES, {}),
        ("words.csv", _WORDS, {}),
        ("size.csv", _SIZE, {}),
        ("coverage.csv", _COVERAGE, {}),
        ("junit.xml", _RUNS, {"project": "RUNS"}),
        ("jira.csv", _JIRA_HOURS, {}),
        ("tempo.csv", _TEMPO_HOURS, {}),
    ):
        for entry in load(data_dir, name, content, **options):
            assert entry["status"] == "landed", (name, entry["reasons"])
    assert refresh(data_dir).status == "published"
