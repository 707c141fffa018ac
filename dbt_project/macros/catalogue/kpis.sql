{% macro kpis() %}
    {#-
    The catalogue. Every KPI is a formula over named measures; everything else about it stands here and nowhere else.
    measures: its terms, at most as many as term_count(); their order is the order of term_1, term_2 … in kpi_terms.
    numerator, denominator: SQL over the measures' names. value: their quotient, unless given.
    complete_at: the members a roll-up is made of; one with an unknown term is left out and named (KPIS, "A roll-up …").
    needs_positive: a measure that must be above zero for the cell to be a member at all.
    unless: SQL over the measures under which it is a member without that.
    edge: SQL over the measures: 'status:reason' where the formula has no answer that is a number, else null.
    unknown_because: SQL over the measures: a better reason than a missing feed why a cell is none, else null.
    too_early: pairs of SQL over the measures (and over all_numerator, left-out members included) and a reason; the first that holds counts.
    unrated_when: pairs likewise: there is a value, and no level judges it.
    status_sql: own rule of status instead of levels; status_from: takes over the status of another KPI.
    -#}
    {%- set catalogue = {} -%}
    {%- do catalogue.update(plimsoll.quality_kpis()) -%}
    {%- do catalogue.update(plimsoll.cost_kpis()) -%}
    {%- do catalogue.update(plimsoll.schedule_kpis()) -%}
    {%- do catalogue.update(plimsoll.labor_kpis()) -%}
    {{ return(catalogue) }}
{% endmacro %}


{% macro term_count() %}{{ return(7) }}{% endmacro %}


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


{% macro kpi_reasons(kpi, attribute) %}
    {#- SQL over the measures: the reason of the first pair of too_early or unrated_when that holds, else null; none without pairs. A KPI that takes
        its status from another takes these over too, after its own. -#}
    {%- set pairs = kpi.get(attribute, []) + (plimsoll.kpis()[kpi.status_from].get(attribute, []) if kpi.status_from else []) -%}
    {%- if not pairs -%}{{ return(none) }}{%- endif -%}
    {%- set cases = [] -%}
    {%- for condition, reason in pairs -%}
        {%- do cases.append('when ' ~ condition ~ ' then ' ~ sql_text(reason)) -%}
    {%- endfor -%}
    {{ return('case ' ~ cases | join(' ') ~ ' end') }}
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
