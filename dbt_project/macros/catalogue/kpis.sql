{% macro kpis() %}
    {#-
    The catalogue. Every KPI is a formula over named measures; everything else about it stands here and nowhere else.
    measures: its terms, at most five; their order is the order of term_1 … term_5 in kpi_terms.
    numerator, denominator: SQL over the measures' names. value: their quotient, unless given.
    complete_at: the members a roll-up is made of; one with an unknown term is left out and named (KPIS, "A roll-up …").
    needs_positive: a measure that must be above zero for the cell to be a member at all.
    unless: SQL over the measures under which it is a member without that.
    dated: at which day of a period all of its terms stand. 'schedule': the newest data date of the schedule; 'cost': the newest one not after the
    last closed accounting period, actual cost taken to it; otherwise the end of the period, or the status date.
    edge: SQL over the measures: 'status:reason' where the formula has no answer that is a number, else null.
    too_early: SQL over the measures, and over all_numerator (left-out members included).
    status_sql: own rule of status instead of levels; status_from: takes over the status of another KPI.
    -#}
    {%- set catalogue = {} -%}
    {%- do catalogue.update(plimsoll.quality_kpis()) -%}
    {%- do catalogue.update(plimsoll.cost_kpis()) -%}
    {%- do catalogue.update(plimsoll.schedule_kpis()) -%}
    {%- do catalogue.update(plimsoll.labor_kpis()) -%}
    {{ return(catalogue) }}
{% endmacro %}


{% macro kpi_grains(kpi) %}
    {{ return(kpi.get('grains', ['portfolio', 'project', 'module', 'phase'])) }}
{% endmacro %}


{% macro kpi_window(kpi) %}
    {#- in_period, open, latest or to_date of its first measure: all terms of one KPI share it. -#}
    {%- set measure = plimsoll.measures()[kpi.measures[0]] -%}
    {%- if measure.window -%}{{ return(measure.window) }}
    {%- elif measure.in_period -%}{{ return('in_period') }}
    {%- elif measure.counts_until == 'open_until' -%}{{ return('open') }}
    {%- elif measure.counts_until -%}{{ return('latest') }}
    {%- else -%}{{ return('to_date') }}
    {%- endif -%}
{% endmacro %}


{% macro kpi_formula(kpi) %}
    {#- SQL over the measures' names; doubles on both sides of the division, for decimal division differs between engines. -#}
    {%- if kpi.value -%}{{ return(kpi.value) }}
    {%- elif kpi.denominator -%}
        {{ return('cast(' ~ kpi.numerator ~ ' as double) / nullif(cast(' ~ kpi.denominator ~ ' as double), 0)') }}
    {%- else -%}{{ return('cast(' ~ kpi.numerator ~ ' as double)') }}
    {%- endif -%}
{% endmacro %}


{% macro kpi_feeds(kpi) %}
    {%- set feeds = [] -%}
    {%- for key in kpi.measures -%}
        {%- set feed = plimsoll.fact_tables()[plimsoll.measures()[key].fact].feed -%}
        {%- if feed not in feeds -%}{%- do feeds.append(feed) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(feeds) }}
{% endmacro %}


{% macro is_beyond(kpi, level) %}
    {#- Numerator against level × denominator in decimals, so that a value exactly on the line passes. -#}
    {%- set sign = '>' if kpi.better == 'lower' else '<' -%}
    {%- if kpi.denominator -%}
        cast(numerator as decimal(30, 6)) {{ sign }} cast({{ level }} as decimal(12, 6)) * cast(denominator as decimal(24, 4))
    {%- else -%}
        cast(value as decimal(30, 6)) {{ sign }} cast({{ level }} as decimal(24, 6))
    {%- endif -%}
{% endmacro %}
