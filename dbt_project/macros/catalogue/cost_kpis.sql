{% macro cost_kpis() %}
    {#- what divides by cost, or extrapolates it, needs some of it and a budget: a credit note is no performance -#}
    {%- set has_cost = 'actual_cost > 0 and budget_at_completion > 0' -%}
    {%- set no_cost = "when actual_cost <= 0 then 'no_data:no_cost'" -%}
    {%- set negative_estimate = "case when estimate_of_what_is_left < 0 then 'negative_estimate' end" -%}
    {#- rules such as 0/100 earn nothing for weeks: before there is something to have earned, nothing is judged -#}
    {%- set early = 'planned_value < ' ~ var('early_share') ~ ' * budget_at_completion and earned_value < ' ~ var('early_share') ~ ' * budget_at_completion and elements_due = 0' -%}
    {%- set early_hours = 'planned_hours < ' ~ var('early_share') ~ ' * budget_hours and earned_hours < ' ~ var('early_share') ~ ' * budget_hours and elements_due = 0' -%}
    {#- what is extrapolated from the first sixth of the work moves by half from month to month -#}
    {%- set early_estimate = ['earned_value <= ' ~ var('early_estimate_share') ~ ' * budget_at_completion', 'unrated:early_estimate'] -%}
    {#- near the end a sliver of work over a sliver of money says nothing that the estimate does not say -#}
    {%- set nearly_done = 'earned_value >= ' ~ var('nearly_done_share') ~ ' * budget_at_completion' -%}
    {%- set small_overrun = nearly_done ~ ' and actual_cost <= (1 + ' ~ var('small_overrun_share') ~ ') * earned_value' -%}
    {%- set small_overrun_of_estimate = nearly_done ~ ' and actual_cost + estimate_of_what_is_left <= (1 + ' ~ var('small_overrun_share') ~ ') * budget_at_completion' -%}
    {{ return({
        'cost_performance_index': {
            'section': 'cost', 'dated': 'cost', 'unit': 'index', 'better': 'higher', 'is_cost': true, 'warning_at': 0.95, 'critical_at': 0.90,
            'measures': ['earned_value', 'actual_cost', 'budget_at_completion', 'planned_value', 'elements_due'],
            'numerator': 'earned_value', 'denominator': 'actual_cost', 'needs_positive': 'budget_at_completion',
            'value': 'case when ' ~ has_cost ~ ' then cast(earned_value as double) / cast(actual_cost as double) end',
            'edge': 'case ' ~ no_cost ~ ' end', 'too_early': [[early, 'small:plan']],
            'name_en': 'cost performance index (CPI)', 'name_zh': '成本绩效指数 (CPI)', 'short_en': 'CPI', 'short_zh': '成本绩效指数 (CPI)',
            'definition_en': 'Earned value divided by actual cost, both excluding VAT, at the newest data date of the schedule not after the last closed accounting period; cost that books enter for a whole period is estimated to that date. Costs without earned value give 0; without costs, or with costs below zero, it is unknown. Too early until 10 % of the budget is planned or earned or the first element is due. Later periods are provisional: timesheets × rates for labor not yet booked.',
            'definition_zh': '挣值 ÷ 实际成本，均不含税，截至不晚于最近已结账会计期间的最新进度数据日期；按整期入账的成本暂估至该日期。有成本无挣值时为 0；无成本或成本为负时未知。计划或挣得不足预算 10 % 且尚无到期 WBS 元素时数据不足，暂不评价。其后期间为暂定：未入账人工按工时 × 费率估算。',
            'formula_en': 'EV ÷ AC', 'formula_zh': 'EV ÷ AC',
            'level_reason_en': 'PMI practice: below 0.95 needs an answer, below 0.90 rarely recovers.', 'level_reason_zh': '通行做法：低于 0.95 须说明，低于 0.90 通常难以追回。',
        },
        'cost_variance': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'higher', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['earned_value', 'actual_cost', 'budget_at_completion', 'planned_value', 'elements_due'],
            'numerator': 'earned_value - actual_cost', 'needs_positive': 'budget_at_completion',
            'name_en': 'cost variance (CV)', 'name_zh': '成本偏差', 'short_en': 'Cost variance', 'short_zh': '成本偏差',
            'definition_en': 'Earned value less actual cost, excluding VAT. Its status is that of CPI, so that one fact raises one alert.',
            'definition_zh': '挣值 − 实际成本，不含税。状态取自 CPI，同一事实只预警一次。',
            'formula_en': 'EV − AC', 'formula_zh': 'EV − AC',
        },
        'cost_variance_rate': {
            'section': 'cost', 'dated': 'cost', 'unit': 'percent', 'better': 'higher', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['earned_value', 'actual_cost', 'budget_at_completion', 'planned_value', 'elements_due'],
            'numerator': 'earned_value - actual_cost', 'denominator': 'earned_value', 'needs_positive': 'budget_at_completion',
            'name_en': 'cost variance rate', 'name_zh': '成本偏差率', 'short_en': 'Cost variance rate', 'short_zh': '成本偏差率',
            'definition_en': 'Cost variance divided by earned value: (EV − AC) ÷ EV. Its status is that of CPI.',
            'definition_zh': '成本偏差 ÷ 挣值，即 (EV − AC) ÷ EV。状态取自 CPI。',
            'formula_en': '(EV − AC) ÷ EV', 'formula_zh': '(EV − AC) ÷ EV',
        },
        'estimate_at_completion': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'lower', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['budget_at_completion', 'earned_value', 'actual_cost', 'planned_value', 'elements_due'],
            'numerator': 'budget_at_completion', 'denominator': 'cast(earned_value as double) / nullif(cast(actual_cost as double), 0)', 'needs_positive': 'budget_at_completion',
            'unrated_when': [early_estimate],
            'value': 'case when ' ~ has_cost ~ ' then cast(budget_at_completion as double) * cast(actual_cost as double) / nullif(cast(earned_value as double), 0) end',
            'edge': 'case ' ~ no_cost ~ ' end',
            'name_en': 'estimate at completion (EAC)', 'name_zh': '完工估算 (EAC)', 'short_en': 'EAC', 'short_zh': '完工估算 (EAC)',
            'definition_en': 'What the whole will cost if the rest costs as the work so far: BAC ÷ CPI. Its status is that of CPI; up to 15 % complete it is shown and not judged.',
            'definition_zh': '按目前成本绩效推算的完工总成本：BAC ÷ CPI。状态取自 CPI；完成不超过 15 % 时只展示、不评价。',
            'formula_en': 'BAC ÷ CPI', 'formula_zh': 'BAC ÷ CPI',
        },
        'estimate_at_completion_rest_at_budget': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'lower', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['actual_cost', 'budget_at_completion', 'earned_value', 'planned_value', 'elements_due'],
            'numerator': 'actual_cost + budget_at_completion - earned_value', 'needs_positive': 'budget_at_completion',
            'value': 'case when ' ~ has_cost ~ ' then cast(actual_cost + budget_at_completion - earned_value as double) end',
            'edge': 'case ' ~ no_cost ~ ' end',
            'unrated_when': [early_estimate],
            'name_en': 'estimate at completion, rest at budget', 'name_zh': '完工估算（余下按预算）', 'short_en': 'EAC, rest at budget', 'short_zh': 'EAC（余下按预算）',
            'definition_en': 'What the whole will cost if the rest keeps to its budget: AC + (BAC − EV). The lower end of the band around EAC while CPI is below 1. Its status is that of CPI.',
            'definition_zh': '余下工作按预算完成时的完工总成本：AC + (BAC − EV)。CPI 低于 1 时为 EAC 区间的下限。状态取自 CPI。',
            'formula_en': 'AC + (BAC − EV)', 'formula_zh': 'AC + (BAC − EV)',
        },
        'estimate_at_completion_cost_and_schedule': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'lower', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['actual_cost', 'budget_at_completion', 'earned_value', 'planned_value', 'elements_due'],
            'numerator': 'cast(actual_cost as double) + (cast(budget_at_completion as double) - cast(earned_value as double)) * cast(actual_cost as double) * cast(planned_value as double) / nullif(cast(earned_value as double) * cast(earned_value as double), 0)', 'needs_positive': 'budget_at_completion',
            'value': 'case when ' ~ has_cost ~ ' and (planned_value > 0 or earned_value >= budget_at_completion) then cast(cast(actual_cost as double) + (cast(budget_at_completion as double) - cast(earned_value as double)) * cast(actual_cost as double) * cast(planned_value as double) / nullif(cast(earned_value as double) * cast(earned_value as double), 0) as double) end',
            'edge': 'case ' ~ no_cost ~ ' end',
            'unrated_when': [early_estimate],
            'name_en': 'estimate at completion, at cost and schedule performance', 'name_zh': '完工估算（按成本与进度绩效）', 'short_en': 'EAC, cost × schedule', 'short_zh': 'EAC（成本×进度）',
            'definition_en': 'What the whole will cost if the rest suffers from cost and schedule performance alike: AC + (BAC − EV) ÷ (CPI × SPI). Unknown while nothing is planned. Its status is that of CPI.',
            'definition_zh': '余下工作同时受成本与进度绩效影响时的完工总成本：AC + (BAC − EV) ÷ (CPI × SPI)。尚无计划价值时未知。状态取自 CPI。',
            'formula_en': 'AC + (BAC − EV) ÷ (CPI × SPI)', 'formula_zh': 'AC + (BAC − EV) ÷ (CPI × SPI)',
        },
        'variance_at_completion': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'higher', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['budget_at_completion', 'earned_value', 'actual_cost', 'planned_value', 'elements_due'],
            'numerator': 'cast(budget_at_completion as double) * (cast(earned_value as double) - cast(actual_cost as double)) / nullif(cast(earned_value as double), 0)', 'needs_positive': 'budget_at_completion',
            'unrated_when': [early_estimate],
            'value': 'case when ' ~ has_cost ~ ' then cast(budget_at_completion as double) * (cast(earned_value as double) - cast(actual_cost as double)) / nullif(cast(earned_value as double), 0) end',
            'edge': 'case ' ~ no_cost ~ ' end',
            'name_en': 'variance at completion (VAC)', 'name_zh': '完工偏差 (VAC)', 'short_en': 'VAC', 'short_zh': '完工偏差 (VAC)',
            'definition_en': 'Budget at completion less estimate at completion: BAC − EAC. Its status is that of CPI.',
            'definition_zh': '完工预算 − 完工估算，即 BAC − EAC。状态取自 CPI。',
            'formula_en': 'BAC − BAC ÷ CPI', 'formula_zh': 'BAC − BAC ÷ CPI',
        },
        'cost_performance_index_labor': plimsoll.cpi_of_kind('labor', {
            'name_en': 'CPI of labor', 'name_zh': '成本绩效指数（人工）', 'short_en': 'CPI labor', 'short_zh': 'CPI（人工）',
            'definition_en': 'Earned value of the budget of labor, divided by its actual cost, excluding VAT. Unknown where no budget is of this kind, or where a WBS element mixes kinds under one percentage; not rated while over 5 % of actual cost has no budget of its kind.',
            'definition_zh': '人工预算的挣值 ÷ 其实际成本，不含税。没有此类预算、或 WBS 元素混合多类而只有一个进度百分比时未知；超过 5 % 的实际成本没有同类预算时不评价。',
            'formula_en': 'EV ÷ AC, labor', 'formula_zh': 'EV ÷ AC（人工）',
        }),
        'cost_performance_index_equipment': plimsoll.cpi_of_kind('bought', {
            'name_en': 'CPI of equipment and software bought', 'name_zh': '成本绩效指数（设备与软件采购）', 'short_en': 'CPI equipment', 'short_zh': 'CPI（设备与软件）',
            'definition_en': 'Earned value of the budget of equipment and software bought, divided by its actual cost, excluding VAT. Unknown where no budget is of this kind, or where a WBS element mixes kinds under one percentage; not rated while over 5 % of actual cost has no budget of its kind.',
            'definition_zh': '设备与软件采购预算的挣值 ÷ 其实际成本，不含税。没有此类预算、或 WBS 元素混合多类而只有一个进度百分比时未知；超过 5 % 的实际成本没有同类预算时不评价。',
            'formula_en': 'EV ÷ AC, equipment and software bought', 'formula_zh': 'EV ÷ AC（设备与软件采购）',
        }),
        'cost_performance_index_subcontract': plimsoll.cpi_of_kind('subcontract', {
            'name_en': 'CPI of subcontract', 'name_zh': '成本绩效指数（分包外包）', 'short_en': 'CPI subcontract', 'short_zh': 'CPI（分包）',
            'definition_en': 'Earned value of the budget of subcontract, divided by its actual cost, excluding VAT. Unknown where no budget is of this kind, or where a WBS element mixes kinds under one percentage; not rated while over 5 % of actual cost has no budget of its kind.',
            'definition_zh': '分包外包预算的挣值 ÷ 其实际成本，不含税。没有此类预算、或 WBS 元素混合多类而只有一个进度百分比时未知；超过 5 % 的实际成本没有同类预算时不评价。',
            'formula_en': 'EV ÷ AC, subcontract', 'formula_zh': 'EV ÷ AC（分包外包）',
        }),
        'cost_performance_index_other': plimsoll.cpi_of_kind('other', {
            'name_en': 'CPI of other and indirect cost', 'name_zh': '成本绩效指数（其他与间接费用）', 'short_en': 'CPI other', 'short_zh': 'CPI（其他）',
            'definition_en': 'Earned value of the budget of other and indirect cost, divided by its actual cost, excluding VAT. Unknown where no budget is of this kind, or where a WBS element mixes kinds under one percentage; not rated while over 5 % of actual cost has no budget of its kind.',
            'definition_zh': '其他与间接费用预算的挣值 ÷ 其实际成本，不含税。没有此类预算、或 WBS 元素混合多类而只有一个进度百分比时未知；超过 5 % 的实际成本没有同类预算时不评价。',
            'formula_en': 'EV ÷ AC, other and indirect cost', 'formula_zh': 'EV ÷ AC（其他与间接费用）',
        }),
        'cost_without_budget_of_its_kind': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'none', 'is_cost': true,
            'measures': ['cost_without_budget_of_its_kind', 'budget_at_completion'],
            'numerator': 'cost_without_budget_of_its_kind', 'needs_positive': 'budget_at_completion',
            'name_en': 'cost without a budget of its kind', 'name_zh': '无同类预算的成本', 'short_en': 'Cost without budget', 'short_zh': '无同类预算成本',
            'definition_en': 'Actual cost, excluding VAT, of a kind (labor, equipment and software, subcontract, other and indirect) that the budget does not hold, or without a category. With the cost of the kinds that it holds, it is actual cost. Above 5 % of it no CPI by kind is rated.',
            'definition_zh': '预算中没有同类（人工、设备与软件、分包、其他与间接）或未分类的实际成本，不含税。与有预算各类的成本合计即为实际成本。超过实际成本 5 % 时，各类成本绩效指数不评价。',
            'formula_en': 'AC of kinds without a budget', 'formula_zh': '无预算各类的 AC',
        },
        'cost_performance_index_hours': {
            'section': 'labor', 'dated': 'schedule', 'unit': 'index', 'better': 'higher', 'warning_at': 0.95, 'critical_at': 0.90,
            'measures': ['earned_hours', 'hours_logged', 'planned_hours', 'budget_hours', 'elements_due'],
            'numerator': 'earned_hours', 'denominator': 'case when planned_hours > 0 then hours_logged end', 'needs_positive': 'planned_hours',
            'too_early': [[early_hours, 'small:plan']],
            'name_en': 'CPI in hours', 'name_zh': '成本绩效指数（按工时）', 'short_en': 'CPI in hours', 'short_zh': 'CPI（按工时）',
            'definition_en': 'Earned hours divided by hours logged to date: the planned hours of the work done against the hours it took. In hours, not in money. Too early until 10 % of the hours of the budget are planned or earned or the first element is due.',
            'definition_zh': '挣得工时 ÷ 累计填报工时，即已完成工作的计划工时与实际用时之比。单位为工时，不是金额。计划或挣得不足预算工时 10 % 且尚无到期 WBS 元素时数据不足，暂不评价。',
            'formula_en': 'earned hours ÷ hours logged', 'formula_zh': '挣得工时 ÷ 累计填报工时',
            'level_reason_en': 'As for CPI in money.', 'level_reason_zh': '与按金额的 CPI 相同。',
        },
        'cost_variance_hours': {
            'section': 'labor', 'dated': 'schedule', 'unit': 'hours', 'better': 'higher', 'status_from': 'cost_performance_index_hours',
            'measures': ['earned_hours', 'hours_logged', 'planned_hours', 'budget_hours', 'elements_due'],
            'numerator': 'earned_hours - hours_logged', 'needs_positive': 'planned_hours',
            'name_en': 'cost variance in hours', 'name_zh': '工时成本偏差', 'short_en': 'CV in hours', 'short_zh': '成本偏差（工时）',
            'definition_en': 'Earned hours less hours logged. Its status is that of CPI in hours.',
            'definition_zh': '挣得工时 − 累计填报工时。状态取自工时成本绩效指数。',
            'formula_en': 'earned hours − hours logged', 'formula_zh': '挣得工时 − 累计填报工时',
        },
        'to_complete_performance_index': {
            'section': 'cost', 'dated': 'cost', 'unit': 'index', 'better': 'lower', 'is_cost': true, 'warning_at': 1.05, 'critical_at': 1.10,
            'measures': ['budget_at_completion', 'earned_value', 'actual_cost', 'planned_value', 'elements_due'],
            'numerator': 'budget_at_completion - earned_value', 'denominator': 'budget_at_completion - actual_cost', 'needs_positive': 'budget_at_completion',
            'value': 'case when actual_cost > 0 and earned_value < budget_at_completion and actual_cost < budget_at_completion then cast(budget_at_completion - earned_value as double) / nullif(cast(budget_at_completion - actual_cost as double), 0) end',
            'edge': "case when earned_value >= budget_at_completion then 'not_applicable:work_done' " ~ no_cost ~ " when actual_cost >= budget_at_completion and " ~ small_overrun ~ " then 'unrated:not_achievable' when actual_cost >= budget_at_completion then 'critical:not_achievable' end",
            'too_early': [[early, 'small:plan']],
            'unrated_when': [[small_overrun, 'unrated:small_overrun']],
            'name_en': 'to-complete performance index (TCPI)', 'name_zh': '完工尚需绩效指数 (TCPI)', 'short_en': 'TCPI', 'short_zh': '完工尚需绩效指数 (TCPI)',
            'definition_en': 'The cost performance that the rest needs to keep to the budget: work left divided by money left. Once the budget is spent with work left, it is not achievable. From 85 % complete on it is judged only where EAC exceeds BAC by more than 3 %.',
            'definition_zh': '余下工作要守住预算所需达到的成本绩效：余下工作 ÷ 余下资金。预算用完而工作未完时，按原预算已不可能完成。完成 85 % 及以上时，仅当 EAC 超出 BAC 3 % 以上才评价。',
            'formula_en': '(BAC − EV) ÷ (BAC − AC)', 'formula_zh': '(BAC − EV) ÷ (BAC − AC)',
            'level_reason_en': 'Practice: over 1.05 is hard, over 1.10 rarely reached.', 'level_reason_zh': '通行做法：高于 1.05 较难，高于 1.10 很少做到。',
        },
        'to_complete_performance_index_eac': {
            'section': 'cost', 'dated': 'cost', 'unit': 'index', 'better': 'lower', 'is_cost': true, 'warning_at': 1.05, 'critical_at': 1.10,
            'measures': ['budget_at_completion', 'earned_value', 'estimate_of_what_is_left', 'actual_cost', 'planned_value', 'elements_due'],
            'numerator': 'budget_at_completion - earned_value', 'denominator': 'estimate_of_what_is_left', 'needs_positive': 'estimate_of_what_is_left', 'unknown_because': negative_estimate,
            'value': 'case when actual_cost > 0 and earned_value < budget_at_completion and estimate_of_what_is_left > 0 then cast(budget_at_completion - earned_value as double) / nullif(cast(estimate_of_what_is_left as double), 0) end',
            'edge': "case when earned_value >= budget_at_completion then 'not_applicable:work_done' " ~ no_cost ~ " end",
            'too_early': [[early, 'small:plan']],
            'unrated_when': [[small_overrun_of_estimate, 'unrated:small_overrun']],
            'name_en': 'to-complete performance index against the bottom-up EAC', 'name_zh': '完工尚需绩效指数（对自下而上 EAC）', 'short_en': 'TCPI to EAC', 'short_zh': 'TCPI（对 EAC）',
            'definition_en': 'The cost performance that the rest needs to keep to the approved bottom-up estimate: work left divided by the money this estimate leaves, EAC − AC. Unknown without such an estimate (cost lines of the kind forecast): against an estimate made from the CPI it says nothing new. Not applicable once all the work is done.',
            'definition_zh': '余下工作要守住已批准的自下而上估算所需达到的成本绩效：余下工作 ÷ 该估算余下的资金（EAC − AC）。没有此类估算（类别为“预测”的成本行）时未知：对由 CPI 推出的估算，它并无新意。全部工作完成后不适用。',
            'formula_en': '(BAC − EV) ÷ (EAC − AC), EAC bottom-up', 'formula_zh': '(BAC − EV) ÷ (EAC − AC)，EAC 为自下而上',
            'level_reason_en': 'Practice: over 1.05 is hard, over 1.10 rarely reached.', 'level_reason_zh': '通行做法：高于 1.05 较难，高于 1.10 很少做到。',
        },
        'commitment_rate': {
            'section': 'cost', 'unit': 'percent', 'better': 'lower', 'is_cost': true, 'warning_at': 0.95, 'critical_at': 1.0,
            'measures': ['actual_cost', 'commitments_signed', 'commitments_in_cost', 'budget_at_completion'],
            'numerator': 'actual_cost + commitments_signed - commitments_in_cost', 'denominator': 'budget_at_completion', 'needs_positive': 'budget_at_completion',
            'value': 'case when commitments_signed <> 0 or actual_cost > budget_at_completion then cast(actual_cost + commitments_signed - commitments_in_cost as double) / nullif(cast(budget_at_completion as double), 0) end',
            'edge': "case when commitments_signed = 0 and actual_cost <= budget_at_completion then 'no_data:commitments' end",
            'name_en': 'commitment rate', 'name_zh': '预算占用率', 'short_en': 'Commitment rate', 'short_zh': '预算占用率',
            'definition_en': 'What is spent or signed for, divided by budget at completion, excluding VAT: (AC + signed − accrued) ÷ BAC. Accrued is the part of what was signed that is in actual cost by now: cost of the same WBS element and category since the signing. Without any commitment on record it is unknown, unless cost alone passes the budget.',
            'definition_zh': '已花费与已签约的金额 ÷ 完工预算，均不含税：(AC + 已签 − 已转成本) ÷ BAC。已转成本指已签承诺中目前已进入实际成本的部分，即签约后同一 WBS 元素、同一类别的成本。没有任何承诺记录时未知，除非仅实际成本就已超出预算。',
            'formula_en': '(AC + signed − accrued) ÷ BAC', 'formula_zh': '(AC + 已签 − 已转成本) ÷ BAC',
            'level_reason_en': 'What is signed can no longer be saved: from 95 % on there is no room left, over 100 % the budget is gone before the cost is.', 'level_reason_zh': '已签约的钱无法再省：达到 95 % 已无余地，超过 100 % 则成本尚未发生、预算已被占满。',
        },
        'estimate_to_complete': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'lower', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['budget_at_completion', 'earned_value', 'actual_cost', 'planned_value', 'elements_due'],
            'numerator': 'budget_at_completion - earned_value', 'denominator': 'cast(earned_value as double) / nullif(cast(actual_cost as double), 0)', 'needs_positive': 'budget_at_completion',
            'unrated_when': [early_estimate],
            'value': 'case when ' ~ has_cost ~ ' then case when earned_value >= budget_at_completion then 0.0 else cast(budget_at_completion - earned_value as double) * cast(actual_cost as double) / nullif(cast(earned_value as double), 0) end end',
            'edge': 'case ' ~ no_cost ~ ' end',
            'name_en': 'estimate to complete (ETC)', 'name_zh': '完工尚需估算 (ETC)', 'short_en': 'ETC', 'short_zh': '完工尚需估算 (ETC)',
            'definition_en': 'What the rest will cost at the cost performance so far: (BAC − EV) ÷ CPI. Its status is that of CPI.',
            'definition_zh': '按目前成本绩效，余下工作还需的成本：(BAC − EV) ÷ CPI。状态取自 CPI。',
            'formula_en': '(BAC − EV) ÷ CPI', 'formula_zh': '(BAC − EV) ÷ CPI',
        },
        'estimate_at_completion_bottom_up': {
            'section': 'cost', 'dated': 'cost', 'unit': 'money', 'better': 'lower', 'is_cost': true, 'status_from': 'cost_performance_index',
            'measures': ['actual_cost', 'estimate_of_what_is_left', 'earned_value', 'budget_at_completion', 'planned_value', 'elements_due'],
            'numerator': 'case when earned_value >= budget_at_completion then actual_cost else actual_cost + estimate_of_what_is_left end',
            'needs_positive': 'estimate_of_what_is_left', 'unknown_because': negative_estimate, 'unless': 'budget_at_completion > 0 and earned_value >= budget_at_completion',
            'value': 'case when actual_cost <= 0 then null when budget_at_completion > 0 and earned_value >= budget_at_completion then cast(actual_cost as double) when estimate_of_what_is_left > 0 then cast(actual_cost + estimate_of_what_is_left as double) end',
            'edge': 'case ' ~ no_cost ~ ' end',
            'name_en': 'estimate at completion, bottom-up', 'name_zh': '完工估算（自下而上）', 'short_en': 'EAC, bottom-up', 'short_zh': 'EAC（自下而上）',
            'definition_en': 'Actual cost and the newest estimate of what is left, as the people who do it gave it (cost lines of the kind forecast). Once all the work is done it is actual cost. Its status is that of CPI.',
            'definition_zh': '实际成本加最近一次自下而上的尚需估算（类别为“预测”的成本行）；全部工作完成后即为实际成本。状态取自 CPI。',
            'formula_en': 'AC + bottom-up ETC', 'formula_zh': 'AC + 自下而上的 ETC',
        },
        'gross_margin_forecast': {
            'section': 'cost', 'dated': 'cost', 'unit': 'percent', 'better': 'higher', 'is_cost': true, 'grains': ['portfolio', 'project'],
            'measures': ['contract_value', 'budget_at_completion', 'actual_cost', 'earned_value', 'contracts_of_unknown_value', 'planned_value', 'elements_due'],
            'numerator': 'cast(contract_value as double) - cast(budget_at_completion as double) * cast(actual_cost as double) / nullif(cast(earned_value as double), 0)', 'denominator': 'contract_value', 'needs_positive': 'contract_value',
            'needs_none': 'contracts_of_unknown_value', 'unknown_because': "case when contracts_of_unknown_value > 0 then 'net_amount' end",
            'unrated_when': [early_estimate],
            'value': 'case when ' ~ has_cost ~ ' then (cast(contract_value as double) - cast(budget_at_completion as double) * cast(actual_cost as double) / nullif(cast(earned_value as double), 0)) / nullif(cast(contract_value as double), 0) end',
            'edge': 'case ' ~ no_cost ~ ' end', 'too_early': [[early, 'small:plan']],
            'name_en': 'gross margin forecast', 'name_zh': '预计毛利率', 'short_en': 'Gross margin', 'short_zh': '预计毛利率',
            'definition_en': 'What the sales contracts leave once the work is done at the cost performance so far: (contract value − EAC) ÷ contract value, both excluding VAT. A contract that states only an amount with VAT is converted by its own rate. Its level is the project\'s own.',
            'definition_zh': '按目前成本绩效完工后，销售合同留下的毛利：（合同额 − EAC）÷ 合同额，均不含税。合同只写含税金额时，按其自身税率换算。阈值由项目自定。',
            'formula_en': '(contract − BAC ÷ CPI) ÷ contract, excluding VAT', 'formula_zh': '（合同额 − BAC ÷ CPI）÷ 合同额（不含税）',
        },
        'percent_complete': {
            'section': 'cost', 'dated': 'cost', 'unit': 'percent', 'better': 'none', 'is_cost': true,
            'measures': ['earned_value', 'budget_at_completion'],
            'numerator': 'earned_value', 'denominator': 'budget_at_completion', 'needs_positive': 'budget_at_completion',
            'name_en': 'percent complete', 'name_zh': '完成百分比', 'short_en': 'Percent complete', 'short_zh': '完成百分比',
            'definition_en': 'Earned value divided by budget at completion: how much of the budgeted work is done. Stands beside budget consumption.',
            'definition_zh': '挣值 ÷ 完工预算，即已完成预算工作的比例；与预算执行率一并阅读。',
            'formula_en': 'EV ÷ BAC', 'formula_zh': 'EV ÷ BAC',
        },
        'budget_consumption': {
            'section': 'cost', 'dated': 'cost', 'unit': 'percent', 'better': 'none', 'is_cost': true,
            'measures': ['actual_cost', 'budget_at_completion'],
            'numerator': 'actual_cost', 'denominator': 'budget_at_completion', 'needs_positive': 'budget_at_completion',
            'name_en': 'budget consumption', 'name_zh': '预算执行率', 'short_en': 'Budget consumption', 'short_zh': '预算执行率',
            'definition_en': 'Actual cost divided by budget at completion, excluding VAT; to be read beside the percentage complete. BAC holds the contingency reserve, not the management reserve.',
            'definition_zh': '实际成本 ÷ 完工预算，不含税；须与完成百分比一并阅读。完工预算含应急储备，不含管理储备。',
            'formula_en': 'AC ÷ BAC', 'formula_zh': 'AC ÷ BAC',
        },
    }) }}
{% endmacro %}


