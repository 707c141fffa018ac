-- Grain: one WBS element of a project, with its phase, module and budget at completion.
select
    project_key,
    wbs_code,
    max(wbs_name) as wbs_name,
    max(phase) as phase,
    max(module) as module,
    sum(planned_value) as budget_at_completion
from {{ ref('int_budget') }}
where is_active
group by 1, 2
