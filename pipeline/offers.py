"""All that pages may ask of the pipeline: one port per subject, for one data folder and one viewer.

Importing this imports neither dbt nor Great Expectations. What a port raises is a PlimsollError, in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from models.alerts.alert import AlertEvent, AlertToday
from models.alerts.news import News
from models.builds.data_dir import DataDir
from models.builds.published import Build
from models.builds.selection import Selection
from models.builds.snapshot import Snapshot
from models.builds.viewer import OWNER, Viewer
from models.document import Row
from models.errors import PlimsollError
from models.intake import Batch, FeedRule, LoadReport, Profile, Reason, UndoneFile
from models.kpis.values import selected_projects
from models.vocabulary import Grain
from pipeline import gate, ingest, notices, sample, scheduled
from pipeline.alerts import answering, listing, open_alerts
from pipeline.catalogue.feeds import kpis_of_feeds
from pipeline.gate.asking import Asking
from pipeline.ingest import column_names, dialects, mapped_words
from pipeline.published_values import stated_values
from pipeline.refresh import publishing, refreshing
from pipeline.refresh.baselines import baselines
from pipeline.settings import Settings
from pipeline.store import accounts, aliases, closings, health, losses, project_settings, rules, saved_views
from pipeline.workbook import Table, workbook


def now() -> dt.datetime:
    """This moment, in the installation's zone."""
    return Settings().now()


@dataclass(frozen=True)
class Port:
    folder: DataDir
    viewer: Viewer = OWNER


class Refreshes(Port):
    """How far a refresh is, and asking for one."""

    def state(self) -> dict[str, Any]:
        return refreshing.refresh_state(self.folder)

    def next_scheduled(self, at: dt.datetime) -> dict[str, Any]:
        return scheduled.next_scheduled_refresh(at)

    def ask(self, asked_by: str = "screen") -> None:
        refreshing.ask_for_refresh(self.folder, asked_by)

    def roll_back(self, build_id: str) -> None:
        publishing.roll_back(self.folder, build_id)

    def load_sample(self, on_step: Callable[[str, int, int], None]) -> list[LoadReport]:
        return sample.load_sample(self.folder, on_step)

    def store_trouble(self) -> PlimsollError | None:
        return health.store_trouble(self.folder)