{% macro cpi_of_kind(kind, words) %}
    {#- CPI of one kind of cost: known where the budget is split by kind, and what is earned of this kind is measured apart from the others. -#}
    {%- set kpi = {
        'section': 'cost', 'dated': 'cost', 'unit': 'index', 'better': 'higher', 'is_cost': true, 'warning_at': 0.95, 'critical_at': 0.90,
        'measures': ['earned_value_' ~ kind, 'actual_cost_' ~ kind, 'budget_' ~ kind, 'mixed_budget_' ~ kind, 'planned_value_' ~ kind, 'cost_without_budget_of_its_kind', 'actual_cost'],
        'numerator': 'earned_value_' ~ kind, 'denominator': 'actual_cost_' ~ kind, 'needs_positive': 'budget_' ~ kind,
        'value': 'case when actual_cost_' ~ kind ~ ' > 0 and budget_' ~ kind ~ ' > 0 then cast(earned_value_' ~ kind ~ ' as double) / cast(actual_cost_' ~ kind ~ ' as double) end',
        'edge': 'case when actual_cost_' ~ kind ~ " <= 0 then 'no_data:no_cost' end",
        'unknown_because': 'case when mixed_budget_' ~ kind ~ " > 0 then 'mixed_element' when budget_" ~ kind ~ " <= 0 then 'no_budget_of_kind' end",
        'too_early': [['planned_value_' ~ kind ~ ' < ' ~ var('early_share') ~ ' * budget_' ~ kind ~ ' and earned_value_' ~ kind ~ ' < ' ~ var('early_share') ~ ' * budget_' ~ kind, 'small:kind']],
        'unrated_when': [['cost_without_budget_of_its_kind > ' ~ var('unbudgeted_share') ~ ' * actual_cost', 'unrated:cost_without_budget']],
        'level_reason_en': 'PMI practice: below 0.95 needs an answer, below 0.90 rarely recovers.', 'level_reason_zh': '通行做法：低于 0.95 须说明，低于 0.90 通常难以追回。',
    } -%}
    {%- do kpi.update(words) -%}
    {{ return(kpi) }}
{% endmacro %}


{% macro kind_of_cost(category) -%}
    {#- labor, bought, subcontract or other; null without a category, which no budget can be held against. -#}
    case
        when {{ category }} in ('labor', 'subcontract') then {{ category }}
        when {{ category }} in ('equipment', 'software') then 'bought'
        when {{ category }} is not null and {{ category }} <> '-' then 'other'
    end
{%- endmacro %}


{% macro kinds_of_cost() %}
    {{ return({
        'labor': ['labor', '人工'], 'bought': ['equipment and software bought', '设备与软件采购'], 'subcontract': ['subcontract', '分包外包'],
        'other': ['other and indirect cost', '其他与间接费用'],
    }) }}
{% endmacro %}
