"""The feeds, each a plug-in in a folder of its own or, with nothing special, in plain.py; none of them knows another."""

from __future__ import annotations

from models.feeds import FEEDS
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.feeds.account_balances.plugin import PLUGIN as ACCOUNT_BALANCES
from pipeline.ingest.feeds.attendance.plugin import PLUGIN as ATTENDANCE
from pipeline.ingest.feeds.budget.plugin import PLUGIN as BUDGET
from pipeline.ingest.feeds.calendars.plugin import PLUGIN as CALENDARS
from pipeline.ingest.feeds.contracts.plugin import PLUGIN as CONTRACTS
from pipeline.ingest.feeds.costs.plugin import PLUGIN as COSTS
from pipeline.ingest.feeds.coverage.plugin import PLUGIN as COVERAGE
from pipeline.ingest.feeds.fx_rates.plugin import PLUGIN as FX_RATES
from pipeline.ingest.feeds.issue_changes.plugin import PLUGIN as ISSUE_CHANGES
from pipeline.ingest.feeds.issues.plugin import PLUGIN as ISSUES
from pipeline.ingest.feeds.ledger.plugin import PLUGIN as LEDGER
from pipeline.ingest.feeds.payment_terms.plugin import PLUGIN as PAYMENT_TERMS
from pipeline.ingest.feeds.people.plugin import PLUGIN as PEOPLE
from pipeline.ingest.feeds.plain import PLAIN
from pipeline.ingest.feeds.rates.plugin import PLUGIN as RATES
from pipeline.ingest.feeds.schedule.plugin import PLUGIN as SCHEDULE
from pipeline.ingest.feeds.test_results.plugin import PLUGIN as TEST_RESULTS
from pipeline.ingest.feeds.worklogs.plugin import PLUGIN as WORKLOGS

_SPECIAL = {
    plugin.name: plugin
    for plugin in (
        ACCOUNT_BALANCES,
        ATTENDANCE,
        BUDGET,
        CALENDARS,
        CONTRACTS,
        COSTS,
        COVERAGE,
        FX_RATES,
        ISSUE_CHANGES,
        ISSUES,
        LEDGER,
        PAYMENT_TERMS,
        PEOPLE,
        RATES,
        SCHEDULE,
        TEST_RESULTS,
        WORKLOGS,
        *PLAIN,
    )
}
PLUGINS: dict[str, FeedPlugin] = {name: _SPECIAL.get(name) or FeedPlugin(name) for name in FEEDS}
