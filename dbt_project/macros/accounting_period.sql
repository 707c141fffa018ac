{#- Accounting periods: a month, or up to a day of the project's own choice (last_day: 1 … 28, null for the last of the month). -#}

{% macro accounting_period_end(day, last_day) %}
    {#- The last day of the accounting period that holds `day`. -#}
    cast(case
        when {{ last_day }} is null then {{ dbt.last_day(day, 'month') }}
        when {{ last_day }} < extract(day from {{ day }}) then {{ dbt.dateadd('day', last_day ~ ' - 1', dbt.dateadd('month', 1, dbt.date_trunc('month', day))) }}
        else {{ dbt.dateadd('day', last_day ~ ' - 1', dbt.date_trunc('month', day)) }}
    end as date)
{% endmacro %}


{% macro a_period_before(day) %}
    {#- The same day one accounting period earlier; of the last day of a month, the last of the one before. -#}
    cast(case
        when {{ day }} = {{ dbt.last_day(day, 'month') }} then {{ dbt.dateadd('day', -1, dbt.date_trunc('month', day)) }}
        else {{ dbt.dateadd('month', -1, day) }}
    end as date)
{% endmacro %}


{% macro accounting_periods() %}
    {#- By project: the day of the month that its accounting periods end on; null for the last. -#}
    (
        select project_key, case when period_ends_on <> 'month_end' then cast(period_ends_on as integer) end as last_day
        from {{ ref('int_project_settings') }}
    )
{% endmacro %}
