-- Grain: one issue.
with recursive
issues as (
    select * from {{ told_once('issues') }} as issues_told_once
),

dated as (
    select
        issues.*,
        coalesce(projects.time_zone, '{{ var("default_time_zone") }}') as time_zone,
        case when coalesce(projects.method, '') <> 'scrum' then projects.freeze_on end as freeze_on,
        coalesce(issues.started_at, first_work.started_at) as work_started_at,
        issues.issue_type in ('defect', 'bug') as is_defect,
        -- solved is not closed; a status word of closing counts where the export has no closing date
        issues.closed_at is not null
            or (issues.status_category = 'done' and lower(issues.status) not in (
                'resolved', 'solved', 'fixed', '已解决', '已修复', '已解決', '已修復', 'resuelta', 'resuelto', 'resolvida', 'resolvido',
                'gelöst', 'behoben', 'résolu', 'résolue', 'решен', 'решена', 'решено', 'rozwiązane', 'rozwiązany', '解決済み', '修正済み'
            )) as is_closed,
        coalesce(issues.resolution, '') in ('deferred', 'wont_fix') as is_left_over
    from issues
    left join {{ ref('int_projects') }} as projects on issues.project_key = projects.project_key
    left join {{ ref('int_first_work') }} as first_work on issues.issue_key = first_work.issue_key
),

located as (
    select
        dated.*,
        coalesce(nullif(trim(dated.module), ''), wbs.module, '-') as own_module,
        coalesce(
            wbs.phase,
            case dated.found_in_phase
                when 'unit_test' then 'development'
                when 'sit' then 'testing'
                when 'uat' then 'testing'
                when 'trial_run' then 'trial_run'
                when 'production' then 'warranty'
            end,
            'unallocated'
        ) as own_phase,
        coalesce(dated.resolved_at, dated.closed_at, case when dated.status_category = 'done' then dated.updated_at end) as done_at,
        {{ is_void_issue('dated') }} as is_void,
        {{ is_unknown_word('dated.issue_type', 'issues.issue_type') }} as is_unknown_type,
        {{ is_unknown_word('dated.resolution', 'issues.resolution') }} as is_unknown_resolution,
        {{ is_unknown_word('dated.severity', 'issues.severity') }} as is_unknown_severity,
        {{ is_unknown_word('dated.defect_cause', 'issues.defect_cause') }} as is_unknown_cause,
        {{ is_unknown_word('dated.found_in_phase', 'issues.found_in_phase') }} as is_unknown_phase,
        -- the state itself is free text: what counts is whether a category is known for it
        ({{ is_unknown_word('dated.status_category', 'issues.status') }} or (dated.status_category is null and dated.status is not null)) as is_unknown_state
    from dated
    left join {{ ref('int_wbs') }} as wbs
        on dated.project_key = wbs.project_key
        and dated.wbs_code = wbs.wbs_code
),

duplicates as (
    select
        source_system,
        {{ code_plain('issue_key') }} as duplicate_key,
        -- one of unknown severity may be the worst; one without any says nothing
        {{ severity_rank('severity', 5) }} as severity_rank,
        {{ each_of('links') }} as link
    from located
    where is_defect and not is_deleted and resolution = 'duplicate' and links is not null
),

-- a link of another type names no original; one that does not say its type may, in whichever direction people drew it
original_links as (
    select distinct
        source_system,
        duplicate_key,
        severity_rank,
        {{ code_plain("case when link like '% → %' then split_part(link, ' → ', 2) when link like '% ← %' then split_part(link, ' ← ', 2) else link end") }} as original_key
    from duplicates
    where (link not like '% → %' and link not like '% ← %')
        or {% for word in ['dupl', '重复', '重複', 'дубл', 'doublon', 'повтор'] %}{{ ' or ' if not loop.first }}lower(link) like '%{{ word }}%→%' or lower(link) like '%{{ word }}%←%'{% endfor %}
),

-- from the defects that count to those that are the same, through originals that are duplicates themselves
standing as (
    select located.source_system, {{ code_plain('located.issue_key') }} as reached_key, {{ severity_rank('located.severity', 0) }} as reached_rank
    from located
    inner join (select distinct source_system, original_key from original_links) as named
        on located.source_system = named.source_system
        and {{ code_plain('located.issue_key') }} = named.original_key
    where located.is_defect and not located.is_void and not located.is_deleted
    union
    select original_links.source_system, original_links.duplicate_key, standing.reached_rank
    from standing
    inner join original_links
        on standing.source_system = original_links.source_system
        and standing.reached_key = original_links.original_key
        and standing.reached_rank >= original_links.severity_rank
),

