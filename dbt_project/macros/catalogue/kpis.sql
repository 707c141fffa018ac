{% macro kpis() %}
    {#- The catalogue, made once per node that is rendered. See stated_kpis. -#}
    {%- if 'plimsoll_kpis' not in model -%}{%- do model.update({'plimsoll_kpis': plimsoll.stated_kpis()}) -%}{%- endif -%}
    {{ return(model['plimsoll_kpis']) }}
{% endmacro %}


{% macro stated_kpis() %}
    {#-
    The catalogue. Every KPI is a formula over named measures; everything else about it stands here and nowhere else.
    measures: its terms, at most as many as kpi_term_count(); their order is the order of term_1, term_2 … in kpi_terms.
    numerator, denominator: SQL over the measures' names. value: their quotient, unless given.
    complete_at: the members a roll-up is made of; one with an unknown term is left out and named (KPIS, "A roll-up …").
    needs_positive: a measure that must be above zero for the cell to be a member at all.
    needs_none: a measure that counts what nobody knows the amount of: above zero, the cell is no member either.
    unless: SQL over the measures under which it is a member without that.
    dated: at which day of a period all of its terms stand. 'schedule': the newest data date of the schedule; 'cost': the newest one not after the
    last closed accounting period, actual cost taken to it; otherwise the end of the period, or the status date.
    edge: SQL over the measures: 'status:reason' where the formula has no answer that is a number, else null.
    unknown_because: SQL over the measures: a better reason than a missing feed why a cell is none, else null.
    too_early: pairs of SQL over the measures (and over all_numerator, left-out members included) and a reason; the first that holds counts.
    unrated_when: pairs likewise: there is a value, and no level judges it.
    counted, counted_of: SQL over the measures: how many items the value is made of, and of how many. reversed: those left out for finishing
    before they start.
    words_among: the measure that says how many rows its words were looked for in; without one, the rows that count and may count.
    optional: measures that need not be known; total: the measure that all_numerator sums (the first one, unless given).
    expects: of a KPI made complete by module, the measure that says a module should be there: without the KPI's terms it is named as left out.
    status_sql: own rule of status instead of levels; status_from: takes over the status of another KPI.
    beside: another KPI whose other reading it is: what the levels of that one would say of it is its reason, and it is not rated.
    applies_if: SQL over the measures without which a module or phase is no member, and a delivery named in not_applicable_to has no value.
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


{% macro kpi_required(kpi) %}
    {#- The measures without which there is no value. -#}
    {{ return(kpi.measures | reject('in', kpi.get('optional', [])) | list) }}
{% endmacro %}


{% macro kpi_companions(kpi) %}
    {#- What unknown words may add to or take from the measures that decide its status, and the rows they were looked for in:
        [(measure, 'more' or 'less', companion, whether a larger measure raises the value)]. -#}
    {%- set leading = plimsoll.kpis()[kpi.status_from] if kpi.status_from else kpi -%}
    {%- set found = [] -%}
    {%- set stated = plimsoll.measures() -%}
    {%- for measure in leading.measures -%}
        {%- set raises = modules.re.search('\\b' ~ measure ~ '\\b', leading.numerator) is not none -%}
        {%- set lowers = leading.denominator and modules.re.search('\\b' ~ measure ~ '\\b', leading.denominator) is not none -%}
        {%- for side in ['more', 'less'] if (raises or lowers or kpi.percentile) and stated[measure][side] -%}
            {%- do found.append((measure, side, measure ~ '_' ~ side, raises)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro kpi_terms_of(kpi) %}
    {#- Everything kpi_terms keeps of a KPI: its measures, then what unknown words may change in them. -#}
    {%- set terms = kpi.measures | list -%}
    {%- for measure, side, companion, raises in plimsoll.kpi_companions(kpi) -%}
        {%- do terms.append(companion) -%}
    {%- endfor -%}
    {%- if kpi.words_among and kpi.words_among not in terms -%}{%- do terms.append(kpi.words_among) -%}{%- endif -%}
    {%- if terms | length > plimsoll.kpi_term_count() -%}
        {{ exceptions.raise_compiler_error(kpi.name_en ~ ' has more than ' ~ plimsoll.kpi_term_count() ~ ' terms: ' ~ terms | join(', ')) }}
    {%- endif -%}
    {{ return(terms) }}
{% endmacro %}


{% macro kpi_term_count() %}{{ return(10) }}{% endmacro %}


{% macro kpi_words(kpi) %}
    {#- feed.column of every mapped word that its filters rest on. -#}
    {%- set words = [] -%}
    {%- set leading = plimsoll.kpis()[kpi.status_from] if kpi.status_from else kpi -%}
    {%- for measure in leading.measures -%}
        {%- for word in plimsoll.measures()[measure].get('words', []) if word not in words -%}{%- do words.append(word) -%}{%- endfor -%}
    {%- endfor -%}
    {{ return(words) }}
{% endmacro %}


{% macro unknown_rows(kpi) %}
    {#- How many of its rows an unknown word leaves undecided, at most; SQL over its terms. -#}
    {%- set companions = plimsoll.kpi_companions(kpi) -%}
    {%- if not companions -%}{{ return('0') }}{%- endif -%}
    greatest(0{% for measure, side, companion, raises in companions %}, coalesce({{ companion }}, 0){% endfor %})
{% endmacro %}


{% macro word_rows(kpi) %}
    {#- Among how many rows. -#}
    {%- if kpi.words_among -%}{{ return('coalesce(' ~ kpi.words_among ~ ', 0)') }}{%- endif -%}
    greatest(0
        {%- for measure, side, companion, raises in plimsoll.kpi_companions(kpi) -%}
        , coalesce({{ measure }}, 0){% if side == 'more' %} + coalesce({{ companion }}, 0){% endif %}
        {%- endfor %})
{% endmacro %}


{% macro read_measure(kpi, measure) %}
    {#- A measure at one reading of the unknown words: as_read, high (whatever raises the value) or low. -#}
    {%- set ns = namespace(high=[], low=[]) -%}
    {%- for of, side, companion, raises in plimsoll.kpi_companions(kpi) if of == measure -%}
        {%- set change = (' + ' if side == 'more' else ' - ') ~ 'coalesce(' ~ companion ~ ', 0)' -%}
        {%- if (side == 'more') == raises -%}{%- do ns.high.append(change) -%}{%- else -%}{%- do ns.low.append(change) -%}{%- endif -%}
    {%- endfor -%}
    {%- if not ns.high and not ns.low -%}{{ return(measure) }}{%- endif -%}
    {{ return('case reading when ' ~ "'high' then " ~ measure ~ ns.high | join ~ " when 'low' then " ~ measure ~ ns.low | join ~ ' else ' ~ measure ~ ' end') }}
{% endmacro %}


{% macro readings_of(kpi) %}
    {#- Every measure of the KPI as SQL over its terms and `reading`; empty where no word decides anything. -#}
    {%- if not plimsoll.kpi_companions(kpi) -%}{{ return([]) }}{%- endif -%}
    {%- set read = [] -%}
    {%- for measure in kpi.measures -%}{%- do read.append(plimsoll.read_measure(kpi, measure) ~ ' as ' ~ measure) -%}{%- endfor -%}
    {{ return(read) }}
{% endmacro %}


{% macro few_items(denominator) %}
    {#- A rate of so few items is told as k of n and not rated. -#}
    {{ return([denominator ~ ' < ' ~ var('small_count'), 'few:items']) }}
{% endmacro %}


{% macro small_sample(counted, counted_of) %}
    {#- A percentile or a mean of few items, or of the smaller part of them. -#}
    {{ return([
        [counted ~ ' < ' ~ var('small_count'), 'few:items'],
        [counted ~ ' < ' ~ var('counted_share') ~ ' * ' ~ counted_of, 'few:half'],
    ]) }}
{% endmacro %}
