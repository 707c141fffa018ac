-- Grain: one KPI and period of a project or the portfolio, with the measures of its formula as term_1, term_2 …; of a percentile, of modules and
-- phases too.
{{ config(materialized='view', meta={'has_portfolio': true}) }}
select * from {{ ref('kpi_project_terms') }}
union all
select * from {{ ref('kpi_portfolio_terms') }}
