-- Grain: one value that the build before this one had settled, of a project or the portfolio.
{{ config(meta={'has_portfolio': true}) }}
select
    kpi_key,
    grain,
    project_key,
    period_kind,
    period_end,
    value
from {{ frozen('previous_values') }}
