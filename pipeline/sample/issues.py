"""Requirements, stories, tasks and defects of every story, as its tracker would hold them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl

from pipeline.sample.stories import SEED, STORIES, Story

_NONE: Any = None  # numpy's types know no array that holds it
MINUTES_A_DAY = 1440
SHANGHAI = np.timedelta64(8, "h")
# What lies in the code, mostly called so; and what lies elsewhere.
CODE_CAUSES = ("code", "interface", "performance")
OTHER_CAUSES = ("configuration", "design", "deployment", "requirement")
ZENTAO_CODE_CAUSES = ("code", "performance", "standard")
ZENTAO_OTHER_CAUSES = ("configuration", "design", "deployment")
CODE_CAUSE_SHARES = (0.84, 0.09, 0.07)
IN_WARRANTY = 6  # defects and tasks each after the finish of a project that still has its team
PARKED = "parked"  # a word of the shop's own, which nobody has mapped
REOPENED = {"jira_zh": "重新打开", "jira_en": "Reopened", "jira_rest": "Reopened", "zentao": "激活"}
DISMISSED = ("as_designed", "duplicate", "cannot_reproduce", "to_requirement")
SEVERITIES = ("fatal", "serious", "normal", "minor", "suggestion")
SEVERITY_SHARES = (0.01, 0.08, 0.60, 0.24, 0.07)
DAYS_TO_RESOLVE = {"fatal": 1.5, "serious": 3.0, "normal": 5.5, "minor": 8.0, "suggestion": 12.0}
FIRST_KEY = {"zentao_defect": 2001, "zentao_task": 501}
# (to do, in progress, resolved, closed, done) as the tracker of that language writes them
STATUS_WORDS = {
    "jira_zh": ("待办", "处理中", "已解决", "已关闭", "完成"),
    "jira_en": ("To Do", "In Progress", "Resolved", "Closed", "Done"),
    "jira_rest": ("To Do", "In Progress", "Resolved", "Closed", "Done"),
    "zentao": ("未开始", "进行中", "已解决", "已关闭", "已完成"),
}
PRIORITIES = {
    "jira_zh": ("high", "medium", "low"),
    "jira_en": ("high", "medium", "low"),
    "jira_rest": ("high", "medium", "low"),
    "zentao": ("highest", "high", "medium"),
}
DEFECT_TITLES = (
    "保存后数据不刷新",
    "导出缺少表头",
    "并发下重复提交",
    "查询超时",
    "权限判断错误",
    "金额四舍五入不一致",
    "日期跨月计算错误",
)
ITEM_TITLES = ("查询页面", "批量导入", "审批流程", "对账报表", "消息通知", "日志审计", "接口改造", "参数配置")


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


def _utc(times: np.ndarray) -> np.ndarray:
    return (times - SHANGHAI).astype("datetime64[us]")


def _defects(story: Story) -> pl.DataFrame:
    random = _random(story, 2)
    total = story.code_defects + story.other_defects + story.dismissed_defects
    third_party = story.other_defects // 6
    kind = np.array(
        ["code"] * story.code_defects
        + ["third_party"] * third_party
        + ["other"] * (story.other_defects - third_party)
        + ["dismissed"] * story.dismissed_defects
    )
    random.shuffle(kind)
    begin = story.starts + dt.timedelta(days=(story.status_on - story.starts).days // 4)
    last = story.actual_finish or story.status_on
    created = _local_times(random, begin, last - dt.timedelta(days=1), total, 1.3)
    if story.works_until > last:
        created[-IN_WARRANTY:] = _local_times(random, last + dt.timedelta(days=8), _late(story), IN_WARRANTY, 1.0)
    severity = random.choice(SEVERITIES, total, p=SEVERITY_SHARES)
    modules = [module.name for module in story.modules]
    sizes = np.array([max(module.effective_lines, 1) for module in story.modules], dtype=float)
    elsewhere = "other" if story.tracker == "zentao" else "third_party"  # ZenTao knows it by the solution alone
    zentao = story.tracker == "zentao"
    in_code = random.choice(ZENTAO_CODE_CAUSES if zentao else CODE_CAUSES, total, p=CODE_CAUSE_SHARES)
    not_in_code = random.choice(ZENTAO_OTHER_CAUSES if zentao else OTHER_CAUSES, total)
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
        end = np.datetime64(story.works_until, "m") + np.timedelta64(17 * 60, "m")
        resolved = np.minimum(resolved, np.maximum(end - np.timedelta64(120, "m"), created + np.timedelta64(45, "m")))
        closed = np.minimum(closed, np.maximum(end, resolved + np.timedelta64(30, "m")))
    early = now - np.timedelta64(30, "m")
    created = np.minimum(created, early - np.timedelta64(60, "m"))
    resolved = np.where(grave, np.minimum(resolved, early - np.timedelta64(30, "m")), resolved)
    resolved = np.maximum(resolved, created + np.timedelta64(15, "m"))
    closed = np.where(grave, np.minimum(closed, early), closed)
    closed = np.maximum(closed, resolved + np.timedelta64(5, "m"))
    is_resolved, is_closed = resolved <= now, closed <= now
    open_ones = np.flatnonzero(grave & (severity == "serious") & (kind == "code"))[-story.open_serious :]
    if story.open_serious:
        is_resolved[open_ones] = is_closed[open_ones] = False
    found_in = _found_in(story, random, kind != "dismissed").astype(object)
    words = STATUS_WORDS[story.tracker]
    if story.tracker == "zentao":
        words = ("激活", "激活", *words[2:])
    status = np.where(
        is_closed, words[3], np.where(is_resolved, words[2], np.where(random.random(total) < 0.5, words[0], words[1]))
    ).astype(object)
    nat = np.datetime64("NaT")
    resolved, closed = np.where(is_resolved, resolved, nat), np.where(is_closed, closed, nat)
    people = np.array([f"E{story.number:02d}{n + 1:02d}" for n in range(story.people)])
    titles = random.choice(DEFECT_TITLES, total)
    named = created >= np.datetime64(story.fields_since or story.starts, "m")
    parked = np.flatnonzero(is_closed & (severity == "normal") & (kind == "code") & named)
    resolution[parked[: story.parked]] = PARKED
    module = random.choice(modules, total, p=sizes / sizes.sum())
    return pl.DataFrame(
        {
            "issue_type": np.full(total, "defect"),
            "summary": np.char.add(np.char.add(module.astype(str), " "), titles.astype(str)),
            "resolution": np.where(is_resolved, resolution, _NONE).tolist(),
            "priority": random.choice(PRIORITIES[story.tracker], total, p=(0.2, 0.6, 0.2)),
            "severity": np.where(named, severity, _NONE).tolist(),
            "defect_cause": cause,
            "module": module,
            "found_in_phase": np.where(named, found_in, _NONE).tolist(),
            "assignee": random.choice(people[2:], total),
            "reporter": random.choice(people, total),
            "reopened_count": _reopened(random, is_resolved, status, REOPENED[story.tracker]),
            "created": created.astype("datetime64[us]"),
            "status": status.tolist(),  # after reopened_count, which may change it
            "started": np.full(total, nat, dtype="datetime64[us]"),
            "resolved": resolved.astype("datetime64[us]"),
            "closed": closed.astype("datetime64[us]"),
        }
    )  # fmt: skip


def _reopened(random: np.random.Generator, is_resolved: np.ndarray, status: np.ndarray, word: str) -> np.ndarray:
    """How often each defect was reopened: one in twenty once; and the oldest that is open is open again, by its status too."""
    count = (random.random(len(status)) < 0.05).astype("int64")
    still_open = np.flatnonzero(~is_resolved)[:1]
    status[still_open], count[still_open] = word, 1
    return count


def _late(story: Story) -> dt.date:
    return story.works_until - dt.timedelta(days=6)


def _found_in(story: Story, random: np.random.Generator, confirmed: np.ndarray) -> np.ndarray:
    """Phases in exact numbers over the confirmed defects: UAT and escaped as the story says, late ones first."""
    total = len(confirmed)
    found = random.choice(("unit_test", "sit"), total, p=(0.22, 0.78)).astype(object)
    positions = np.flatnonzero(confirmed)
    escaped = round(story.escaped_share * len(positions))
    in_uat = round(story.uat_share * len(positions))
    late = positions[len(positions) // 2 :]
    if story.actual_finish and story.works_until > story.actual_finish:
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
        created[requirements[:before]] = _local_times(
            random, begin, story.freeze_on - dt.timedelta(days=3), before, 1.2
        )
        created[requirements[before:]] = _local_times(
            random,
            story.freeze_on + dt.timedelta(days=7),
            last - dt.timedelta(days=40),
            len(requirements) - before,
            1.0,
        )
    else:
        created = _local_times(random, begin, last, total, 1.0)
    if story.actual_finish and story.works_until > story.actual_finish:
        issue_type[-IN_WARRANTY:] = kinds[1]
        begun = story.actual_finish + dt.timedelta(days=2)
        created[-IN_WARRANTY:] = _local_times(random, begun, _late(story) - dt.timedelta(days=14), IN_WARRANTY, 1.0)
    days = random.integers(4, 15, total).astype(float)
    days = random.integers(2, 7, total).astype(float) if scrum else _settle_growth(story, issue_type, created, days)
    started = _after(random, created, 12.0)
    resolved = _after(random, started, story.cycle_days)
    now = np.datetime64(story.status_on, "m") + np.timedelta64(18 * 60, "m")
    if story.actual_finish:
        end = np.datetime64(story.works_until, "m") + np.timedelta64(17 * 60, "m")
        started = np.minimum(started, np.maximum(end - np.timedelta64(1440, "m"), created + np.timedelta64(60, "m")))
        resolved = np.maximum(np.minimum(resolved, end), started + np.timedelta64(60, "m"))
    is_started, is_done = started <= now, resolved <= now
    cancelled = (np.arange(total) % 35 == 34) & is_done
    words = STATUS_WORDS[story.tracker]
    status = np.where(is_done, words[4], np.where(is_started, words[1], words[0]))
    cancelled_word = {"jira_zh": "已取消", "zentao": "已取消"}.get(story.tracker, "Cancelled")
    status = np.where(cancelled, cancelled_word, status)
    nat = np.datetime64("NaT")
    people = np.array([f"E{story.number:02d}{n + 1:02d}" for n in range(story.people)])
    module = random.choice([module.name for module in story.modules], total)
    return pl.DataFrame(
        {
            "issue_type": issue_type,
            "summary": np.char.add(np.char.add(module.astype(str), " "), random.choice(ITEM_TITLES, total).astype(str)),
            "status": status,
            "resolution": np.where(cancelled, "cancelled", np.where(is_done, "done", _NONE)).tolist(),
            "priority": random.choice(PRIORITIES[story.tracker], total, p=(0.2, 0.6, 0.2)),
            "module": module,
            "assignee": random.choice(people[1:], total),
            "reporter": random.choice(people, total),
            "original_estimate_hours": days * 8,
            "story_points": np.where((issue_type == "story"), random.choice((1.0, 2.0, 3.0, 5.0, 8.0), total), np.nan),
            "reopened_count": np.zeros(total, dtype="int64"),
            "created": created.astype("datetime64[us]"),
            "started": np.where(is_started, started, nat).astype("datetime64[us]"),
            "resolved": np.where(is_done, resolved, nat).astype("datetime64[us]"),
            "closed": np.full(total, nat, dtype="datetime64[us]"),
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
        numbered = [
            frame.sort("created").with_columns(
                (pl.int_range(pl.len()) + FIRST_KEY[first]).cast(pl.String).alias("issue_key")
            )
            for frame, first in ((items, "zentao_task"), (defects, "zentao_defect"))
        ]
        both = pl.concat(numbered, how="diagonal_relaxed")
    else:
        both = pl.concat([items, defects], how="diagonal_relaxed").sort("created", maintain_order=True)
        both = both.with_columns(
            (pl.lit(f"{story.tracker_project}-") + (pl.int_range(pl.len()) + 1).cast(pl.String)).alias("issue_key")
        )
    elements = {element.module: element.code for element in story.elements if element.module}
    sprint = pl.lit(None, pl.List(pl.String))
    if story.method == "scrum":
        number = (pl.col("created").dt.date() - story.starts).dt.total_days() // 14 + 1
        again = pl.format("Sprint {}", number + 1)
        sprint = (
            pl.when(pl.int_range(pl.len()) % 6 == 5)  # one in six was not finished in its first sprint
            .then(pl.concat_list(pl.format("Sprint {}", number), again))
            .otherwise(pl.concat_list(pl.format("Sprint {}", number)))
        )
    complete = both.with_columns(
        sprint.alias("sprints"),
        pl.when(pl.int_range(pl.len()) % 3 == 0)
        .then(pl.concat_list(pl.lit("接口" if story.tracker != "jira_en" else "interface"), pl.col("module")))
        .otherwise(None)
        .alias("labels"),
        pl.concat_list(pl.format("v{}.{}", pl.col("created").dt.year() - 2024, pl.col("created").dt.quarter())).alias(
            "fix_versions"
        ),
        pl.lit(story.tracker_project).alias("project"),
        pl.col("module").replace_strict(elements, default=None).alias("wbs_code"),
        pl.col("resolved").dt.date().alias("_resolved_date"),
        *[
            (pl.col(name) - pl.duration(hours=8)).cast(pl.Datetime("us")).alias(f"{name}_at")
            for name in ("created", "started", "resolved", "closed")
        ],
    )
    return _with_originals(_as_the_tracker_knows(story, complete)).with_columns(
        pl.max_horizontal(
            "created_at",
            "started_at",
            "resolved_at",
            "closed_at",
            pl.when((pl.col("reopened_count") > 0) & pl.col("resolved_at").is_null()).then(
                pl.col("created_at") + pl.duration(days=2)
            ),
        ).alias("updated_at"),
        pl.when(pl.col("issue_type") == "defect")
        .then(None)
        .otherwise((pl.col("created_at") + pl.duration(days=45)).dt.date())
        .alias("due_on"),
        _category(story).alias("status_category"),
    )


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
        fitting = [one for one in valid if one["severity"] and weight[one["severity"]] >= least]
        before = [one for one in fitting if one["created"] <= row["created"]]
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
        is_bug = pl.col("issue_type") == "defect"
        return issues.with_columns(
            pl.col("severity").replace("suggestion", "minor"),
            pl.lit(None, pl.String).alias("wbs_code"),
            pl.when(_is_started_late(story))
            .then(pl.col("resolved_at") + pl.duration(days=1))
            .otherwise("started_at")
            .alias("started_at"),
            pl.when(is_bug).then("labels").alias("labels"),
            pl.when(is_bug & pl.col("resolved_at").is_not_null()).then("fix_versions").alias("fix_versions"),
            pl.when(is_bug).then("reopened_count").alias("reopened_count"),
            pl.when((is_bug & pl.col("closed_at").is_null()) | (pl.col("resolution") == "done"))
            .then("assignee")  # a task is whose who finished it
            .when(is_bug & pl.col("resolved_at").is_not_null())
            .then("reporter")  # a closed bug is assigned to `Closed`: whose it was is who solved it
            .alias("assignee"),
        )
    if story.tracker != "jira_rest":
        return issues
    to_do, done = STATUS_WORDS[story.tracker][0], STATUS_WORDS[story.tracker][4]
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
    to_do, in_progress, resolved, closed, done = STATUS_WORDS[story.tracker]
    words = {to_do: "to_do", in_progress: "in_progress", resolved: "done", closed: "done", done: "done"}
    words |= {word: "to_do" for word in REOPENED.values()} | {"已取消": "cancelled", "Cancelled": "cancelled"}
    return pl.col("status").replace_strict(words)


def issue_changes(story: Story, issues: pl.DataFrame) -> pl.DataFrame:
    """Status changes of a tracker that exports its history: to do → in progress → the end, some of them twice."""
    to_do, in_progress, resolved, closed, done = STATUS_WORDS[story.tracker]
    again = REOPENED[story.tracker]
    is_reopened = pl.col("reopened_count") > 0
    reopened = issues.filter(is_reopened)
    is_defect = pl.col("issue_type") == "defect"
    steps = [
        issues.filter(pl.col("started_at").is_not_null()).select(
            "issue_key",
            from_value=pl.lit(to_do),
            to_value=pl.lit(in_progress),
            changed_at="started_at",
            author="assignee",
        ),
        issues.filter(pl.col("resolved_at").is_not_null()).select(
            "issue_key",
            from_value=pl.when(is_reopened).then(pl.lit(again)).otherwise(pl.lit(in_progress)),
            to_value=pl.when(is_defect).then(pl.lit(resolved)).otherwise("status"),
            changed_at="resolved_at",
            author="assignee",
        ),
        issues.filter(is_defect & pl.col("closed_at").is_not_null()).select(
            "issue_key", from_value=pl.lit(resolved), to_value=pl.lit(closed), changed_at="closed_at", author="reporter"
        ),
        reopened.select(
            "issue_key",
            from_value=pl.lit(in_progress),
            to_value=pl.lit(resolved),
            changed_at=_on_the_way(1, 2),
            author="assignee",
        ),
        reopened.select(
            "issue_key",
            from_value=pl.lit(resolved),
            to_value=pl.lit(again),
            changed_at=_on_the_way(3, 4),
            author="reporter",
        ),
    ]
    return pl.concat(steps).with_columns(
        pl.lit("status").alias("field"), pl.lit(story.tracker_project).alias("project")
    )


def _on_the_way(part: int, of: int) -> pl.Expr:
    """A moment between the start of an issue and its end, or the two days in which one that is open again was solved first."""
    seconds = (pl.coalesce("resolved_at", "updated_at") - pl.col("started_at")).dt.total_seconds()
    return pl.col("started_at") + pl.duration(seconds=seconds * part // of)


def all_issues() -> dict[int, pl.DataFrame]:
    """Issues by story number."""
    return {story.number: story_issues(story) for story in STORIES}
