-- Grain: one KPI, cell and period for which a person set levels: the most specific rule that counts at the end of the period.
{{ config(meta={'by_project': true, 'has_portfolio': true}) }}
with
rules as (
    select * from {{ ref('stg_rules') }} where site = '*'
),

cells as (
    select distinct grain, project_key, module, phase, period_kind, period_end
    from {{ ref('kpi_cells') }}
    where exists (select 1 from rules)
    union all
    select distinct 'portfolio', '*', '*', '*', period_kind, period_end
    from {{ ref('dim_periods') }}
    where exists (select 1 from rules)
),

-- a rule that names a customer, project, module or phase does not judge the portfolio; one made for the portfolio nothing else
matches as (
    select
        rules.*,
        cells.grain,
        cells.project_key as cell_project,
        cells.module as cell_module,
        cells.phase as cell_phase,
        cells.period_kind,
        cells.period_end,
        row_number() over (
            partition by rules.kpi_key, cells.grain, cells.project_key, cells.module, cells.phase, cells.period_kind, cells.period_end
            order by
                case when rules.module = '*' and rules.phase = '*' then 1 else 0 end,
                case when rules.project_key = '*' then 1 else 0 end,
                case when rules.customer = '*' then 1 else 0 end,
                case when rules.is_portfolio then 0 else 1 end,
                rules.valid_from desc,
                rules.rule_id desc
        ) as choice
    from rules
    inner join cells
        on rules.valid_from <= cells.period_end
        and (not rules.is_portfolio or cells.grain = 'portfolio')
        and rules.project_key in ('*', cells.project_key)
        and rules.module in ('*', cells.module)
        and rules.phase in ('*', cells.phase)
    left join {{ ref('dim_projects') }} as projects on cells.project_key = projects.project_key
    where rules.customer = '*' or rules.customer = projects.customer
)

select
    kpi_key,
    grain,
    cell_project as project_key,
    cell_module as module,
    cell_phase as phase,
    period_kind,
    period_end,
    rule_id,
    direction,
    case when not is_off then warning_at end as warning_at,
    case when not is_off then critical_at end as critical_at,
    case when not is_off then low_warning_at end as low_warning_at,
    case when not is_off then low_critical_at end as low_critical_at
from matches
where choice = 1
