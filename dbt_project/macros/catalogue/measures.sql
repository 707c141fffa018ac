{% macro fact_tables() %}
    {#-
    Every fact that measures count, and what its rows are called on screen.
    feed: the export whose absence makes the measures unknown. row_key, row_label: what an evidence row shows.
    known_from, known_to: between these dates of a project its rows are complete, so that no row means 0 and not "unknown".
    element: the column that names the WBS element of a row, where it has one.
    -#}
    {{ return({
        'fct_issues': {'feed': 'issues', 'row_key': 'issue_key', 'row_label': 'summary', 'known_from': 'created_on', 'known_to': 'updated_on'},
        'fct_code_size': {'feed': 'code_size', 'row_key': 'module', 'row_label': 'source', 'known_from': 'measured_on', 'known_to': 'measured_on'},
        'fct_coverage': {'feed': 'coverage', 'row_key': 'module', 'row_label': 'run_id', 'known_from': 'measured_on', 'known_to': 'measured_on'},
        'fct_test_results': {'feed': 'test_results', 'row_key': 'case_name', 'row_label': 'suite', 'known_from': 'run_on', 'known_to': 'run_on'},
        'fct_budget': {'feed': 'budget', 'row_key': 'wbs_code', 'row_label': 'wbs_name', 'known_from': 'counts_from', 'known_to': 'period_end', 'element': 'wbs_code'},
        'fct_planned_value': {'feed': 'budget', 'row_key': 'wbs_code', 'row_label': 'wbs_name', 'known_from': 'accrued_from', 'known_to': 'accrued_on', 'element': 'wbs_code'},
        'fct_earned_value': {'feed': 'schedule', 'row_key': 'task_id', 'row_label': 'task_name', 'known_from': 'case when earned_value is not null then status_on end', 'known_to': 'case when earned_value is not null then status_on end', 'element': 'wbs_code'},
        'fct_earned_schedule': {'feed': 'schedule', 'row_key': 'row_key', 'row_label': 'row_label', 'known_from': 'status_on', 'known_to': 'status_on'},
        'fct_costs': {'feed': 'costs', 'row_key': 'document_no', 'row_label': 'description', 'known_from': 'counts_on', 'known_to': 'booked_on', 'element': 'wbs_code'},
        'fct_worklogs': {'feed': 'worklogs', 'row_key': 'row_key', 'row_label': 'row_label', 'known_from': 'work_date', 'known_to': 'work_date', 'element': 'wbs_code'},
        'fct_person_days': {'feed': 'people', 'row_key': 'person', 'row_label': 'department', 'known_from': 'work_date', 'known_to': 'work_date'},
        'fct_schedule_tasks': {'feed': 'schedule', 'row_key': 'task_id', 'row_label': 'task_name', 'known_from': 'status_on', 'known_to': 'status_on', 'element': 'wbs_code'},
        'fct_change_requests': {'feed': 'change_requests', 'row_key': 'change_id', 'row_label': 'title', 'known_from': 'known_from', 'known_to': 'known_to'},
        'fct_contracts': {'feed': 'contracts', 'row_key': 'contract_no', 'row_label': 'contract_name', 'known_from': 'counts_from', 'known_to': 'counts_from'},
        'fct_sites': {'feed': 'sites', 'row_key': 'site', 'row_label': 'site_name', 'known_from': 'known_from', 'known_to': 'known_to'},
    }) }}
{% endmacro %}


{% macro measures() %}
    {#-
    What is counted, and when: amount of the rows of a fact that pass the filter. A row counts at date d while
    counts_from <= d < counts_until; a measure with in_period counts only rows whose counts_from lies in the period of d.
    window: how the glossary says what counts, where it is not to be read from these (most rows have no end, a few give way to the next).
    -#}
    {{ return({
        'confirmed_code_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and is_code_caused', 'counts_from': 'created_on',
            'en': 'confirmed code-caused defects', 'zh': '已确认的代码类缺陷'},
        'confirmed_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect', 'counts_from': 'created_on',
            'en': 'confirmed defects', 'zh': '已确认缺陷'},
        'confirmed_defects_in_period': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect', 'counts_from': 'created_on', 'in_period': true,
            'en': 'confirmed defects found in the period', 'zh': '本期发现的已确认缺陷'},
        'uat_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and found_in_phase = 'uat'", 'counts_from': 'created_on',
            'en': 'confirmed defects found in UAT', 'zh': 'UAT 阶段发现的已确认缺陷'},
        'escaped_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and found_in_phase in ('trial_run', 'production')", 'counts_from': 'created_on',
            'en': 'confirmed defects found in trial run or after', 'zh': '试运行及上线后发现的已确认缺陷'},
        'defects_of_unknown_phase': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and found_in_phase is null', 'counts_from': 'created_on',
            'en': 'confirmed defects without a phase', 'zh': '未注明发现阶段的已确认缺陷'},
        'open_fatal_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and severity = 'fatal'", 'counts_from': 'created_on', 'counts_until': 'open_until',
            'en': 'fatal defects not closed', 'zh': '未关闭的致命缺陷'},
        'open_serious_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and severity = 'serious'", 'counts_from': 'created_on', 'counts_until': 'open_until',
            'en': 'serious defects not closed', 'zh': '未关闭的严重缺陷'},
        'open_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect', 'counts_from': 'created_on', 'counts_until': 'open_until',
            'en': 'confirmed defects not closed', 'zh': '未关闭的已确认缺陷'},
        'open_defects_of_unknown_severity': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and severity is null', 'counts_from': 'created_on', 'counts_until': 'open_until',
            'en': 'confirmed defects not closed, without a severity', 'zh': '未关闭且未注明严重程度的已确认缺陷'},
        'items_completed': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_completed_item', 'counts_from': 'completed_on', 'in_period': true,
            'en': 'work items completed in the period', 'zh': '本期完成的工作项'},
        'defects_resolved': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and resolution_days is not null', 'counts_from': 'resolved_on', 'in_period': true,
            'en': 'defects solved in the period', 'zh': '本期解决的缺陷'},
        'defect_resolution_time': {
            'fact': 'fct_issues', 'amount': 'resolution_days', 'filter': 'is_confirmed_defect and resolution_days is not null', 'counts_from': 'resolved_on', 'in_period': true,
            'en': 'calendar days from created to solved', 'zh': '从创建到解决的自然日'},
        'item_cycle_time': {
            'fact': 'fct_issues', 'amount': 'cycle_days', 'filter': 'is_completed_item and cycle_days is not null', 'counts_from': 'completed_on', 'in_period': true,
            'en': 'calendar days from start of work to done', 'zh': '从开始到完成的自然日'},
        'effective_lines': {
            'fact': 'fct_code_size', 'amount': 'effective_lines', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'effective lines of code', 'zh': '有效代码行'},
        'lines_covered': {
            'fact': 'fct_coverage', 'amount': 'lines_covered', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'lines covered', 'zh': '已覆盖行'},
        'lines_valid': {
            'fact': 'fct_coverage', 'amount': 'lines_valid', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'lines that can be covered', 'zh': '可覆盖行'},
        'cases_passed': {
            'fact': 'fct_test_results', 'amount': '1', 'filter': "outcome = 'passed'", 'counts_from': 'round_on', 'counts_until': 'superseded_on',
            'en': 'cases passed', 'zh': '通过的用例'},
        'cases_executed': {
            'fact': 'fct_test_results', 'amount': '1', 'filter': "outcome in ('passed', 'failed', 'error')", 'counts_from': 'round_on', 'counts_until': 'superseded_on',
            'en': 'cases passed, failed or in error', 'zh': '通过、失败与出错的用例'},
        'budget_at_completion': {
            'fact': 'fct_budget', 'amount': 'planned_value', 'counts_from': 'counts_from',
            'en': 'budget at completion (BAC)', 'zh': '完工预算 (BAC)'},
        'planned_value': {
            'fact': 'fct_planned_value', 'amount': 'planned_value', 'counts_from': 'accrued_on',
            'en': 'planned value (PV)', 'zh': '计划价值 (PV)'},
        'earned_value': {
            'fact': 'fct_earned_value', 'amount': 'earned_value', 'filter': 'earned_value is not null', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'earned value (EV)', 'zh': '挣值 (EV)'},
        'actual_cost': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind in ('actual', 'accrual', 'provisional')", 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
            'en': 'actual cost (AC)', 'zh': '实际成本 (AC)'},
        'earned_value_labor': {
            'fact': 'fct_earned_value', 'amount': 'earned_value', 'filter': "earned_value is not null and category = 'labor'", 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'earned value of labor', 'zh': '挣值（人工）'},
        'actual_cost_labor': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind in ('actual', 'accrual', 'provisional') and category = 'labor'", 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
            'en': 'actual cost of labor', 'zh': '实际成本（人工）'},
        'earned_value_bought': {
            'fact': 'fct_earned_value', 'amount': 'earned_value', 'filter': "earned_value is not null and category in ('equipment', 'software')", 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'earned value of equipment and software bought', 'zh': '挣值（设备与软件采购）'},
        'actual_cost_bought': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind in ('actual', 'accrual', 'provisional') and category in ('equipment', 'software')", 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
            'en': 'actual cost of equipment and software bought', 'zh': '实际成本（设备与软件采购）'},
        'earned_value_subcontract': {
            'fact': 'fct_earned_value', 'amount': 'earned_value', 'filter': "earned_value is not null and category = 'subcontract'", 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'earned value of subcontract', 'zh': '挣值（分包外包）'},
        'actual_cost_subcontract': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind in ('actual', 'accrual', 'provisional') and category = 'subcontract'", 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
            'en': 'actual cost of subcontract', 'zh': '实际成本（分包外包）'},
        'commitments_signed': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind = 'commitment'", 'counts_from': 'counts_on',
            'en': 'commitments signed', 'zh': '已签承诺'},
        'commitments_in_cost': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind = 'drawn'", 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
            'en': 'commitments that are in actual cost by now', 'zh': '已转为实际成本的承诺'},
        'estimate_of_what_is_left': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind = 'forecast'", 'counts_from': 'counts_on', 'counts_until': 'superseded_on',
            'en': 'bottom-up estimate of what is left', 'zh': '自下而上的尚需估算'},
        'contract_value': {
            'fact': 'fct_contracts', 'amount': 'net_amount', 'filter': "direction = 'sales'", 'counts_from': 'counts_from',
            'en': 'sales contracts, excluding VAT', 'zh': '销售合同额（不含税）'},
        'contracts_of_unknown_value': {
            'fact': 'fct_contracts', 'amount': '1', 'filter': "direction = 'sales' and net_amount is null", 'counts_from': 'counts_from',
            'en': 'sales contracts that state neither an amount excluding VAT nor a tax rate', 'zh': '既无不含税金额又无税率的销售合同'},
        'planned_hours': {
            'fact': 'fct_planned_value', 'amount': 'planned_hours', 'filter': 'planned_hours is not null', 'counts_from': 'accrued_on',
            'en': 'planned hours (PV in hours)', 'zh': '计划工时'},
        'earned_hours': {
            'fact': 'fct_earned_value', 'amount': 'earned_hours', 'filter': 'earned_hours is not null', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'earned hours (EV in hours)', 'zh': '挣得工时'},
        'hours_logged': {
            'fact': 'fct_worklogs', 'amount': 'hours', 'counts_from': 'work_date',
            'en': 'hours logged to date (AC in hours)', 'zh': '累计填报工时'},
        'earned_schedule': {
            'fact': 'fct_earned_schedule', 'amount': 'earned_schedule', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'earned schedule (months)', 'zh': '挣得进度（月）'},
        'actual_time': {
            'fact': 'fct_earned_schedule', 'amount': 'actual_time', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'time passed (months)', 'zh': '已用时间（月）'},
        'technical_debt_hours': {
            'fact': 'fct_worklogs', 'amount': 'hours', 'filter': 'is_technical_debt', 'counts_from': 'work_date', 'in_period': true,
            'en': 'hours on technical debt', 'zh': '还债工时'},
        'own_code_hours': {
            'fact': 'fct_worklogs', 'amount': 'hours', 'filter': 'is_own_code_work', 'counts_from': 'work_date', 'in_period': true,
            'en': 'development and test hours of modules with own code', 'zh': '自研模块的开发与测试工时'},
        'hours_credited': {
            'fact': 'fct_person_days', 'amount': 'credited_hours', 'counts_from': 'work_date', 'in_period': true,
            'en': 'hours logged, at most those required', 'zh': '已填报工时(不超过应填)'},
        'hours_required': {
            'fact': 'fct_person_days', 'amount': 'required_hours', 'counts_from': 'work_date', 'in_period': true,
            'en': 'hours required, net of leave', 'zh': '应填报工时(扣除请假)'},
        'buffer_days': {
            'fact': 'fct_schedule_tasks', 'amount': 'buffer_days', 'filter': 'is_buffer', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'days of buffer planned', 'zh': '计划缓冲天数'},
        'buffer_days_used': {
            'fact': 'fct_schedule_tasks', 'amount': 'buffer_days_used', 'filter': 'is_buffer', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'days of buffer used', 'zh': '已消耗缓冲天数'},
        'chain_days': {
            'fact': 'fct_schedule_tasks', 'amount': 'chain_days', 'filter': 'has_buffer and not is_buffer', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'planned days of tasks', 'zh': '计划任务天数'},
        'chain_days_done': {
            'fact': 'fct_schedule_tasks', 'amount': 'chain_days_done', 'filter': 'has_buffer and not is_buffer', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'planned days of work done', 'zh': '已完成任务天数'},
        'scope_days_added': {
            'fact': 'fct_issues', 'amount': 'estimated_days', 'filter': 'is_scope and is_after_freeze', 'counts_from': 'created_on',
            'en': 'person-days added after the freeze', 'zh': '冻结后新增人天'},
        'frozen_scope_days': {
            'fact': 'fct_issues', 'amount': 'estimated_days', 'filter': 'is_scope and not is_after_freeze', 'counts_from': 'freeze_on',
            'en': 'person-days of the frozen baseline', 'zh': '冻结基线人天'},
        'changes_started': {
            'fact': 'fct_change_requests', 'amount': '1', 'filter': 'started_on is not null', 'counts_from': 'started_on',
            'en': 'changes started', 'zh': '已开工变更'},
        'changes_started_unapproved': {
            'fact': 'fct_change_requests', 'amount': '1', 'filter': 'is_started_before_approval', 'counts_from': 'started_on',
            'en': 'changes started before approval', 'zh': '未批先做变更'},
        'sites_planned_live': {
            'fact': 'fct_sites', 'amount': '1', 'filter': 'planned_live_on is not null', 'counts_from': 'planned_live_on',
            'en': 'sites planned to be live', 'zh': '计划已上线站点'},
        'sites_live': {
            'fact': 'fct_sites', 'amount': '1', 'filter': 'actual_live_on is not null', 'counts_from': 'actual_live_on',
            'en': 'sites live', 'zh': '已上线站点'},
    }) }}
{% endmacro %}


