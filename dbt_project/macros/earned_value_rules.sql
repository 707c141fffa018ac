{#- How progress earns: the seven rules, and the three stages of bought equipment that 60/30/10 is named after. -#}

{% macro known_rule(word) %}
    {#- A rule by its canonical word, else null: what no list knows earns as reported, until a person maps the word. -#}
    case lower(trim({{ word }}))
        when '0-100' then '0/100'
        when '50-50' then '50/50'
        when '60-30-10' then '60/30/10'
        else case when lower(trim({{ word }})) in ('0/100', '50/50', 'weighted_milestones', 'physical', 'issues_done', '60/30/10', 'effort')
            then lower(trim({{ word }})) end
    end
{% endmacro %}


{% macro equipment_stages() %}
    {#- What of a purchase is earned with its arrival, its installation and its first acceptance (KPIS, earned value). -#}
    {{ return({'arrival': 0.6, 'installation': 0.3, 'first_acceptance': 0.1}) }}
{% endmacro %}


{% macro equipment_stage(milestone_type) %}
    {#- The stage that a typed milestone stands for, null for any other. -#}
    case
        when lower(trim({{ milestone_type }})) in (
            'arrival', 'arrived', 'delivery', 'delivered', 'goods arrival', 'equipment arrival', '到货', '到货验收', '设备到货', '到货签收', '到货里程碑'
        ) then 'arrival'
        when lower(trim({{ milestone_type }})) in (
            'installation', 'installed', 'install', 'installation and commissioning', '安装', '安装调试', '安装完成', '设备安装', '安装验收', '安装里程碑'
        ) then 'installation'
        when lower(trim({{ milestone_type }})) in (
            'first acceptance', 'first_acceptance', 'preliminary acceptance', 'preliminary_acceptance', 'initial acceptance', 'acceptance test',
            '初验', '初步验收', '初验通过', '初验里程碑'
        ) then 'first_acceptance'
    end
{% endmacro %}


{% macro severity_rank(severity, unknown) %}
    {#- How grave a defect is, 5 for fatal; none without a severity. unknown: for a word that maps to nothing. -#}
    case coalesce({{ severity }}, '') when 'fatal' then 5 when 'serious' then 4 when 'normal' then 3 when 'minor' then 2 when 'suggestion' then 1 when '' then 0 else {{ unknown }} end
{% endmacro %}


{% macro is_void_issue(issue) %}
    {#- Never done, because there was nothing to do: not an issue of anything. -#}
    (coalesce({{ issue }}.resolution, '') in ('as_designed', 'duplicate', 'cannot_reproduce', 'to_requirement', 'cancelled', 'invalid')
        or coalesce({{ issue }}.status_category, '') = 'cancelled')
{% endmacro %}
