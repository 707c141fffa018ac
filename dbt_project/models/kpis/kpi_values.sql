-- Grain: one KPI, cell and period: the value with its status and flags. Absent dimensions are '*'; a module or phase has a row only where
-- every term is known, and by month only: its weeks are put together when they are read, by what kpi_member_weeks says.
{{ config(meta={'by_project': true, 'has_portfolio': true}) }}
{{ values_of('stored', judged_values('stored').values() | join(' union all ')) }}