proven as (
    select distinct standing.source_system, standing.reached_key
    from standing
    inner join original_links
        on standing.source_system = original_links.source_system
        and standing.reached_key = original_links.duplicate_key
),

judged as (
    select
        located.*,
        -- nobody can look up what it is said to be the same as: it counts as any other defect, and its own state says whether it is open
        located.is_defect and not located.is_deleted and coalesce(located.resolution, '') = 'duplicate' and proven.reached_key is null
            as is_duplicate_without_original
    from located
    left join proven
        on located.source_system = proven.source_system
        and {{ code_plain('located.issue_key') }} = proven.reached_key
)

select
    issue_key,
    project_key,
    own_module as module,
    own_phase as phase,
    issue_type,
    summary,
    status,
    status_category,
    resolution,
    severity,
    defect_cause,
    found_in_phase,
    is_defect,
    is_defect and (not is_void or is_duplicate_without_original) and coalesce(resolution, '') <> 'third_party' and coalesce(defect_cause, '') <> 'third_party' and not is_deleted as is_confirmed_defect,
    is_duplicate_without_original,
    coalesce(defect_cause, 'code') in ('code', 'interface', 'security', 'performance', 'standard') as is_code_caused,
    is_defect and (not is_void or is_duplicate_without_original) and (coalesce(resolution, '') = 'third_party' or coalesce(defect_cause, '') = 'third_party') and not is_deleted as is_third_party_defect,
    status_category = 'done' and not is_void and not is_left_over and not is_deleted and coalesce(issue_type, '') not in ('epic', 'sub_task') as is_completed_item,
    -- what an unknown word may hide: a defect among what counts as none, and a void one among those that count
    is_unknown_type and not is_void and coalesce(resolution, '') <> 'third_party' and coalesce(defect_cause, '') <> 'third_party' and not is_deleted as may_be_confirmed_defect,
    is_defect and not is_void and coalesce(resolution, '') <> 'third_party' and coalesce(defect_cause, '') <> 'third_party' and not is_deleted
        and (is_unknown_resolution or (is_unknown_state and resolution is null)) as may_be_no_defect,
    is_unknown_state and closed_at is null as may_be_closed,
    is_unknown_type,
    is_unknown_resolution,
    is_unknown_severity,
    is_unknown_cause,
    is_unknown_phase,
    is_unknown_state,
    is_deleted,
    {{ local_date('created_at', 'time_zone') }} as created_on,
    {{ local_date('work_started_at', 'time_zone') }} as started_on,
    case when not is_duplicate_without_original then {{ local_date('resolved_at', 'time_zone') }} end as resolved_on,
    case when status_category = 'done' then {{ local_date('done_at', 'time_zone') }} end as completed_on,
    case
        when is_unknown_state and not is_void and not is_left_over and not is_deleted and coalesce(issue_type, '') not in ('epic', 'sub_task')
            then {{ local_date('coalesce(resolved_at, closed_at)', 'time_zone') }}
    end as may_be_completed_on,
    case when is_closed and not is_left_over then {{ local_date('coalesce(closed_at, resolved_at, updated_at)', 'time_zone') }} end as open_until,
    {{ local_date('coalesce(updated_at, resolved_at, created_at)', 'time_zone') }} as updated_on,
    due_on,
    story_points,
    case when resolved_at >= created_at and not is_duplicate_without_original then {{ days_between('created_at', 'resolved_at') }} end as resolution_days,
    case when status_category = 'done' and done_at >= work_started_at then {{ days_between('work_started_at', 'done_at') }} end as cycle_days,
    coalesce(resolved_at < created_at, false) as is_time_reversed,
    coalesce(status_category = 'done' and done_at < work_started_at, false) as is_finished_before_start,
    {{ list_holds('labels', ['technical-debt', 'technical_debt', 'tech-debt', 'techdebt', '技术债']) }} as is_technical_debt,
    -- scope is what was asked for: requirements and stories by their first estimate, 8 hours to the person-day
    issue_type in ('requirement', 'story') and not is_void and not is_deleted and original_estimate_hours > 0 and freeze_on is not null as is_scope,
    is_unknown_type and not is_void and not is_deleted and original_estimate_hours > 0 and freeze_on is not null as may_be_scope,
    original_estimate_hours / 8.0 as estimated_days,
    freeze_on,
    coalesce({{ local_date('created_at', 'time_zone') }} > freeze_on, false) as is_after_freeze,
    sprints,
    assignee,
    site,
    source_system,
    batch_id,
    source_row
from judged
