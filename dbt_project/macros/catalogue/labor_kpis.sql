{% macro labor_kpis() %}
    {#- the share of one project has two denominators, of which it chooses one -#}
    {%- set debt_share = {
        'section': 'labor', 'unit': 'percent', 'better': 'band', 'low_warning_at': 0.08, 'warning_at': 0.20,
        'not_applicable_to': ['equipment'], 'applies_if': 'own_code_hours > 0',
        'level_reason_en': 'Around the 10 % reserve of the brief; outside the band warns at most.', 'level_reason_zh': '围绕 10 % 预留设正常带，超出只预警。',
    } -%}
    {{ return({
        'technical_debt_share': dict(debt_share, **{
            'measures': ['technical_debt_hours', 'technical_debt_base_hours', 'hours_in_period', 'own_code_hours'],
            'numerator': 'technical_debt_hours', 'denominator': 'technical_debt_base_hours',
            'name_en': 'technical-debt repayment share', 'name_zh': '技术债偿还工时占比', 'short_en': 'Debt repayment share', 'short_zh': '还债工时占比',
            'definition_en': 'Hours tagged as technical debt, divided by all hours of the period or, where the project chose so, by the development and test hours of modules with own code. The reserve is 10 %; from 8 to 20 % is within the band. Several projects together: each by its own basis.',
            'definition_zh': '本期标记为技术债的工时 ÷ 本期全部工时；项目另行选定时，÷ 自研模块的开发与测试工时。预留 10 %，8 %–20 % 为正常带。多个项目合计时，各按本项目的口径。',
            'formula_en': 'technical-debt hours ÷ all hours (or development and test hours, as chosen)', 'formula_zh': '还债工时 ÷ 全部工时（或按项目选择 ÷ 开发与测试工时）',
        }),
        'technical_debt_share_other': dict(debt_share, **{
            'beside': 'technical_debt_share',
            'measures': ['technical_debt_hours', 'technical_debt_other_base_hours', 'hours_in_period', 'own_code_hours'],
            'numerator': 'technical_debt_hours', 'denominator': 'technical_debt_other_base_hours',
            'name_en': 'technical-debt repayment share by the other basis', 'name_zh': '技术债偿还工时占比（另一口径）', 'short_en': 'Debt repayment, other basis', 'short_zh': '还债工时占比（另一口径）',
            'definition_en': 'Hours tagged as technical debt, divided by the hours that the project did not choose: the development and test hours of modules with own code or, where those count, all hours of the period. Shown with the verdict that the levels of the chosen basis would give it; it is not rated and raises no alert.',
            'definition_zh': '本期标记为技术债的工时 ÷ 项目未选用的工时：自研模块的开发与测试工时；已选用该口径时，为本期全部工时。按已选口径的阈值给出结论供对照，不计入状态，也不触发预警。',
            'formula_en': 'technical-debt hours ÷ hours of the basis not chosen', 'formula_zh': '还债工时 ÷ 未选用口径的工时',
        }),
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
