"""The parts of a refresh on screen: how far it is, what the last ones did, which builds are kept.

What a refresh does is pipeline's; the functions here are given its state (`refresh_state`) and show it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from models import ports
from models.builds.published import Build
from models.intake import Batch
from models.vocabulary import BatchStatus
from ui.shell.carried import carried_through
from ui.shell.numbers import age_text, count_text, duration_text, instant_text
from ui.shell.tables import neutral_csv, number, save_button, table, text
from ui.shell.wording import _, msgid, reason_text, safe, spoken

POLLED_EVERY_SECONDS = 1.0
_ASKED_AT = "refresh_asked_at"
_ASKED_HERE = "refresh_asked_here"
_TRUSTED_SECONDS = 30  # a detached refresh that has not begun by then did not start at all

# step → (what it does, where the bar stands when it begins)
_STEPS: dict[str, tuple[str, float]] = {
    "start": (msgid("starting"), 0.01),
    "freeze": (msgid("writing down which batches count"), 0.04),
    "parse": (msgid("reading the models"), 0.10),
    "build": (msgid("building and testing the warehouse"), 0.20),
    "failing rows": (msgid("keeping the failing rows"), 0.92),
    "checkpoint": (msgid("closing the new build"), 0.90),
    "values": (msgid("keeping the values"), 0.92),
    "rename": (msgid("moving the new build into place"), 0.94),
    "manifest": (msgid("writing its manifest"), 0.96),
    "pointer": (msgid("publishing"), 0.97),
    "compare": (msgid("comparing with the build before"), 0.98),
    "alerts": (msgid("evaluating the alerts"), 0.99),
}
_NUMBERED = [step for step in _STEPS if step not in ("start", "failing rows")]  # the steps of a refresh that succeeds
_RUNS = {
    "running": ("…", msgid("running")),
    "published": ("●", msgid("published")),
    "failed": ("■", msgid("failed")),
    "interrupted": ("▲", msgid("interrupted")),
}
_ASKED_BY_WORDS = {
    "cli": msgid("command line"),
    "screen": msgid("this screen"),
    "upload": msgid("upload page"),
    "schedule": msgid("timer"),
    "inbox": msgid("inbox"),
    "sample": msgid("sample portfolio"),
    "catch_up": msgid("missed run"),
}


def ask(refreshes: ports.Refreshes, now: dt.datetime, asked_by: str = "screen") -> None:
    """Asks for a refresh and remembers that this session did."""
    refreshes.ask(asked_by)
    was_asked(now)


def refresh_bar(refreshes: ports.Refreshes, key: str) -> None:
    """How far a refresh is while one runs; else the button that asks for one."""
    now = dt.datetime.now(dt.UTC)
    if is_busy(refreshes.state(), now):
        progress(refreshes)
    elif st.button(_("Refresh now"), icon=":material/refresh:", key=key):
        ask(refreshes, now)
        st.rerun()


def was_asked(now: dt.datetime) -> None:
    """Remembers that this session has asked for a refresh, so that it sees the progress from the first second."""
    st.session_state[_ASKED_AT] = now
    st.session_state[_ASKED_HERE] = True


def load_sample(refreshes: ports.Refreshes) -> None:
    """Loads the sample folder by folder and asks for the refresh, also when the tab is closed."""
    bar = st.progress(0.0, text=_("Loading the sample portfolio: eight projects, two years"))

    def show(name: str, number: int, count: int) -> None:
        words = _(
            "Loading the sample portfolio, {number} of {count}: {name}", number=number, count=count, name=safe(name)
        )
        bar.progress((number - 1) / count, text=words)

    carried_through(refreshes.load_sample, then=lambda: refreshes.ask("sample"), show=show)


def was_asked_here() -> bool:
    """Whether this session has asked for a refresh, so that it wants to know how it ended."""
    return st.session_state.get(_ASKED_HERE, False)


def is_busy(state: dict[str, Any], now: dt.datetime) -> bool:
    """Whether a refresh runs or is about to: the page then shows its progress instead of the button."""
    if state["running"]:
        return True
    asked_at = st.session_state.get(_ASKED_AT)
    just_asked = asked_at is not None and (now - asked_at).total_seconds() < _TRUSTED_SECONDS
    return bool(state["pending"]) and (just_asked or bool(state["worker_alive"]))


def is_behind(build: Build | None, batches: Sequence[Batch]) -> bool:
    """Whether the batches that count now are others than those the build was made from."""
    counting = {batch.batch_id for batch in batches if batch.status == BatchStatus.LANDED}
    built = {batch["batch_id"] for batch in (build.manifest.get("batches") or [])} if build else set()
    return counting != built


@st.fragment(run_every=POLLED_EVERY_SECONDS)
def progress(refreshes: ports.Refreshes) -> None:
    """The refresh under way, once a second; when it has ended the whole page is drawn again with the new build."""
    state = refreshes.state()
    now = dt.datetime.now(dt.UTC)
    if not is_busy(state, now):
        st.session_state.pop(_ASKED_AT, None)
        st.rerun(scope="app")
    if not state["running"]:
        st.progress(0.0, text=_("Waiting for the refresh to begin"))
        return
    step, share = _share_done(state)
    words = _("Refreshing, step {number} of {count}: {step}", number=_number(state), count=len(_NUMBERED), step=step)
    if state.get("total"):
        words += f" ({count_text(state['done'])} / {count_text(state['total'])})"
    st.progress(share, text=words)
    st.caption(
        _(
            "Running for {duration}, since {since}, asked by {asked_by}. You can leave this page: the refresh goes on.",
            duration=duration_text(_seconds_since(state.get("since"), now)),
            since=instant_text(state.get("since")),
            asked_by=_asked_by(state.get("asked_by")),
        )
    )
    run: Mapping[str, Any] = next((run for run in state["last_runs"] if run["status"] == "running"), {})
    ended = _steps((run.get("steps") or [])[:-1])  # the last one goes on
    if ended:
        st.caption(_("Done: {steps}", steps=" · ".join(ended)))


def _number(state: dict[str, Any]) -> int:
    """Which of _NUMBERED the step under way is; what stands between two of them counts as the one before."""
    before = list(_STEPS)[: list(_STEPS).index(state["step"]) + 1] if state.get("step") in _STEPS else []
    return max(sum(step in _NUMBERED for step in before), 1)


def _seconds_since(since: str | None, now: dt.datetime) -> int | None:
    if not since:
        return None
    began = dt.datetime.fromisoformat(since)
    return max(int((now - (began if began.tzinfo else began.replace(tzinfo=dt.UTC))).total_seconds()), 0)


def _steps(steps: Sequence[dict[str, Any]] | None, least: float = 0.0) -> list[str]:
    """Steps that took so many seconds at least, each with them."""
    return [
        f"{_step_words(step['step'])} {duration_text(step['seconds'])}"
        for step in steps or []
        if step["seconds"] >= least
    ]


def _status(run: Mapping[str, Any]) -> str:
    sign, word = _RUNS.get(run["status"], ("", run["status"]))
    return f"{sign} {spoken(word)}"


def _share_done(state: dict[str, Any]) -> tuple[str, float]:
    """(the step in words, how far the bar stands): inside `build` by its nodes."""
    step = str(state.get("step") or "start")
    words, share = _STEPS.get(step, (step, 0.5))
    if step == "build" and state.get("total"):
        share += 0.7 * min(state["done"] / state["total"], 1.0)
    return spoken(words), share


def last_run_banner(runs: Sequence[dict[str, Any]]) -> None:
    """One line on the newest run that has ended: what it published, or why it published nothing."""
    ended = [run for run in runs if run["status"] != "running"]
    if not ended:
        return
    run = ended[0]
    when = instant_text(run["ended_at"] or run["started_at"])
    if run["status"] == "published":
        st.success(
            _(
                "Build {build_id} was published on {when}; it took {duration}.",
                build_id=run["build_id"],
                when=when,
                duration=duration_text(_seconds(run)),
            )
        )
    elif run["status"] == "failed":
        st.error(_("The last refresh failed on {when}; the last good build stays on screen.", when=when))
        if run["error"]:
            st.text(reason_text(run["error"]))
    else:
        st.warning(
            _(
                "The last refresh was interrupted on {when}; the last good build stays on screen. Refresh again.",
                when=when,
            )
        )


def runs_table(runs: Sequence[dict[str, Any]]) -> None:
    """The last runs, newest first, with the time of each step."""
    if not runs:
        st.info(_("No refresh has run yet."))
        return

    error = text(_("Error"), lambda run: " ".join(reason_text(run["error"] or {}).split()), width="medium")
    table(
        runs,
        {
            "status": text(_("Status"), _status, width=90),
            "build": text(_("Build"), lambda run: run["build_id"], width=90),
            "started": text(
                _("Started"), lambda run: instant_text(run["started_at"]), value=itemgetter("started_at"), width=160
            ),
            "asked_by": text(_("Asked by"), lambda run: _asked_by(run["asked_by"]), width=100),
            "seconds": number(_("Seconds"), _seconds, format="%.1f", width=70),
            "steps": text(_("Steps"), lambda run: " · ".join(_steps(run["steps"], least=0.05)), width="large"),
            "error": error if any(run["error"] for run in runs) else None,
        },
        key="refresh_runs",
    )


def _seconds(run: Mapping[str, Any]) -> float:
    return sum(step["seconds"] for step in run["steps"] or [])


def _neutral_csv_of(path: Path) -> bytes:
    return neutral_csv(pl.read_parquet(path))


def failed_tests(runs: Sequence[dict[str, Any]], root: Path) -> bool:
    """The tests that stopped the newest ended run, each with its rows to download. False if none did."""
    ended = [run for run in runs if run["status"] != "running"]
    if not ended or ended[0]["status"] != "failed" or not ended[0]["failed_tests"]:
        return False
    run = ended[0]
    skipped = [test for test in run["failed_tests"] if test.get("status") == "skipped"]
    for place, test in enumerate(run["failed_tests"]):
        if test in skipped:
            continue
        with st.container(border=True):
            st.markdown(f"■ **{safe(test['name'])}**")
            st.text(" ".join(str(test.get("message") or "").split()))
            path = root / test["rows_file"] if test.get("rows_file") else None
            if path and path.exists():
                name = f"{run['build_id']}_{path.stem}.csv"
                save_button(
                    _("Download failing rows"),
                    partial(_neutral_csv_of, path),
                    name,
                    key=f"failed_rows_{place}",
                )
    if skipped:
        st.caption(_("{count} more nodes were skipped because these failed.", count=len(skipped)))
    return True


def schedule_line(state: dict[str, Any]) -> None:
    """When the next refresh comes by itself, or that none does."""
    cron, next_run = state.get("schedule"), state.get("next_run")
    if not state["worker_alive"]:
        st.info(
            _(
                "No worker is running: nothing is refreshed by itself and the inbox is not watched. "
                "Start one with `python -m pipeline work`."
            )
        )
    elif next_run:
        st.caption(
            _(
                "Next refresh by schedule: {when} ({cron})",
                when=instant_text(next_run),
                cron=f"`{cron}`" if cron else "",
            )
        )
    else:
        st.caption(_("A worker is running and watches the inbox."))


def kept_builds(builds: Sequence[Build], current: Build | None, now: dt.datetime) -> str | None:
    """The builds that can be pointed back to, newest first; the id of the one a person has just asked for."""
    asked_for = None
    for build in builds:
        row = st.columns([2, 4, 3, 3], vertical_alignment="center")
        row[0].markdown(f"**{build.build_id}**")
        row[1].write(f"{instant_text(build.published_at)} ({age_text(build.published_at, now)})")
        row[2].write(_("{count} batches", count=len(build.manifest.get("batches") or [])))
        if current is not None and build.build_id == current.build_id:
            row[3].write(_("on screen now"))
        elif row[3].button(_("Roll back to this build"), key=f"refresh_roll_back_{build.build_id}"):
            asked_for = build.build_id
    return asked_for


def _step_words(step: str) -> str:
    return spoken(_STEPS.get(step, (step, 0.0))[0])


def _asked_by(who: str | None) -> str:
    return spoken(_ASKED_BY_WORDS.get(who or "", who or ""))
