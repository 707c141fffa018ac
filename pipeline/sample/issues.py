"""Requirements, stories, tasks and defects of every story, as its tracker would hold them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from pipeline.sample.documents import document
from pipeline.sample.stories import SEED, STORIES, Story

_NONE: Any = None  # numpy's types know no array that holds it
MINUTES_A_DAY = 1440
CODE_CAUSE_SHARES = (0.84, 0.09, 0.07)
IN_WARRANTY = 6  # defects and tasks each after the finish of a project that still has its team
PARKED = "parked"  # a word of the shop's own, which nobody has mapped
DISMISSED = ("as_designed", "duplicate", "cannot_reproduce", "to_requirement")
SEVERITIES = ("fatal", "serious", "normal", "minor", "suggestion")
SEVERITY_SHARES = (0.01, 0.08, 0.60, 0.24, 0.07)
DAYS_TO_RESOLVE = {"fatal": 1.5, "serious": 3.0, "normal": 5.5, "minor": 8.0, "suggestion": 12.0}
FIRST_TASK, FIRST_DEFECT = 501, 2001  # ZenTao numbers them apart


def _tracker(story: Story) -> dict:
    """How the story's tracker names statuses, priorities and causes."""
    return document("lists")["trackers"][story.tracker]


def _random(story: Story, subject: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([SEED, story.number, subject]))


def _local_times(random: np.random.Generator, begin: dt.date, end: dt.date, count: int, skew: float) -> np.ndarray:
    """Sorted local times (minutes) on weekdays between 9:00 and 18:59; skew > 1 puts more of them late."""
    days = (end - begin).days
    offsets = np.sort((random.random(count) ** (1 / skew) * days).astype(int))
    dates = np.datetime64(begin, "D") + offsets
    weekday = (dates.astype("datetime64[D]").view("int64") + 3) % 7  # 0 = Monday
    dates = dates - np.where(weekday >= 5, weekday - 4, 0)
    dates = np.maximum(dates, np.datetime64(begin, "D"))
    return dates.astype("datetime64[m]") + (9 * 60 + random.integers(0, 600, count)).astype("timedelta64[m]")


def _after(random: np.random.Generator, start: np.ndarray, days: np.ndarray | float) -> np.ndarray:
    """A time some log-normal days later, in minutes."""
    length = np.maximum(random.lognormal(0, 0.6, len(start)) * days * MINUTES_A_DAY, 45)
    return start + length.astype("int64").astype("timedelta64[m]")


