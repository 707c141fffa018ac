{#- Rows that counted in the build before and are gone or smaller now: what is looked for, and in which KPIs it counts. -#}

{% macro loss_measures() %}
    {#- {measure: its fact}: the measures of KPIs over facts whose rows have an identity. A percentile does not add up: it is not told. -#}
    {%- set found = {} -%}
    {%- for key, kpi in plimsoll.kpis().items() if not kpi.percentile -%}
        {%- for measure in kpi.measures if plimsoll.fact_tables()[plimsoll.measures()[measure].fact].identity -%}
            {%- do found.update({measure: plimsoll.measures()[measure].fact}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro things_counted() %}
    {#- Grain: one thing (a document, an issue, a day of hours …) as one measure counts it, its rows added up. -#}
    {%- set looked_for = plimsoll.loss_measures() -%}
    select
        fact,
        measure_key,
        project_key,
        identity,
        min(module) as module,
        min(phase) as phase,
        min(counts_from) as counts_from,
        case when count(counts_until) = count(*) then max(counts_until) end as counts_until,
        sum(amount) as amount,
        min(row_key) as row_key,
        min(row_label) as row_label,
        min(detail) as detail,
        min(batch_id) as batch_id,
        min(source_row) as source_row
    from (
        {%- for fact in looked_for.values() | unique %}
        {{ plimsoll.measure_rows(fact, looked_for, identified=true) }}
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as identified_rows
    group by 1, 2, 3, 4
{% endmacro %}


{% macro defect_counts() %}
    {#- The measures that count confirmed defects from the day they were found on. -#}
    {%- set found = [] -%}
    {%- for measure in plimsoll.loss_measures() -%}
        {%- set stated = plimsoll.measures()[measure] -%}
        {%- if 'is_confirmed_defect' in (stated.filter or '') and stated.counts_from == 'created_on' -%}{%- do found.append(measure) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro things_kept() %}
    {#- Grain: one thing of a fact whose rows are judged anew as people work, that is still there. -#}
    {%- set kept = [] -%}
    {%- for fact, table in plimsoll.fact_tables().items() if table.kept_while -%}{%- do kept.append((fact, table)) -%}{%- endfor -%}
    {%- for fact, table in kept %}
    select distinct '{{ fact }}' as fact, project_key, {{ table.identity }} as identity from {{ ref(fact) }} where {{ table.kept_while }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{% macro kpis_of_losses() %}
    {#- Grain: one KPI and measure of its formula that is looked for, with its place among the terms. -#}
    {%- set looked_for = plimsoll.loss_measures() -%}
    {%- set found = [] -%}
    {%- for key, kpi in plimsoll.kpis().items() if not kpi.percentile -%}
        {%- for measure in kpi.measures if measure in looked_for -%}
            {%- do found.append((key, kpi, measure, kpi.measures.index(measure) + 1)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for key, kpi, measure, position in found %}
    select
        '{{ key }}' as kpi_key, '{{ measure }}' as measure_key, {{ position }} as position, {{ sql_text(kpi.dated) }} as dated,
        {{ 'true' if plimsoll.measures()[measure].in_period else 'false' }} as is_in_period
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
