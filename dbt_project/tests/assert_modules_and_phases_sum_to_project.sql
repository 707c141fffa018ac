-- A returned row is a project, period and measure whose modules, or whose phases, do not sum to the project.
{%- set kept = measures() %}
with
sums as (
    select
        grain,
        project_key,
        period_kind,
        period_end,
        {%- for key in kept %}
        sum({{ key }}) as {{ key }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('kpi_cells') }}
    group by 1, 2, 3, 4
),

whole as (
    select * from sums where grain = 'project'
)

select
    parts.grain,
    parts.project_key,
    parts.period_kind,
    parts.period_end
from sums as parts
inner join whole
    on parts.project_key = whole.project_key
    and parts.period_kind = whole.period_kind
    and parts.period_end = whole.period_end
where parts.grain <> 'project'
    and ({% for key in kept %}abs(coalesce(parts.{{ key }}, 0) - coalesce(whole.{{ key }}, 0)) > 0.0001{{ ' or ' if not loop.last }}{% endfor %})
