{% macro labor_kpis() %}
    {{ return({
        'technical_debt_share': {
            'section': 'labor', 'unit': 'percent', 'better': 'band', 'low_warning_at': 0.08, 'warning_at': 0.20,
            'measures': ['technical_debt_hours', 'own_code_hours'],
            'numerator': 'technical_debt_hours', 'denominator': 'own_code_hours',
            'not_applicable_to': ['equipment'],
            'name_en': 'technical-debt repayment share', 'name_zh': '技术债偿还工时占比', 'short_en': 'Debt repayment share', 'short_zh': '还债工时占比',
            'definition_en': 'Hours tagged as technical debt, divided by the development and test hours of modules with own code, in the period. The reserve is 10 %; from 8 to 20 % is within the band.',
            'definition_zh': '本期标记为技术债的工时 ÷ 自研模块的开发与测试工时。预留 10 %，8 %–20 % 为正常带。',
            'formula_en': 'technical-debt hours ÷ development and test hours', 'formula_zh': '还债工时 ÷ 开发与测试工时',
            'level_reason_en': 'Around the 10 % reserve of the brief; outside the band warns at most.', 'level_reason_zh': '围绕 10 % 预留设正常带，超出只预警。',
        },
        'timesheet_completeness': {
            'section': 'labor', 'unit': 'percent', 'better': 'higher', 'warning_at': 0.95, 'critical_at': 0.85,
            'grains': ['portfolio', 'project'],
            'measures': ['hours_credited', 'hours_required'],
            'numerator': 'hours_credited', 'denominator': 'hours_required',
            'name_en': 'timesheet completeness', 'name_zh': '工时填报完整率', 'short_en': 'Timesheet completeness', 'short_zh': '填报完整率',
            'definition_en': 'Hours logged, at most those required per person and day, divided by the hours required net of leave, up to two working days ago. Per project by the allocation of people; day labor is not counted.',
            'definition_zh': '每人每日已填报工时(不超过应填)合计 ÷ 扣除请假后的应填工时，统计到两个工作日之前。按人员分配计入项目；点工不计。',
            'formula_en': 'Σ min(logged, required) ÷ Σ required', 'formula_zh': 'Σ min(已填, 应填) ÷ Σ 应填',
            'level_reason_en': 'House level: to be agreed with the project.', 'level_reason_zh': '内部约定，可与项目商定。',
        },
    }) }}
{% endmacro %}
