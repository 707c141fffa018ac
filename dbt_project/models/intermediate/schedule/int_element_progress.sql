-- Grain: one WBS element at one data date, where a task of it earns by the issues done or by the hours used.
-- Issues: the weight of those done ÷ the weight of all, at and below the element, created by then; weight is story points where all have them,
-- else the first estimate, else 1. Hours: used to that day ÷ (all used and left as known now); without remaining estimates it is not known.
with
asked as (
    select distinct project_key, element_code, data_on
    from {{ ref('int_task_rules') }}
    where earned_value_rule in ('issues_done', 'effort')
        and element_code is not null
        and data_on is not null
        and not coalesce(is_buffer, false)
),

elements as (
    select distinct project_key, element_code from asked
),

-- epics and sub-tasks hold or divide what their stories count already
issues as (
    select
        elements.project_key,
        elements.element_code,
        issues.issue_key,
        {{ local_date('issues.created_at', "coalesce(projects.time_zone, '" ~ var("default_time_zone") ~ "')") }} as created_on,
        case
            when issues.status_category = 'done' and coalesce(issues.resolution, '') not in ('deferred', 'wont_fix')
                then {{ local_date('coalesce(issues.resolved_at, issues.closed_at, issues.updated_at)', "coalesce(projects.time_zone, '" ~ var("default_time_zone") ~ "')") }}
        end as done_on,
        issues.story_points,
        issues.original_estimate_hours,
        case when issues.status_category = 'done' then 0.0 else issues.remaining_estimate_hours end as hours_left
    from elements
    inner join {{ told_once('issues') }} as issues
        on elements.project_key = issues.project_key
        and (issues.wbs_code = elements.element_code or issues.wbs_code like elements.element_code || '.%')
    left join {{ ref('int_projects') }} as projects on elements.project_key = projects.project_key
    where not issues.is_deleted
        and not {{ is_void_issue('issues') }}
        and coalesce(issues.issue_type, '') not in ('epic', 'sub_task')
),

counted as (
    select
        asked.project_key,
        asked.element_code,
        asked.data_on,
        issues.created_on,
        case when issues.done_on <= asked.data_on then 1.0 else 0.0 end as done,
        issues.story_points,
        issues.original_estimate_hours,
        min(case when issues.story_points > 0 then 1 else 0 end) over counted_together as have_points,
        min(case when issues.original_estimate_hours > 0 then 1 else 0 end) over counted_together as have_hours
    from asked
    inner join issues
        on asked.project_key = issues.project_key
        and asked.element_code = issues.element_code
        and issues.created_on <= asked.data_on
    window counted_together as (partition by asked.project_key, asked.element_code, asked.data_on)
),

weighed as (
    select
        counted.*,
        cast(case when have_points = 1 then story_points when have_hours = 1 then original_estimate_hours else 1 end as double) as weight
    from counted
),

by_issues as (
    select project_key, element_code, data_on, count(*) as issues, sum(weight * done) / nullif(sum(weight), 0) as issues_done
    from weighed
    group by 1, 2, 3
),

-- what is left is known where every open issue says it
left_of_elements as (
    select
        project_key,
        element_code,
        case when count(*) = count(hours_left) then sum(hours_left) end as hours_left
    from issues
    group by 1, 2
),

codes_of_issues as (
    select
        issue_key,
        project_key,
        wbs_code,
        row_number() over (partition by issue_key order by updated_at desc nulls last, batch_id desc) as recency
    from {{ ref('int_issues') }}
    where wbs_code is not null
        and project_key in (select project_key from elements)
),

hours as (
    select
        elements.project_key,
        elements.element_code,
        worklogs.work_date,
        sum(worklogs.hours) as hours
    from {{ told_once('worklogs') }} as worklogs
    left join codes_of_issues on worklogs.issue_key = codes_of_issues.issue_key and codes_of_issues.recency = 1
    inner join elements
        on case when worklogs.project is null then coalesce(codes_of_issues.project_key, worklogs.project_key) else worklogs.project_key end = elements.project_key
        and (coalesce(worklogs.wbs_code, codes_of_issues.wbs_code) = elements.element_code
            or coalesce(worklogs.wbs_code, codes_of_issues.wbs_code) like elements.element_code || '.%')
    group by 1, 2, 3
),

by_hours as (
    select
        asked.project_key,
        asked.element_code,
        asked.data_on,
        sum(case when hours.work_date <= asked.data_on then hours.hours else 0 end) as hours_used,
        sum(hours.hours) as hours_used_by_now
    from asked
    inner join hours on asked.project_key = hours.project_key and asked.element_code = hours.element_code
    group by 1, 2, 3
)

select
    asked.project_key,
    asked.element_code,
    asked.data_on,
    by_issues.issues,
    by_issues.issues_done,
    by_hours.hours_used,
    left_of_elements.hours_left,
    coalesce(by_hours.hours_used, 0) / nullif(coalesce(by_hours.hours_used_by_now, 0) + left_of_elements.hours_left, 0) as hours_used_share
from asked
left join by_issues
    on asked.project_key = by_issues.project_key
    and asked.element_code = by_issues.element_code
    and asked.data_on = by_issues.data_on
left join by_hours
    on asked.project_key = by_hours.project_key
    and asked.element_code = by_hours.element_code
    and asked.data_on = by_hours.data_on
left join left_of_elements
    on asked.project_key = left_of_elements.project_key
    and asked.element_code = left_of_elements.element_code