class Intake(Port):
    """Files: read, landed, undone; their rows held back; the words and columns that somebody explains."""

    @property
    def meanings(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """{(feed, column): what a word of it may stand for}."""
        return mapped_words.mappable()

    def tool_names(self) -> Mapping[str, Mapping[str, str]]:
        """{tool: {language: its name}}."""
        return dialects.tool_names(self.folder)

    def broken_tools(self) -> list[Reason]:
        """What is wrong with the tools that the project office describes itself."""
        return dialects.broken_dialects(self.folder)

    def given_by_feed(self) -> Mapping[str, Sequence[str]]:
        """{feed: short names, in English, of the KPIs that count its rows}; known without a build."""
        return kpis_of_feeds()

    def batches(self) -> list[Batch]:
        return ingest.batches(self.folder)

    def undone(self) -> list[UndoneFile]:
        return ingest.undone(self.folder)

    def quarantined(self) -> pl.DataFrame:
        return ingest.quarantined(self.folder)

    def rejected_rows(self, batch_id: str, said: Callable[[Row], str]) -> bytes:
        return ingest.mendable_csv(self.folder, batch_id, said=said)

    def load(self, name: str, content: bytes, **options: Any) -> list[LoadReport]:
        """options: those of LoadOptions, by name."""
        return ingest.load_bytes(self.folder, name, content, ingest.LoadOptions(**options))

    def accept(self, batch_id: str) -> None:
        ingest.accept_batch(self.folder, batch_id, actor=self.viewer.actor)

    def undo(self, batch_id: str) -> None:
        ingest.undo_batch(self.folder, batch_id, actor=self.viewer.actor)

    def redo(self, batch_id: str) -> None:
        ingest.redo_batch(self.folder, batch_id, actor=self.viewer.actor)

    def keep_answers(self, name: str, feed: str, header: Sequence[str], **options: str) -> None:
        ingest.keep_answers(self.folder, name, feed, list(header), actor=self.viewer.actor, **options)

    def expected_of(self, feed: str) -> list[FeedRule]:
        return ingest.expected_of(feed)

    def column_names(self, content: bytes, encoding: str | None = None) -> list[str]:
        return column_names.column_names(self.folder, content, encoding)

    def mapped_words(self) -> list[dict[str, Any]]:
        return mapped_words.mapped_words(self.folder)

    def unknown_words(self) -> list[dict[str, Any]]:
        return mapped_words.unknown_words(self.folder)

    def map_word(self, feed: str, column: str, word: str, canonical: str) -> None:
        mapped_words.map_word(self.folder, feed, column, word, canonical, actor=self.viewer.actor)

    def unmap_word(self, feed: str, column: str, word: str) -> None:
        mapped_words.unmap_word(self.folder, feed, column, word, actor=self.viewer.actor)

    def profiles(self) -> list[Profile]:
        return ingest.profiles(self.folder)

    def profile_yaml(self, name: str) -> str:
        return ingest.profile_yaml(self.folder, name)

    def save_profile(
        self, name: str, feed: str, mapping: Mapping[str, str | None], header: Iterable[str], **options: str
    ) -> None:
        ingest.save_mapping_profile(
            self.folder, name, feed, mapping, header=tuple(header), actor=self.viewer.actor, **options
        )

    def save_profile_yaml(self, text: str) -> str:
        return ingest.save_profile_yaml(self.folder, text, actor=self.viewer.actor)

    def rename_profile(self, name: str, new_name: str) -> None:
        ingest.rename_profile(self.folder, name, new_name, actor=self.viewer.actor)

    def delete_profile(self, name: str) -> None:
        ingest.delete_profile(self.folder, name, actor=self.viewer.actor)


class SavedViews(Port):
    """What this viewer keeps under a name."""

    def every(self) -> list[dict[str, Any]]:
        return saved_views.saved_views(self.folder, self.viewer.actor)

    def save(self, name: str, page: str, query: str) -> None:
        saved_views.save_view(self.folder, self.viewer.actor, name, page, query)

    def remove(self, name: str) -> None:
        saved_views.remove_view(self.folder, self.viewer.actor, name)


class Exports(Port):
    """What leaves the screen as a file."""

    def kpis(self, snapshot: Snapshot, chosen: Selection) -> pl.DataFrame:
        """The values of the scope and period chosen, with the columns and in the order of `python -m pipeline kpis --json`."""
        grain = Grain.MODULE if chosen.module else Grain.PROJECT
        stated = stated_values(snapshot, None, grain, chosen.period_kind, chosen.period_end)
        is_narrowed = bool(chosen.customers or chosen.projects)
        projects = set(selected_projects(snapshot, chosen))
        rows = [
            value.model_dump(exclude_unset=True) | {"period": value.period.value}
            for value in stated
            if chosen.module in (None, value.module) and (not is_narrowed or value.project_key in projects)
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def workbook(self, tables: Mapping[str, Table]) -> bytes:
        """An XLSX file with a sheet for each of the tables, by its name. A table: its heads, then its rows."""
        return workbook(tables)


class Reference(Port):
    """What people decide about codes, accounts, periods, projects and losses."""

    def aliases(self) -> list[dict[str, Any]]:
        return aliases.aliases(self.folder)

    def add_alias(self, **words: Any) -> None:
        aliases.add_alias(self.folder, actor=self.viewer.actor, **words)

    def remove_alias(self, alias_id: int) -> None:
        aliases.remove_alias(self.folder, alias_id, actor=self.viewer.actor)

    def account_edits(self) -> list[dict[str, Any]]:
        return accounts.account_edits(self.folder)

    def set_account(self, **words: Any) -> None:
        accounts.set_account(self.folder, actor=self.viewer.actor, **words)

    def remove_account(self, **words: Any) -> None:
        accounts.remove_account(self.folder, actor=self.viewer.actor, **words)

    def closings(self) -> list[dict[str, Any]]:
        return closings.closings(self.folder)

    def close_period(self, **words: Any) -> None:
        closings.close_period(self.folder, **words)

    def reopen_period(self, **words: Any) -> None:
        closings.reopen_period(self.folder, **words)

    def project_settings(self) -> list[dict[str, Any]]:
        return project_settings.project_settings(self.folder)

    def set_project_setting(self, **words: Any) -> None:
        project_settings.set_project_setting(self.folder, **words)

    def accepted_losses(self) -> list[dict[str, Any]]:
        return losses.acceptances(self.folder)

    def accept_loss(self, **words: Any) -> None:
        losses.accept_loss(self.folder, **words)


class Baselines(Port):
    """The plans that projects are held against, and those that wait for approval."""

    def records(self) -> list[dict[str, Any]]:
        return baselines.baselines(self.folder)

    def waiting(self) -> list[dict[str, Any]]:
        return baselines.budgets_waiting(self.folder)

    def differences(self, baseline_id: int) -> dict[str, Any]:
        return baselines.differences(self.folder, baseline_id)

    def decide(self, act: Literal["approve", "reject"], baseline_id: int, /, **words: Any) -> None:
        decide = baselines.approve if act == "approve" else baselines.reject
        decide(self.folder, baseline_id, actor=self.viewer.actor, **words)


class Alerts(Port):
    """Open alerts, and what people answer to them."""

    def open(self) -> list[AlertToday]:
        return list(open_alerts.open_alerts(self.folder))

    def now(self) -> list[AlertToday]:
        return answering.alerts_now(self.folder)

    def ended_lately(self) -> list[AlertToday]:
        return answering.ended_lately(self.folder)

    def one(self, alert_key: str) -> AlertToday | None:
        return answering.alert_of(self.folder, alert_key)

    def story(self, alert_key: str) -> list[AlertEvent]:
        return answering.events_of(self.folder, alert_key)

    def last_evaluation(self) -> dict[str, Any] | None:
        return answering.last_evaluation(self.folder)

    def levels_of(self, snapshot: Snapshot, alerts: Sequence[AlertToday]) -> list[AlertToday]:
        return listing.levels_of(snapshot, alerts)

    def news(self, person: str = "") -> News:
        return answering.news(self.folder, self.viewer.actor, person)

    def see(self, up_to: int) -> None:
        answering.see(self.folder, self.viewer.actor, up_to)

    def answer(
        self, act: Literal["acknowledge", "snooze", "comment", "assign"], alert_keys: Iterable[str], /, **words: Any
    ) -> dict[str, PlimsollError]:
        """The same answer to each of them. Returns what was refused, by alert key."""
        answers: dict[str, Callable[..., None]] = {
            "acknowledge": answering.acknowledge,
            "snooze": answering.snooze,
            "comment": answering.comment,
            "assign": answering.assign,
        }
        return answering.each(lambda alert_key: answers[act](self.folder, alert_key, **words), alert_keys)


class Rules(Port):
    """The levels that people set in place of the catalogue's."""

    def every(self) -> list[dict[str, Any]]:
        return rules.rules(self.folder)

    def refusal(self, draft: Mapping[str, object], known_kpis: Mapping[str, object]) -> PlimsollError | None:
        return rules.refusal(draft, known_kpis)

    def set(self, drafts: Iterable[Row], *, reason: str, person: str, known_kpis: Mapping[str, object]) -> None:
        """All of them, or none: every draft is checked before the first is set."""
        drafted = [rules.Rule(**draft) for draft in drafts]
        for rule in drafted:
            rules.check(rule, known_kpis)
        for rule in drafted:
            rules.set_rule(self.folder, rule, reason=reason, person=person, known_kpis=known_kpis)

    def retire(self, rule_id: int, *, reason: str, person: str) -> None:
        rules.retire_rule(self.folder, rule_id, reason=reason, person=person)


class Gate(Port):
    """The release gate of one project."""

    def releases(self, project: str) -> list[str]:
        return gate.releases(self.folder, project)

    def ask(self, build: Build, snapshot: Snapshot, project: str, *, at: dt.datetime, release: str) -> Asking:
        return gate.ask(self.folder, build, snapshot, project, now=at, release=release)

    def local_day(self, build: Build, at: dt.datetime) -> dt.date:
        return gate.local_day(build, at)

    def record(self, asking: Asking) -> None:
        gate.record(self.folder, asking, self.viewer.actor, only_if_new=True)

    def edits(self, project: str) -> list[dict[str, Any]]:
        return gate.gate_edits(self.folder, project)

    def signatures(self, project: str, release: str) -> list[dict[str, Any]]:
        return gate.gate_signatures(self.folder, project, release)

    def waivers(self, project: str, release: str) -> list[dict[str, Any]]:
        return gate.gate_waivers(self.folder, project, release)

    def verdicts(self, project: str) -> list[dict[str, Any]]:
        return gate.gate_verdicts(self.folder, project)

    def act(
        self,
        name: Literal["sign", "withdraw_signature", "waive", "withdraw_waiver", "set_condition"],
        project: str,
        /,
        **words: Any,
    ) -> None:
        acts: dict[str, Callable[..., None]] = {
            "sign": gate.sign,
            "withdraw_signature": gate.withdraw_signature,
            "waive": gate.waive,
            "withdraw_waiver": gate.withdraw_waiver,
            "set_condition": gate.set_condition,
        }
        of_project = {} if "project_key" in words or name.startswith("withdraw") else {"project_key": project}
        acts[name](self.folder, **of_project, **words)


class Notices(Port):
    """Who is told of changes, and whether it reached them."""

    channel_names = notices.CHANNEL_NAMES
    fields = notices.FIELDS
    default_name = notices.DEFAULT_NAME

    def recipients(self) -> list[dict[str, Any]]:
        return notices.recipients(self.folder)

    def not_sent(self, at: dt.datetime) -> list[dict[str, Any]]:
        return notices.not_sent(self.folder, at)

    def unread(self) -> dict[int, int]:
        return notices.unread(self.folder)

    def inbox(self, recipient_id: int | None) -> list[dict[str, Any]]:
        return notices.inbox(self.folder, recipient_id)

    def mark_read(self, notice_ids: Sequence[int], at: dt.datetime) -> None:
        notices.mark_read(self.folder, notice_ids, at)

    def save(self, recipient_id: int | None, wanted: Row, person: str) -> None:
        """A new recipient where there is no id yet."""
        if recipient_id is None:
            notices.add_recipient(self.folder, notices.Wanted(**wanted), person)
        else:
            notices.edit_recipient(self.folder, recipient_id, notices.Wanted(**wanted), person)

    def retire(self, recipient_id: int, person: str, *, retire: bool) -> None:
        notices.retire_recipient(self.folder, recipient_id, person, retire=retire)

    def send_test(self, recipient_id: int, person: str) -> notices.Delivery:
        return notices.send_test(self.folder, recipient_id, person)

    def send_again(self, outbox_id: int, person: str, at: dt.datetime) -> dict[str, int]:
        return notices.send_again_now(self.folder, outbox_id, person, at)

    def give_up(self, outbox_id: int, person: str) -> None:
        notices.give_up(self.folder, outbox_id, person)
