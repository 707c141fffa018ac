-- A returned row is a portfolio ratio above or below every project it is made of: a member was left out of one term only.
with
ratios as (
    select kpi_key from {{ ref('dim_kpis') }}
    where denominator_sql is not null and percentile is null and formula_sql = numerator_sql || ' / nullif(' || denominator_sql || ', 0)'
),

members as (
    select terms.kpi_key, terms.period_kind, terms.period_end, min(terms.value) as lowest, max(terms.value) as highest,
        max(case when terms.denominator = 0 and terms.numerator <> 0 then 1 else 0 end) as has_unbounded
    from {{ ref('kpi_values') }} as terms
    inner join ratios on terms.kpi_key = ratios.kpi_key
    where terms.grain = 'project'
        and terms.project_key <> 'unallocated'
    group by 1, 2, 3
),

-- only periods in which every project with data still runs: an ended one stands in the portfolio with its last value
last_shared as (
    select period_kind, min(last_end) as last_end
    from (
        select project_key, period_kind, max(period_end) as last_end from {{ ref('dim_periods') }} group by 1, 2
    ) as last_ends
    group by 1
)

select portfolio.kpi_key, portfolio.period_kind, portfolio.period_end, portfolio.value, members.lowest, members.highest
from {{ ref('kpi_values') }} as portfolio
inner join members
    on portfolio.kpi_key = members.kpi_key
    and portfolio.period_kind = members.period_kind
    and portfolio.period_end = members.period_end
    and members.has_unbounded = 0  -- a member with a numerator over nothing has no ratio to lie among
inner join last_shared
    on portfolio.period_kind = last_shared.period_kind
    and portfolio.period_end <= last_shared.last_end
where portfolio.grain = 'portfolio'
    and (portfolio.value < members.lowest - 0.000001 or portfolio.value > members.highest + 0.000001)
