-- A returned row has a value though a term of its formula is unknown, or though the measure that must be above zero is not: unknown is null,
-- for differences as for ratios, at every grain.
{{ config(meta={'by_project': true}) }}
select kpi_values.kpi_key, kpi_values.grain, kpi_values.project_key, kpi_values.module, kpi_values.phase, kpi_values.period_kind, kpi_values.period_end,
    kpi_values.value, kpi_values.numerator
from {{ ref('kpi_values') }} as kpi_values
inner join {{ ref('kpi_terms') }} as kpi_terms
    on kpi_values.kpi_key = kpi_terms.kpi_key
    and kpi_values.grain = kpi_terms.grain
    and kpi_values.project_key = kpi_terms.project_key
    and kpi_values.period_kind = kpi_terms.period_kind
    and kpi_values.period_end = kpi_terms.period_end
where (kpi_values.value is not null or kpi_values.numerator is not null or kpi_values.denominator is not null)
    and case kpi_values.kpi_key
        {%- for key, kpi in kpis().items() if not kpi.percentile %}
        when '{{ key }}' then
            {%- for measure in kpi.measures if measure not in kpi.optional %}
            kpi_terms.term_{{ kpi.measures.index(measure) + 1 }} is null or
            {%- endfor %}
            {%- if kpi.needs_positive and not kpi.unless %}
            kpi_terms.term_{{ kpi.measures.index(kpi.needs_positive) + 1 }} <= 0 or
            {%- endif %}
            {%- if kpi.needs_none %}
            kpi_terms.term_{{ kpi.measures.index(kpi.needs_none) + 1 }} > 0 or
            {%- endif %}
            not kpi_terms.is_known
        {%- endfor %}
    end
