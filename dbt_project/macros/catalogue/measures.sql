{% macro fact_tables() %}
    {#-
    Every fact that measures count, and what its rows are called on screen.
    feed: the export whose absence makes the measures unknown. row_key, row_label: what an evidence row shows.
    known_from, known_to: between these dates of a project its rows are complete, so that no row means 0 and not "unknown".
    element: the column that names the WBS element of a row, where it has one.
    identity: what a row is found again by in the next export, null where none is expected: a document and its month (voucher numbers begin anew),
    else what tells the line; hours of a person or entry on a day; an issue, a change, a site. A fact without one is not looked for: reports and
    plans give way to newer ones.
    kept_while: of a fact whose rows are judged anew as people work, what shows that the row itself is still there.
    detail: what of such a row is judged, beside whether it counts.
    -#}
    {%- set cost_identity -%}
        case
            when cost_source = 'booked' and kind <> 'forecast'
                then coalesce(nullif(trim(document_no), ''), cast(stated_on as {{ dbt.type_string() }}) || '|' || coalesce(wbs_code, '') || '|' || coalesce(category, '') || '|' || coalesce(vendor, ''))
                    || '|' || substr(cast(stated_on as {{ dbt.type_string() }}), 1, 7)
        end
    {%- endset -%}
    {%- set hours_identity -%}
        row_key || '|' || cast(work_date as {{ dbt.type_string() }}) || '|' || coalesce(issue_key, '')
    {%- endset -%}
    {{ return({
        'fct_issues': {'feed': 'issues', 'row_key': 'issue_key', 'row_label': 'summary', 'known_from': 'created_on', 'known_to': 'updated_on',
            'identity': "issue_key || case when " ~ numbers_defects_apart('source_system') ~ " and is_defect then '|bug' else '' end", 'kept_while': 'not is_deleted', 'detail': 'severity'},
        'fct_code_size': {'feed': 'code_size', 'row_key': 'module', 'row_label': 'source', 'known_from': 'measured_on', 'known_to': 'measured_on'},
        'fct_coverage': {'feed': 'coverage', 'row_key': 'module', 'row_label': 'run_id', 'known_from': 'measured_on', 'known_to': 'measured_on'},
        'fct_test_results': {'feed': 'test_results', 'row_key': 'case_name', 'row_label': 'suite', 'known_from': 'run_on', 'known_to': 'run_on'},
        'fct_budget': {'feed': 'budget', 'row_key': 'wbs_code', 'row_label': 'wbs_name', 'known_from': 'counts_from', 'known_to': 'period_end', 'element': 'wbs_code'},
        'fct_planned_value': {'feed': 'budget', 'row_key': 'wbs_code', 'row_label': 'wbs_name', 'known_from': 'accrued_from', 'known_to': 'accrued_on', 'element': 'wbs_code'},
        'fct_earned_value': {'feed': 'schedule', 'row_key': 'task_id', 'row_label': 'task_name', 'known_from': 'case when earned_value is not null then status_on end', 'known_to': 'case when earned_value is not null then status_on end', 'element': 'wbs_code'},
        'fct_earned_schedule': {'feed': 'schedule', 'row_key': 'row_key', 'row_label': 'row_label', 'known_from': 'status_on', 'known_to': 'status_on'},
        'fct_costs': {'feed': 'costs', 'row_key': 'document_no', 'row_label': 'description', 'known_from': 'counts_on', 'known_to': 'booked_on', 'element': 'wbs_code', 'identity': cost_identity},
        'fct_worklogs': {'feed': 'worklogs', 'row_key': 'row_key', 'row_label': 'row_label', 'known_from': 'work_date', 'known_to': 'work_date', 'element': 'wbs_code', 'identity': hours_identity},
        'fct_person_days': {'feed': 'people', 'row_key': 'person', 'row_label': 'department', 'known_from': 'work_date', 'known_to': 'work_date'},
        'fct_schedule_tasks': {'feed': 'schedule', 'row_key': 'task_id', 'row_label': 'task_name', 'known_from': 'status_on', 'known_to': 'status_on', 'element': 'wbs_code'},
        'fct_change_requests': {'feed': 'change_requests', 'row_key': 'change_id', 'row_label': 'title', 'known_from': 'known_from', 'known_to': 'known_to', 'identity': 'change_id', 'kept_while': 'true'},
        'fct_contracts': {'feed': 'contracts', 'row_key': 'contract_no', 'row_label': 'contract_name', 'known_from': 'counts_from', 'known_to': 'counts_from'},
        'fct_sites': {'feed': 'sites', 'row_key': 'site', 'row_label': 'site_name', 'known_from': 'known_from', 'known_to': 'known_to', 'identity': 'site', 'kept_while': 'true'},
    }) }}
{% endmacro %}


{% macro measures() %}
    {#- The measures, made once per node that is rendered: they are asked for hundreds of times in one. See stated_measures. -#}
    {%- if 'plimsoll_measures' not in model -%}{%- do model.update({'plimsoll_measures': plimsoll.stated_measures()}) -%}{%- endif -%}
    {{ return(model['plimsoll_measures']) }}
{% endmacro %}


{% macro stated_measures() %}
    {#-
    What is counted, and when: amount of the rows of a fact that pass the filter. A row counts at date d while
    counts_from <= d < counts_until; a measure with in_period counts only rows whose counts_from lies in the period of d.
    window: how the glossary says what counts, where it is not to be read from these (most rows have no end, a few give way to the next).
    words: feed.column of the mapped words that its filter rests on. A word that maps to nothing is read twice, so that it is never harmless:
    more: the rows that do not count and would if such a word were the worst; less: those that count and would not if it were the best. Both in
    the shape of the measure itself; what they leave unsaid is as there. They become the measures <key>_more and <key>_less.
    -#}
    {%- set defect_words = ['issues.issue_type', 'issues.resolution', 'issues.status'] -%}
    {%- set any_defect = '(is_confirmed_defect or may_be_confirmed_defect)' -%}
    {%- set unknown_outcome = plimsoll.is_unknown_word('outcome', 'test_results.outcome') -%}
    {%- set unknown_activity = plimsoll.is_unknown_word('activity', 'worklogs.activity') -%}
    {%- set unknown_kind = plimsoll.is_unknown_word('kind', 'costs.kind') -%}
    {%- set unknown_category = plimsoll.is_unknown_word('category', 'costs.category') -%}
    {%- set cost_kinds = "kind in ('actual', 'accrual', 'provisional')" -%}
    {%- set all = {
        'confirmed_code_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and is_code_caused', 'counts_from': 'created_on',
            'words': defect_words + ['issues.defect_cause'],
            'more': {'filter': any_defect ~ ' and (is_code_caused or is_unknown_cause) and not (is_confirmed_defect and is_code_caused)'},
            'less': {'filter': 'is_confirmed_defect and is_code_caused and may_be_no_defect'},
            'en': 'confirmed code-caused defects', 'zh': '已确认的代码类缺陷'},
        'confirmed_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect', 'counts_from': 'created_on',
            'words': defect_words, 'more': {'filter': 'may_be_confirmed_defect'}, 'less': {'filter': 'may_be_no_defect'},
            'en': 'confirmed defects', 'zh': '已确认缺陷'},
        'confirmed_defects_in_period': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect', 'counts_from': 'created_on', 'in_period': true,
            'words': defect_words, 'more': {'filter': 'may_be_confirmed_defect'}, 'less': {'filter': 'may_be_no_defect'},
            'en': 'confirmed defects found in the period', 'zh': '本期发现的已确认缺陷'},
        'uat_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and found_in_phase = 'uat'", 'counts_from': 'created_on',
            'words': defect_words + ['issues.found_in_phase'],
            'more': {'filter': any_defect ~ " and (found_in_phase = 'uat' or is_unknown_phase) and not (is_confirmed_defect and not is_unknown_phase)"},
            'less': {'filter': "found_in_phase = 'uat' and may_be_no_defect"},
            'en': 'confirmed defects found in UAT', 'zh': 'UAT 阶段发现的已确认缺陷'},
        'escaped_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and found_in_phase in ('trial_run', 'production')", 'counts_from': 'created_on',
            'words': defect_words + ['issues.found_in_phase'],
            'more': {'filter': any_defect ~ " and (found_in_phase in ('trial_run', 'production') or is_unknown_phase) and not (is_confirmed_defect and not is_unknown_phase)"},
            'less': {'filter': "found_in_phase in ('trial_run', 'production') and may_be_no_defect"},
            'en': 'confirmed defects found in trial run or after', 'zh': '试运行及上线后发现的已确认缺陷'},
        'defects_of_unknown_phase': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and found_in_phase is null', 'counts_from': 'created_on',
            'en': 'confirmed defects without a phase', 'zh': '未注明发现阶段的已确认缺陷'},
        'open_fatal_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and severity = 'fatal'", 'counts_from': 'created_on', 'counts_until': 'open_until',
            'words': defect_words + ['issues.severity'],
            'more': plimsoll.more_open("is_confirmed_defect and coalesce(severity, '') = 'fatal'", any_defect ~ " and (severity = 'fatal' or is_unknown_severity)"),
            'less': {'filter': "is_confirmed_defect and severity = 'fatal' and (may_be_no_defect or may_be_closed)"},
            'en': 'fatal defects not closed', 'zh': '未关闭的致命缺陷'},
        'open_serious_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': "is_confirmed_defect and severity = 'serious'", 'counts_from': 'created_on', 'counts_until': 'open_until',
            'words': defect_words + ['issues.severity'],
            'more': plimsoll.more_open("is_confirmed_defect and coalesce(severity, '') = 'serious'", any_defect ~ " and severity = 'serious'"),
            'less': {'filter': "is_confirmed_defect and severity = 'serious' and (may_be_no_defect or may_be_closed)"},
            'en': 'serious defects not closed', 'zh': '未关闭的严重缺陷'},
        'open_defects': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect', 'counts_from': 'created_on', 'counts_until': 'open_until',
            'words': defect_words,
            'more': plimsoll.more_open('is_confirmed_defect', any_defect),
            'less': {'filter': 'is_confirmed_defect and (may_be_no_defect or may_be_closed)'},
            'en': 'confirmed defects not closed', 'zh': '未关闭的已确认缺陷'},
        'open_defects_of_unknown_severity': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and severity is null', 'counts_from': 'created_on', 'counts_until': 'open_until',
            'en': 'confirmed defects not closed, without a severity', 'zh': '未关闭且未注明严重程度的已确认缺陷'},
        'items_completed': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_completed_item', 'counts_from': 'completed_on', 'in_period': true,
            'words': defect_words,
            'more': {'filter': 'may_be_completed_on is not null', 'counts_from': 'may_be_completed_on'},
            'less': {'filter': 'is_completed_item and (is_unknown_type or is_unknown_resolution)'},
            'en': 'work items completed in the period', 'zh': '本期完成的工作项'},
        'defects_resolved': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and resolution_days is not null', 'counts_from': 'resolved_on', 'in_period': true,
            'words': defect_words,
            'more': {'filter': 'may_be_confirmed_defect and resolution_days is not null'}, 'less': {'filter': 'may_be_no_defect and resolution_days is not null'},
            'en': 'defects solved in the period', 'zh': '本期解决的缺陷'},
        'defect_resolution_time': {
            'fact': 'fct_issues', 'amount': 'resolution_days', 'filter': 'is_confirmed_defect and resolution_days is not null', 'counts_from': 'resolved_on', 'in_period': true,
            'en': 'calendar days from created to solved', 'zh': '从创建到解决的自然日'},
        'item_cycle_time': {
            'fact': 'fct_issues', 'amount': 'cycle_days', 'filter': 'is_completed_item and cycle_days is not null', 'counts_from': 'completed_on', 'in_period': true,
            'en': 'calendar days from start of work to done', 'zh': '从开始到完成的自然日'},
        'items_timed': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_completed_item and cycle_days is not null', 'counts_from': 'completed_on', 'in_period': true,
            'en': 'work items completed, with a start known', 'zh': '本期完成且开始时间已知的工作项'},
        'items_reversed': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_completed_item and is_finished_before_start', 'counts_from': 'completed_on', 'in_period': true,
            'en': 'work items that finish before they start', 'zh': '完成早于开始的工作项'},
        'defects_solved': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect', 'counts_from': 'resolved_on', 'in_period': true,
            'en': 'defects solved in the period, with or without a known time', 'zh': '本期解决的缺陷（不论时长是否已知）'},
        'defects_reversed': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'is_confirmed_defect and is_time_reversed', 'counts_from': 'resolved_on', 'in_period': true,
            'en': 'defects solved before they were created', 'zh': '解决早于创建的缺陷'},
        'issues_seen': {
            'fact': 'fct_issues', 'amount': '1', 'filter': 'not is_deleted', 'counts_from': 'created_on',
            'en': 'issues of any type', 'zh': '全部工作项（不论类型）'},
        'effective_lines': {
            'fact': 'fct_code_size', 'amount': 'effective_lines', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'effective lines of code', 'zh': '有效代码行'},
        'lines_covered': {
            'fact': 'fct_coverage', 'amount': 'lines_covered', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'lines covered', 'zh': '已覆盖行'},
        'lines_valid': {
            'fact': 'fct_coverage', 'amount': 'lines_valid', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'lines that can be covered', 'zh': '可覆盖行'},
        'branches_covered': {
            'fact': 'fct_coverage', 'amount': 'branches_covered', 'filter': 'branches_valid is not null', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'branches covered', 'zh': '已覆盖分支'},
        'branches_valid': {
            'fact': 'fct_coverage', 'amount': 'branches_valid', 'filter': 'branches_valid is not null', 'counts_from': 'measured_on', 'counts_until': 'superseded_on',
            'en': 'branches that can be covered', 'zh': '可覆盖分支'},
        'cases_passed': {
            'fact': 'fct_test_results', 'amount': '1', 'filter': "outcome = 'passed'", 'counts_from': 'round_on', 'counts_until': 'superseded_on',
            'words': ['test_results.outcome'], 'more': {'filter': unknown_outcome},
            'en': 'cases passed', 'zh': '通过的用例'},
        'cases_executed': {
            'fact': 'fct_test_results', 'amount': '1', 'filter': "outcome in ('passed', 'failed', 'error')", 'counts_from': 'round_on', 'counts_until': 'superseded_on',
            'words': ['test_results.outcome'], 'more': {'filter': unknown_outcome},
            'en': 'cases passed, failed or in error', 'zh': '通过、失败与出错的用例'},
        'cases_of_whole_round': {
            'fact': 'fct_test_results', 'amount': '1', 'filter': "outcome in ('passed', 'failed', 'error')", 'counts_from': 'held_against_from', 'counts_until': 'held_against_until', 'window': 'latest',
            'en': 'cases executed in the largest of the three rounds before', 'zh': '前三轮中最大一轮的已执行用例'},
        'budget_at_completion': {
            'fact': 'fct_budget', 'amount': 'planned_value', 'counts_from': 'counts_from',
            'en': 'budget at completion (BAC)', 'zh': '完工预算 (BAC)'},
        'elements_due': {
            'fact': 'fct_budget', 'amount': '1', 'filter': 'element_due_on is not null', 'counts_from': 'element_due_on',
            'en': 'WBS elements due', 'zh': '已到期的 WBS 元素'},
        'planned_value': {
            'fact': 'fct_planned_value', 'amount': 'planned_value', 'counts_from': 'accrued_on',
            'en': 'planned value (PV)', 'zh': '计划价值 (PV)'},
        'earned_value': {
            'fact': 'fct_earned_value', 'amount': 'earned_value', 'filter': 'earned_value is not null', 'counts_from': 'status_on', 'counts_until': 'superseded_on',
            'en': 'earned value (EV)', 'zh': '挣值 (EV)'},
        'actual_cost': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind in ('actual', 'accrual', 'provisional')", 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
            'words': ['costs.kind'], 'more': {'filter': unknown_kind},
            'en': 'actual cost (AC)', 'zh': '实际成本 (AC)'},
        'cost_without_budget_of_its_kind': {
            'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind in ('actual', 'accrual', 'provisional') and not has_budget_of_its_kind", 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
            'en': 'cost without a budget of its kind', 'zh': '无同类预算的成本'},
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
            'words': ['contracts.direction'], 'more': {'filter': plimsoll.is_unknown_word('direction', 'contracts.direction')},
            'en': 'sales contracts, excluding VAT', 'zh': '销售合同额（不含税）'},
        'contracts_of_unknown_value': {
            'fact': 'fct_contracts', 'amount': '1', 'filter': "direction = 'sales' and net_amount is null", 'counts_from': 'counts_from',
            'en': 'sales contracts that state neither an amount excluding VAT nor a tax rate', 'zh': '既无不含税金额又无税率的销售合同'},
        'planned_hours': {
            'fact': 'fct_planned_value', 'amount': 'planned_hours', 'filter': 'planned_hours is not null', 'counts_from': 'accrued_on',
            'en': 'planned hours (PV in hours)', 'zh': '计划工时'},
        'budget_hours': {
            'fact': 'fct_budget', 'amount': 'planned_hours', 'filter': 'planned_hours is not null', 'counts_from': 'counts_from',
            'en': 'hours of the budget', 'zh': '预算工时'},
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
            'words': ['worklogs.activity'], 'more': {'filter': 'not is_technical_debt and ' ~ unknown_activity},
            'en': 'hours on technical debt', 'zh': '还债工时'},
        'technical_debt_base_hours': {
            'fact': 'fct_worklogs', 'amount': 'hours', 'filter': "(technical_debt_basis = 'all_hours' or is_own_code_work)", 'counts_from': 'work_date', 'in_period': true,
            'words': ['worklogs.activity'], 'more': {'filter': "technical_debt_basis <> 'all_hours' and not is_own_code_work and " ~ unknown_activity},
            'en': 'hours by the basis that counts', 'zh': '计入口径的工时'},
        'technical_debt_other_base_hours': {
            'fact': 'fct_worklogs', 'amount': 'hours', 'filter': "(technical_debt_basis <> 'all_hours' or is_own_code_work)", 'counts_from': 'work_date', 'in_period': true,
            'words': ['worklogs.activity'], 'more': {'filter': "technical_debt_basis = 'all_hours' and not is_own_code_work and " ~ unknown_activity},
            'en': 'hours by the other basis', 'zh': '另一口径的工时'},
        'hours_in_period': {
            'fact': 'fct_worklogs', 'amount': 'hours', 'counts_from': 'work_date', 'in_period': true,
            'en': 'all hours of the period', 'zh': '本期全部工时'},
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
            'words': ['issues.issue_type'], 'more': {'filter': 'may_be_scope and is_after_freeze'},
            'en': 'person-days added after the freeze', 'zh': '冻结后新增人天'},
        'frozen_scope_days': {
            'fact': 'fct_issues', 'amount': 'estimated_days', 'filter': 'is_scope and not is_after_freeze', 'counts_from': 'freeze_on',
            'words': ['issues.issue_type'], 'more': {'filter': 'may_be_scope and not is_after_freeze'},
            'en': 'person-days of the frozen baseline', 'zh': '冻结基线人天'},
        'changes_started': {
            'fact': 'fct_change_requests', 'amount': '1', 'filter': 'started_on is not null', 'counts_from': 'started_on',
            'en': 'changes started', 'zh': '已开工变更'},
        'changes_started_unapproved': {
            'fact': 'fct_change_requests', 'amount': '1', 'filter': 'is_started_before_approval', 'counts_from': 'started_on',
            'words': ['change_requests.decision'],
            'less': {'filter': 'is_started_before_approval and ' ~ plimsoll.is_unknown_word('decision', 'change_requests.decision')},
            'en': 'changes started before approval', 'zh': '未批先做变更'},
        'sites_planned_live': {
            'fact': 'fct_sites', 'amount': '1', 'filter': 'planned_live_on is not null', 'counts_from': 'planned_live_on',
            'en': 'sites planned to be live', 'zh': '计划已上线站点'},
        'sites_live': {
            'fact': 'fct_sites', 'amount': '1', 'filter': 'actual_live_on is not null', 'counts_from': 'actual_live_on',
            'en': 'sites live', 'zh': '已上线站点'},
    } -%}
    {%- for kind, words in plimsoll.kinds_of_cost().items() -%}
        {%- set of_kind = "cost_kind = '" ~ kind ~ "'" -%}
        {%- set is_other = kind == 'other' -%}  {#- where a category that nobody knows stands -#}
        {%- set unsure_cost = '(' ~ cost_kinds ~ ' and ' ~ unknown_category ~ ') or (' ~ unknown_kind ~ ' and (' ~ of_kind ~ ' or ' ~ unknown_category ~ '))' -%}
        {%- do all.update({
            'earned_value_' ~ kind: {
                'fact': 'fct_earned_value', 'amount': 'earned_value', 'filter': 'earned_value is not null and ' ~ of_kind, 'counts_from': 'status_on', 'counts_until': 'superseded_on',
                'words': ['costs.category'], ('less' if is_other else 'more'): {'filter': 'earned_value is not null and ' ~ unknown_category},
                'en': 'earned value of ' ~ words[0], 'zh': '挣值（' ~ words[1] ~ '）'},
            'actual_cost_' ~ kind: {
                'fact': 'fct_costs', 'amount': 'amount', 'filter': "kind in ('actual', 'accrual', 'provisional') and " ~ of_kind, 'counts_from': 'counts_on', 'counts_until': 'superseded_on', 'window': 'to_date',
                'words': ['costs.kind', 'costs.category'],
                'more': {'filter': (unknown_kind ~ ' and ' ~ of_kind) if is_other else '(' ~ unsure_cost ~ ')'},
                'less': {'filter': cost_kinds ~ ' and ' ~ unknown_category} if is_other else none,
                'en': 'actual cost of ' ~ words[0], 'zh': '实际成本（' ~ words[1] ~ '）'},
            'planned_value_' ~ kind: {
                'fact': 'fct_planned_value', 'amount': 'planned_value', 'filter': of_kind, 'counts_from': 'accrued_on',
                'en': 'planned value of ' ~ words[0], 'zh': '计划价值（' ~ words[1] ~ '）'},
            'budget_' ~ kind: {
                'fact': 'fct_budget', 'amount': 'planned_value', 'filter': of_kind ~ ' and not is_kind_mixed', 'counts_from': 'counts_from',
                'en': 'budget of ' ~ words[0], 'zh': '预算（' ~ words[1] ~ '）'},
            'mixed_budget_' ~ kind: {
                'fact': 'fct_budget', 'amount': 'planned_value', 'filter': of_kind ~ ' and is_kind_mixed', 'counts_from': 'counts_from',
                'en': 'budget of ' ~ words[0] ~ ', with elements that mix kinds', 'zh': '预算（' ~ words[1] ~ '，含混合多类的 WBS 元素）'},
        }) -%}
    {%- endfor -%}
    {{ return(plimsoll.with_unknown_words(all)) }}
{% endmacro %}


{% macro is_money(measure_key) %}
    {#- Whether a measure is an amount in the project's currency. -#}
    {%- set measure = plimsoll.measures()[measure_key] -%}
    {{ return(measure.amount in ['planned_value', 'earned_value', 'amount', 'net_amount']) }}
{% endmacro %}


{% macro earned_value_measures() %}
    {#- What earned value is made of, in money and in hours: kept by WBS element too. -#}
    {{ return(['budget_at_completion', 'planned_value', 'earned_value', 'actual_cost', 'elements_due', 'planned_hours', 'earned_hours', 'hours_logged', 'budget_hours']) }}
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
        {%- for measure in plimsoll.kpi_terms_of(kpi) -%}
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
            {%- for measure in plimsoll.kpi_terms_of(kpi) %}
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


{% macro measure_rows(fact, only=none, identified=false) %}
    {#-
    The rows of every measure over one fact (of those in `only`, where it is given), in one shape: the evidence, and what the deltas are made
    from. A row without a WBS element, and every row of a fact that has none, stands under '-'. identified: with what each is found again by,
    and without those that are not looked for.
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
        {%- if identified %},
        {{ table.identity }} as identity,
        {{ table.detail or 'cast(null as ' ~ dbt.type_string() ~ ')' }} as detail
        {%- endif %}
    from {{ ref(fact) }}
    where {{ measure.counts_from }} is not null
        and {{ measure.amount }} is not null
        {% if identified %}and {{ table.identity }} is not null{% endif %}
        {% if measure.filter %}and {{ measure.filter }}{% endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}


{% macro with_unknown_words(stated) %}
    {#- The measures, each followed by its <key>_more and <key>_less. -#}
    {%- set all = {} -%}
    {%- for key, measure in stated.items() -%}
        {%- do all.update({key: measure}) -%}
        {%- for side, en, zh in [('more', ' (may count: a word is unknown)', '（词未对照，可能计入）'), ('less', ' (may not count: a word is unknown)', '（词未对照，可能不计）')] if measure[side] -%}
            {%- set companion = dict(measure, **measure[side]) -%}
            {%- do companion.update({'en': measure.en ~ en, 'zh': measure.zh ~ zh, 'more': none, 'less': none, 'words': []}) -%}
            {%- do all.update({key ~ '_' ~ side: companion}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(all) }}
{% endmacro %}


{% macro more_open(counts, may_count) %}
    {#- Open ones that may count, and those that count, are closed, and would still be open if their unknown resolution meant "put off". -#}
    {{ return({
        'filter': may_count ~ ' and (not (' ~ counts ~ ') or (open_until is not null and is_unknown_resolution))',
        'counts_from': 'case when ' ~ counts ~ ' then open_until else created_on end',
        'counts_until': 'case when not is_unknown_resolution then open_until end',
    }) }}
{% endmacro %}
