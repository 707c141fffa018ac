-- Grain: one worklog that counts.
with
worklogs as (
    select * from {{ told_once('worklogs') }} as worklogs_told_once
),

issues as (
    select
        issue_key,
        project_key,
        module,
        phase,
        is_technical_debt,
        row_number() over (partition by issue_key order by updated_on desc nulls last, batch_id desc) as recency  -- two systems may use one key
    from {{ ref('fct_issues') }}
),

bases as (
    select * from {{ ref('int_technical_debt_bases') }}
),

modules_with_code as (
    select distinct project_key, module from {{ ref('fct_code_size') }}
),

projects_with_code as (
    select distinct project_key from modules_with_code
),

placed as (
    select
        worklogs.*,
        case when worklogs.project is null then coalesce(issues.project_key, worklogs.project_key) else worklogs.project_key end as own_project_key,
        coalesce(nullif(trim(worklogs.module), ''), nullif(issues.module, '-'), wbs.module, '-') as own_module,
        coalesce(wbs.phase, nullif(issues.phase, 'unallocated'), 'unallocated') as own_phase,
        coalesce(worklogs.activity, '') = 'technical_debt' or coalesce(issues.is_technical_debt, false) as is_technical_debt,
        coalesce(worklogs.activity, '') in ('development', 'test', 'technical_debt') or coalesce(issues.is_technical_debt, false) as is_development_or_test
    from worklogs
    left join issues
        on worklogs.issue_key = issues.issue_key
        and issues.recency = 1
    left join {{ ref('int_wbs') }} as wbs
        on worklogs.project_key = wbs.project_key
        and worklogs.wbs_code = wbs.wbs_code
)

select
    placed.own_project_key as project_key,
    placed.own_module as module,
    placed.own_phase as phase,
    placed.person,
    placed.work_date,
    cast(placed.hours as {{ amount() }}) as hours,
    placed.activity,
    placed.labor_type,
    placed.vendor,
    placed.issue_key,
    placed.wbs_code,
    placed.site,
    placed.project as project_code,
    placed.is_technical_debt,
    -- a module that is known to have no own code is left out; where no module has a size, all count
    placed.is_development_or_test
        and (projects_with_code.project_key is null or modules_with_code.module is not null or placed.own_module = '-') as is_own_code_work,
    bases.technical_debt_basis,
    coalesce(placed.source_id, placed.person) as row_key,
    coalesce(placed.description, placed.issue_key, placed.activity) as row_label,
    placed.source_system,
    placed.batch_id,
    placed.source_row
from placed
left join projects_with_code on placed.own_project_key = projects_with_code.project_key
left join modules_with_code
    on placed.own_project_key = modules_with_code.project_key
    and placed.own_module = modules_with_code.module
left join bases
    on placed.own_project_key = bases.project_key
    and placed.work_date >= bases.counts_from
    and placed.work_date < coalesce(bases.counts_until, cast('9999-12-31' as date))