def _defects(story: Story) -> pl.DataFrame:
    random = _random(story, 2)
    total = story.code_defects + story.other_defects + story.dismissed_defects
    third_party = story.other_defects // 6
    counts = (story.code_defects, third_party, story.other_defects - third_party, story.dismissed_defects)
    kind = np.repeat(("code", "third_party", "other", "dismissed"), counts)
    random.shuffle(kind)
    begin = story.starts + dt.timedelta(days=(story.status_on - story.starts).days // 4)
    last = story.actual_finish or story.status_on
    created = _local_times(random, begin, last - dt.timedelta(days=1), total, 1.3)
    if story.is_in_warranty:
        created[-IN_WARRANTY:] = _local_times(random, last + dt.timedelta(days=8), _late(story), IN_WARRANTY, 1.0)
    severity = random.choice(SEVERITIES, total, p=SEVERITY_SHARES)
    elsewhere = "other" if story.tracker == "zentao" else "third_party"  # ZenTao knows it by the solution alone
    in_code = random.choice(_tracker(story)["code_causes"], total, p=CODE_CAUSE_SHARES)
    not_in_code = random.choice(_tracker(story)["other_causes"], total)
    cause = np.where(kind == "other", not_in_code, np.where(kind == "third_party", elsewhere, in_code))
    resolution = np.where(
        kind == "dismissed",
        random.choice(DISMISSED, total),
        np.where(kind == "third_party", "third_party", np.where(random.random(total) < 0.02, "deferred", "fixed")),
    )
    grave = np.isin(severity, ("fatal", "serious"))
    resolution = np.where(grave & (resolution == "deferred"), "fixed", resolution)
    resolved = _after(random, created, np.array([DAYS_TO_RESOLVE[word] for word in severity]))
    closed = _after(random, resolved, 1.5)
    now = np.datetime64(story.status_on, "m") + np.timedelta64(18 * 60, "m")
    if story.actual_finish:  # nothing is left open when a project is over
        end = np.datetime64(story.status_on, "m") + np.timedelta64(17 * 60, "m")
        resolved = np.minimum(resolved, np.maximum(end - np.timedelta64(120, "m"), created + np.timedelta64(45, "m")))
        closed = np.minimum(closed, np.maximum(end, resolved + np.timedelta64(30, "m")))
    early = now - np.timedelta64(30, "m")
    created = np.minimum(created, early - np.timedelta64(60, "m"))
    resolved = np.where(grave, np.minimum(resolved, early - np.timedelta64(30, "m")), resolved)
    resolved = np.maximum(resolved, created + np.timedelta64(15, "m"))
    closed = np.where(grave, np.minimum(closed, early), closed)
    closed = np.maximum(closed, resolved + np.timedelta64(5, "m"))
    is_resolved, is_closed = resolved <= now, closed <= now
    if story.open_serious:
        left_open = np.flatnonzero((severity == "serious") & (kind == "code"))[-story.open_serious :]
        is_resolved[left_open] = is_closed[left_open] = False
    found_in = _found_in(story, random, kind != "dismissed").astype(object)
    words = _tracker(story)["statuses"]
    if story.tracker == "zentao":
        words = ["激活", "激活", *words[2:]]
    status = np.where(
        is_closed, words[3], np.where(is_resolved, words[2], np.where(random.random(total) < 0.5, words[0], words[1]))
    ).astype(object)
    nat = np.datetime64("NaT")
    resolved, closed = np.where(is_resolved, resolved, nat), np.where(is_closed, closed, nat)
    titles = random.choice(document("lists")["defect_titles"], total)
    named = created >= np.datetime64(story.fields_since or story.starts, "m")
    parked = np.flatnonzero(is_closed & (severity == "normal") & (kind == "code") & named)
    resolution[parked[: story.parked]] = PARKED
    module = random.choice(story.module_names, total, p=story.module_shares)
    return pl.DataFrame(
        {
            "issue_type": np.full(total, "defect"),
            "summary": _titles(module, titles),
            "resolution": np.where(is_resolved, resolution, _NONE).tolist(),
            "priority": random.choice(_tracker(story)["priorities"], total, p=(0.2, 0.6, 0.2)),
            "severity": np.where(named, severity, _NONE).tolist(),
            "defect_cause": cause,
            "module": module,
            "found_in_phase": np.where(named, found_in, _NONE).tolist(),
            "assignee": random.choice(story.team[2:], total),
            "reporter": random.choice(story.team, total),
            "reopened_count": _reopened(random, is_resolved, status, _tracker(story)["reopened"]),
            "created": created.astype("datetime64[us]"),
            "status": status.tolist(),  # after reopened_count, which may change it
            "resolved": resolved.astype("datetime64[us]"),
            "closed": closed.astype("datetime64[us]"),
        }
    )  # fmt: skip


def _titles(module: np.ndarray, words: np.ndarray) -> list[str]:
    return [f"{name} {text}" for name, text in zip(module, words, strict=True)]


def _reopened(random: np.random.Generator, is_resolved: np.ndarray, status: np.ndarray, word: str) -> np.ndarray:
    """How often each defect was reopened: one in twenty once; and the oldest that is open is open again, by its status too."""
    count = (random.random(len(status)) < 0.05).astype("int64")
    still_open = np.flatnonzero(~is_resolved)[:1]
    status[still_open], count[still_open] = word, 1
    return count


def _late(story: Story) -> dt.date:
    return story.status_on - dt.timedelta(days=6)


def _found_in(story: Story, random: np.random.Generator, confirmed: np.ndarray) -> np.ndarray:
    """Phases in exact numbers over the confirmed defects: UAT and escaped as the story says, late ones first."""
    total = len(confirmed)
    found = random.choice(("unit_test", "sit"), total, p=(0.22, 0.78)).astype(object)
    positions = np.flatnonzero(confirmed)
    escaped = round(story.escaped_share * len(positions))
    in_uat = round(story.uat_share * len(positions))
    late = positions[len(positions) // 2 :]
    if story.is_in_warranty:
        in_warranty = positions[positions >= total - IN_WARRANTY]
        found[total - IN_WARRANTY :] = "production"
        escaped, positions = escaped - len(in_warranty), positions[: len(positions) - len(in_warranty)]
    if escaped:
        last = positions[-max(escaped * 3, 1) :]
        for position in random.choice(last, escaped, replace=False):
            found[position] = "production" if random.random() < 0.3 else "trial_run"
    free = late[np.isin(found[late], ("unit_test", "sit"))]
    found[random.choice(free, in_uat, replace=False)] = "uat"
    return found


def _work_items(story: Story) -> pl.DataFrame:
    """Requirements before and after the freeze, stories and tasks."""
    random = _random(story, 3)
    total = story.work_items
    scrum = story.method == "scrum"
    kinds = ("story", "task") if scrum else ("requirement", "task")
    issue_type = np.where(np.arange(total) % 5 < 3, kinds[0], kinds[1])
    last = (story.actual_finish or story.status_on) - dt.timedelta(days=5)
    begin = story.starts + dt.timedelta(days=10)
    if story.freeze_on:
        requirements = np.flatnonzero(issue_type == "requirement")
        before = round(len(requirements) * 0.86)
        created = _local_times(random, begin, last, total, 1.6)
        until, since = story.freeze_on - dt.timedelta(days=3), story.freeze_on + dt.timedelta(days=7)
        created[requirements[:before]] = _local_times(random, begin, until, before, 1.2)
        after = len(requirements) - before
        created[requirements[before:]] = _local_times(random, since, last - dt.timedelta(days=40), after, 1.0)
    else:
        created = _local_times(random, begin, last, total, 1.0)
    if story.actual_finish and story.is_in_warranty:
        issue_type[-IN_WARRANTY:] = kinds[1]
        begun = story.actual_finish + dt.timedelta(days=2)
        created[-IN_WARRANTY:] = _local_times(random, begun, _late(story) - dt.timedelta(days=14), IN_WARRANTY, 1.0)
    days = random.integers(4, 15, total).astype(float)
    days = random.integers(2, 7, total).astype(float) if scrum else _settle_growth(story, issue_type, created, days)
    started = _after(random, created, 12.0)
    resolved = _after(random, started, story.cycle_days)
    now = np.datetime64(story.status_on, "m") + np.timedelta64(18 * 60, "m")
    if story.actual_finish:
        end = np.datetime64(story.status_on, "m") + np.timedelta64(17 * 60, "m")
        started = np.minimum(started, np.maximum(end - np.timedelta64(1440, "m"), created + np.timedelta64(60, "m")))
        resolved = np.maximum(np.minimum(resolved, end), started + np.timedelta64(60, "m"))
    is_started, is_done = started <= now, resolved <= now
    cancelled = (np.arange(total) % 35 == 34) & is_done
    words = _tracker(story)["statuses"]
    status = np.where(is_done, words[4], np.where(is_started, words[1], words[0]))
    status = np.where(cancelled, _tracker(story)["cancelled"], status)
    nat = np.datetime64("NaT")
    module = random.choice(story.module_names, total)
    return pl.DataFrame(
        {
            "issue_type": issue_type,
            "summary": _titles(module, random.choice(document("lists")["item_titles"], total)),
            "status": status,
            "resolution": np.where(cancelled, "cancelled", np.where(is_done, "done", _NONE)).tolist(),
            "priority": random.choice(_tracker(story)["priorities"], total, p=(0.2, 0.6, 0.2)),
            "module": module,
            "assignee": random.choice(story.team[1:], total),
            "reporter": random.choice(story.team, total),
            "original_estimate_hours": days * 8,
            "story_points": np.where((issue_type == "story"), random.choice((1.0, 2.0, 3.0, 5.0, 8.0), total), np.nan),
            "reopened_count": np.zeros(total, dtype="int64"),
            "created": created.astype("datetime64[us]"),
            "started": np.where(is_started, started, nat).astype("datetime64[us]"),
            "resolved": np.where(is_done, resolved, nat).astype("datetime64[us]"),
        }
    ).with_columns(pl.col("story_points").fill_nan(None))


def _settle_growth(story: Story, issue_type: np.ndarray, created: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Person-days of requirements after the freeze = growth × those before it (half days, the last one takes the rest)."""
    frozen = created < np.datetime64(story.freeze_on, "m") + np.timedelta64(MINUTES_A_DAY, "m")
    requirement = issue_type == "requirement"
    late = np.flatnonzero(requirement & ~frozen)
    target = story.growth * days[requirement & frozen].sum()
    if len(late):
        days[late] = np.maximum(np.floor(days[late] * target / days[late].sum() * 2) / 2, 0.5)
        days[late[-1]] = max(round((target - days[late[:-1]].sum()) * 2) / 2, 0.5)
    return days


def story_issues(story: Story) -> pl.DataFrame:
    """All issues of one story in the order of their creation, with the columns of the feed."""
    defects, items = _defects(story), _work_items(story)
    if story.tracker == "zentao":
        numbered = [_numbered(items, "", FIRST_TASK), _numbered(defects, "", FIRST_DEFECT)]
        both = pl.concat(numbered, how="diagonal_relaxed")
    else:
        both = _numbered(pl.concat([items, defects], how="diagonal_relaxed"), f"{story.tracker_project}-", 1)
    elements = {element.module: element.code for element in story.elements if element.module}
    sprint = pl.lit(None, pl.List(pl.String))
    if story.method == "scrum":
        number = (pl.col("created").dt.date() - story.starts).dt.total_days() // 14 + 1
        first, second = pl.format("Sprint {}", number), pl.format("Sprint {}", number + 1)
        is_late = pl.int_range(pl.len()) % 6 == 5  # one in six was not finished in its first sprint
        sprint = pl.when(is_late).then(pl.concat_list(first, second)).otherwise(pl.concat_list(first))
    label = pl.lit("interface" if story.tracker == "jira_en" else "接口")
    version = pl.format("v{}.{}", pl.col("created").dt.year() - 2024, pl.col("created").dt.quarter())
    complete = both.with_columns(
        sprint.alias("sprints"),
        pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.concat_list(label, "module")).alias("labels"),
        pl.concat_list(version).alias("fix_versions"),
        pl.lit(story.tracker_project).alias("project"),
        pl.col("module").replace_strict(elements, default=None).alias("wbs_code"),
        *[
            (pl.col(name) - pl.duration(hours=8)).cast(pl.Datetime("us")).alias(f"{name}_at")
            for name in ("created", "started", "resolved", "closed")
        ],
    )
    is_open_again = (pl.col("reopened_count") > 0) & pl.col("resolved_at").is_null()
    reopened_at = pl.when(is_open_again).then(pl.col("created_at") + pl.duration(days=2))
    due_on = (pl.col("created_at") + pl.duration(days=45)).dt.date()
    return _with_originals(_as_the_tracker_knows(story, complete)).with_columns(
        pl.max_horizontal("created_at", "started_at", "resolved_at", "closed_at", reopened_at).alias("updated_at"),
        pl.when(pl.col("issue_type") != "defect").then(due_on).alias("due_on"),
        _category(story).alias("status_category"),
    )


def _numbered(issues: pl.DataFrame, prefix: str, first: int) -> pl.DataFrame:
    number = (pl.int_range(pl.len()) + first).cast(pl.String)
    return issues.sort("created", maintain_order=True).with_columns((pl.lit(prefix) + number).alias("issue_key"))


def _with_originals(issues: pl.DataFrame) -> pl.DataFrame:
    """Every duplicate names its original: the valid defect before it that is at least as severe, else the first one after it."""
    weight = {word: place for place, word in enumerate(reversed(SEVERITIES))}
    defects = issues.filter(pl.col("issue_type") == "defect").sort("created").to_dicts()
    valid = [row for row in defects if row["resolution"] not in DISMISSED]
    links = {}
    for row in defects:
        if row["resolution"] != "duplicate":
            continue
        # the first defects of the shop name no severity, and none of them is an original
        least = weight.get(row["severity"], 0)
        fitting = [other for other in valid if other["severity"] and weight[other["severity"]] >= least]
        before = [other for other in fitting if other["created"] <= row["created"]]
        original = before[-1] if before else fitting[0]
        links[row["issue_key"]] = [f"Duplicate → {original['issue_key']}"]
    named = pl.DataFrame(
        {"issue_key": list(links), "links": list(links.values()), "issue_type": ["defect"] * len(links)},
        schema={"issue_key": pl.String, "links": pl.List(pl.String), "issue_type": pl.String},
    )
    # ZenTao numbers bugs and tasks apart
    return issues.join(named, on=["issue_key", "issue_type"], how="left", maintain_order="left")


def _as_the_tracker_knows(story: Story, issues: pl.DataFrame) -> pl.DataFrame:
    """ZenTao has four severities and few other fields; a changelog gives every issue its start, and closes what is done."""
    if story.tracker == "zentao":
        is_bug, is_resolved = pl.col("issue_type") == "defect", pl.col("resolved_at").is_not_null()
        is_still_assigned = (is_bug & pl.col("closed_at").is_null()) | (pl.col("resolution") == "done")
        a_day_after = pl.col("resolved_at") + pl.duration(days=1)
        # a task is whose who finished it; a closed bug is assigned to `Closed`: whose it was is who solved it
        return issues.with_columns(
            pl.col("severity").replace("suggestion", "minor"),
            pl.lit(None, pl.String).alias("wbs_code"),
            pl.when(_is_started_late(story)).then(a_day_after).otherwise("started_at").alias("started_at"),
            pl.when(is_bug).then("labels").alias("labels"),
            pl.when(is_bug & is_resolved).then("fix_versions").alias("fix_versions"),
            pl.when(is_bug).then("reopened_count").alias("reopened_count"),
            pl.when(is_still_assigned).then("assignee").when(is_bug & is_resolved).then("reporter").alias("assignee"),
        )
    if story.tracker != "jira_rest":
        return issues
    to_do, done = _tracker(story)["statuses"][0], _tracker(story)["statuses"][4]
    begun = pl.when(pl.col("status") != to_do).then(pl.col("created_at") + pl.duration(minutes=20))
    return issues.with_columns(
        pl.coalesce("started_at", begun).alias("started_at"),
        pl.when(pl.col("status") == done).then("resolved_at").otherwise("closed_at").alias("closed_at"),
        pl.lit(None, pl.List(pl.String)).alias("fix_versions"),
    )


def _is_started_late(story: Story) -> pl.Expr:
    """Tasks whose start somebody filled in after their finish, with a date past it."""
    long_ago = dt.datetime.combine(story.status_on, dt.time()) - dt.timedelta(days=10)
    return (pl.col("resolution") == "done") & (pl.col("resolved_at") < long_ago) & (pl.int_range(pl.len()) % 29 == 5)


def _category(story: Story) -> pl.Expr:
    to_do, in_progress, resolved, closed, done = _tracker(story)["statuses"]
    words = {to_do: "to_do", in_progress: "in_progress", resolved: "done", closed: "done", done: "done"}
    words |= {_tracker(story)["reopened"]: "to_do", _tracker(story)["cancelled"]: "cancelled"}
    return pl.col("status").replace_strict(words)


def issue_changes(story: Story, issues: pl.DataFrame) -> pl.DataFrame:
    """Status changes of a tracker that exports its history: to do → in progress → the end, some of them twice."""
    to_do, in_progress, resolved, closed, _ = _tracker(story)["statuses"]
    again = _tracker(story)["reopened"]
    is_defect, is_reopened = pl.col("issue_type") == "defect", pl.col("reopened_count") > 0
    before = pl.when(is_reopened).then(pl.lit(again)).otherwise(pl.lit(in_progress))
    after = pl.when(is_defect).then(pl.lit(resolved)).otherwise("status")
    steps = [  # which issues, from, to, when, by whom
        (pl.col("started_at").is_not_null(), pl.lit(to_do), pl.lit(in_progress), pl.col("started_at"), "assignee"),
        (pl.col("resolved_at").is_not_null(), before, after, pl.col("resolved_at"), "assignee"),
        (
            is_defect & pl.col("closed_at").is_not_null(),
            pl.lit(resolved),
            pl.lit(closed),
            pl.col("closed_at"),
            "reporter",
        ),
        (is_reopened, pl.lit(in_progress), pl.lit(resolved), _on_the_way(1, 2), "assignee"),
        (is_reopened, pl.lit(resolved), pl.lit(again), _on_the_way(3, 4), "reporter"),
    ]
    return pl.concat(
        issues.filter(chosen).select("issue_key", from_value=old, to_value=new, changed_at=at, author=who)
        for chosen, old, new, at, who in steps
    ).with_columns(pl.lit("status").alias("field"), pl.lit(story.tracker_project).alias("project"))


def _on_the_way(part: int, of: int) -> pl.Expr:
    """A moment between the start of an issue and its end, or the two days in which one that is open again was solved first."""
    seconds = (pl.coalesce("resolved_at", "updated_at") - pl.col("started_at")).dt.total_seconds()
    return pl.col("started_at") + pl.duration(seconds=seconds * part // of)


def all_issues() -> dict[int, pl.DataFrame]:
    """Issues by story number."""
    return {story.number: story_issues(story) for story in STORIES}