{% macro is_money(measure_key) %}
    {#- Whether a measure is an amount in the project's currency. -#}
    {%- set measure = plimsoll.measures()[measure_key] -%}
    {{ return(measure.amount in ['planned_value', 'earned_value', 'amount', 'net_amount']) }}
{% endmacro %}


{% macro earned_value_measures() %}
    {#- What earned value is made of, in money and in hours: kept by WBS element too. -#}
    {{ return(['budget_at_completion', 'planned_value', 'earned_value', 'actual_cost', 'planned_hours', 'earned_hours', 'hours_logged']) }}
{% endmacro %}


{% macro dated_columns() %}
    {#- {column of kpi_cells: (measure, dating)}: the measures of KPIs that stand at a data date, once for each dating they are told in; those of
        earned value in every one, for its parts are shown with all of them. -#}
    {%- set found = {} -%}
    {%- for dating in plimsoll.datings() -%}
        {%- for measure in plimsoll.earned_value_measures() -%}
            {%- do found.update({measure ~ '__' ~ dating: (measure, dating)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for key, kpi in plimsoll.kpis().items() if kpi.dated -%}
        {%- for measure in kpi.measures -%}
            {%- if plimsoll.measures()[measure].in_period -%}
                {{ exceptions.raise_compiler_error(key ~ " stands at a data date and counts what happened in a period: " ~ measure) }}
            {%- endif -%}
            {%- do found.update({measure ~ '__' ~ kpi.dated: (measure, kpi.dated)}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro datings() %}
    {#- Which column of dim_periods holds the day at which the KPIs of a dating stand. -#}
    {{ return({'schedule': 'schedule_on', 'cost': 'cost_on'}) }}
{% endmacro %}


{% macro standing_columns() %}
    {#- Of dim_periods: where its KPIs stand. -#}
    {{ return(['schedule_on', 'cost_on', 'cost_until', 'is_cost_estimated', 'is_cost_outdated', 'is_cost_provisional']) }}
{% endmacro %}


{% macro cells_of(kpi) %}
    {#- kpi_cells with the measures of one KPI under their own names, at the day at which it stands. -#}
    (
        select
            grain, project_key, module, phase, period_kind, period_start, period_end, as_of,
            {{ plimsoll.datings().get(kpi.dated, 'as_of') }} as valued_on,
            {%- for flag in ['estimated', 'outdated', 'provisional'] %}
            {% if kpi.dated == 'cost' %}is_cost_{{ flag }}{% else %}false{% endif %} as is_{{ flag }},
            {%- endfor %}
            {%- for measure in kpi.measures %}
            {{ measure }}{% if kpi.dated %}__{{ kpi.dated }}{% endif %} as {{ measure }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('kpi_cells') }}
    )
{% endmacro %}


{% macro standing_on(dating, periods) %}
    {#- The day at which a KPI of this dating (a column of dim_kpis, or the word itself) stands in a row of dim_periods. -#}
    case {{ dating }}{% for word, column in plimsoll.datings().items() %} when '{{ word }}' then {{ periods }}.{{ column }}{% endfor %} else {{ periods }}.as_of end
{% endmacro %}


{% macro measures_of(fact) %}
    {%- set found = [] -%}
    {%- for key, measure in plimsoll.measures().items() if measure.fact == fact -%}
        {%- do found.append((key, measure)) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}


{% macro measure_rows(fact, only=none) %}
    {#-
    The rows of every measure over one fact (of those in `only`, where it is given), in one shape: the evidence, and what the deltas are made
    from. A row without a WBS element, and every row of a fact that has none, stands under '-'.
    -#}
    {%- set table = plimsoll.fact_tables()[fact] -%}
    {%- set wanted = [] -%}
    {%- for key, measure in plimsoll.measures_of(fact) if only is none or key in only -%}
        {%- do wanted.append((key, measure)) -%}
    {%- endfor -%}
    {%- for key, measure in wanted %}
    select
        '{{ key }}' as measure_key,
        project_key,
        module,
        phase,
        {% if table.element %}coalesce({{ table.element }}, '-'){% else %}'-'{% endif %} as wbs_code,
        {{ measure.counts_from }} as counts_from,
        {% if measure.counts_until -%}
        case when {{ measure.counts_until }} < {{ measure.counts_from }} then {{ measure.counts_from }} else {{ measure.counts_until }} end
        {%- else -%} cast(null as date) {%- endif %} as counts_until,
        cast({{ measure.amount }} as {{ amount() }}) as amount,
        '{{ fact }}' as fact,
        cast({{ table.row_key }} as {{ dbt.type_string() }}) as row_key,
        cast({{ table.row_label }} as {{ dbt.type_string() }}) as row_label,
        batch_id,
        source_row
    from {{ ref(fact) }}
    where {{ measure.counts_from }} is not null
        and {{ measure.amount }} is not null
        {% if measure.filter %}and {{ measure.filter }}{% endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
