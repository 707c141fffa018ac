"""The sheets that people keep: timesheets, budget, schedule, contracts, changes, risks, sites and reference lists."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.sample import words
from pipeline.sample.export.tables import delimited, workbook
from pipeline.sample.stories import Story


def _rows(frame: pl.DataFrame, columns: dict[str, str], spoken: dict[str, dict[Any, str]] | None = None) -> list[list]:
    """Header and rows: canonical column → title; `spoken` turns canonical words into those of the sheet."""
    picked = frame.select(
        pl.col(name).replace_strict(spoken[name], default=pl.col(name)) if spoken and name in spoken else pl.col(name)
        for name in columns
    )
    return [list(columns.values()), *[list(row) for row in picked.iter_rows()]]


def _csv(rows: list[list], encoding: str) -> bytes:
    return delimited(rows[0], rows[1:], encoding)


def tempo_csv(worklogs: pl.DataFrame) -> bytes:
    """Tempo's report of hours by day, one line per entry."""
    columns = {
        "issue_key": "Issue Key",
        "hours": "Hours",
        "work_date": "Work date",
        "person": "Username",
        "project": "Project Key",
        "activity": "Activity Name",
        "module": "Component",
    }
    return _csv(_rows(worklogs, columns, {"activity": words.ACTIVITY["en"]}), "utf-8")


def day_labor_workbook(worklogs: pl.DataFrame) -> bytes:
    """点工签单: who worked on which site by which slip, and who signed it there."""
    columns = {
        "slip_no": "签单号",
        "work_date": "用工日期",
        "project": "项目名称",
        "site": "站点",
        "vendor": "劳务公司",
        "person": "工号",
        "labor_type": "用工类型",
        "activity": "工作性质",
        "hours": "工时(小时)",
        "signed_by": "现场负责人",
    }
    spoken = {"activity": words.ACTIVITY["zh"], "labor_type": words.LABOR_TYPE}
    return workbook("点工签单", _rows(worklogs, columns, spoken), (15, 11, 14, 8, 8, 8, 10, 10, 10, 12))


def timesheet_workbook(worklogs: pl.DataFrame) -> bytes:
    """工时表: date cells, person codes, free-text project names."""
    columns = {
        "work_date": "日期",
        "person": "工号",
        "vendor": "供应商",
        "labor_type": "用工类型",
        "project": "项目名称",
        "activity": "工时类型",
        "module": "模块",
        "hours": "工时",
    }
    spoken = {"activity": words.ACTIVITY["zh"], "labor_type": words.LABOR_TYPE}
    return workbook("工时表", _rows(worklogs, columns, spoken), (11, 8, 8, 10, 14, 12, 16, 6))


def budget_workbook(budget: pl.DataFrame) -> bytes:
    """One row per WBS element with the rule it earns by, one column per month; money to the yuan, excluding VAT."""
    keys = ["project", "wbs_code", "wbs_name", "phase", "module", "layer", "category", "earned_value_rule", "baseline"]
    titles = ["项目编号", "WBS编码", "WBS名称", "阶段", "模块", "架构层", "费用类别", "挣值规则", "基线版本"]
    months = budget["period_start"].unique().sort()
    wide = budget.with_columns(pl.col("planned_value").cast(pl.Float64)).pivot(
        "period_start", index=keys, values="planned_value"
    )
    wide = wide.with_columns(
        pl.col("phase").replace_strict(words.PHASE),
        pl.col("category").replace_strict(words.COST_CATEGORY),
        pl.col("earned_value_rule").replace(words.EARNED_VALUE_RULE),
    )
    rows = [titles + [f"{month:%Y-%m}" for month in months]]
    rows += [list(row) for row in wide.select(*keys, *[str(month) for month in months]).iter_rows()]
    return workbook("预算", rows, (12, 8, 20, 12, 14, 8, 10, 14, 8))


def long_budget_csv(budget: pl.DataFrame) -> bytes:
    """One row per WBS element and month, money and hours side by side: the newer form of the same budget."""
    columns = {
        "project": "项目编号",
        "wbs_code": "WBS编码",
        "wbs_name": "WBS名称",
        "phase": "阶段",
        "module": "模块",
        "category": "费用类别",
        "earned_value_rule": "挣值规则",
        "baseline": "基线版本",
        "period_start": "预算月份",
        "planned_value": "计划价值",
        "planned_hours": "计划工时",
    }
    spoken = {
        "phase": words.PHASE,
        "category": words.COST_CATEGORY,
        "earned_value_rule": words.EARNED_VALUE_RULE,
    }
    return _csv(_rows(budget, columns, spoken), "utf-8-sig")


def estimates_csv(costs: pl.DataFrame) -> bytes:
    """尚需估算: what each WBS element will still cost, as the people of the project see it."""
    columns = {
        "project": "项目编号",
        "wbs_code": "WBS编码",
        "phase": "阶段",
        "module": "模块",
        "category": "成本类别",
        "kind": "成本性质",
        "document_no": "单据号",
        "booked_on": "日期",
        "amount": "金额(不含税)",
        "currency": "币种",
    }
    spoken = {"phase": words.PHASE, "category": words.COST_CATEGORY, "kind": words.COST_KIND}
    return _csv(_rows(costs, columns, spoken), "utf-8-sig")


def fx_rates_csv(rates: pl.DataFrame) -> bytes:
    """Yuan for a hundred dollars, as the bank prints them; and the rate that budgets were made at."""
    columns = {
        "from_currency": "币种",
        "to_currency": "本位币",
        "per": "外币单位",
        "kind": "汇率类型",
        "valid_from": "日期",
        "rate": "汇率",
        "source": "来源",
    }
    return _csv(_rows(rates, columns, {"kind": words.FX_RATE_KIND}), "utf-8-sig")


def commitments_csv(costs: pl.DataFrame) -> bytes:
    """采购合同台账, as the purchasing office keeps it: what is signed for which WBS element, without VAT."""
    columns = {
        "project": "项目编号",
        "wbs_code": "WBS编码",
        "phase": "阶段",
        "category": "成本类别",
        "kind": "成本性质",
        "vendor": "供应商",
        "document_no": "单据号",
        "booked_on": "记账日期",
        "amount": "金额(不含税)",
        "currency": "币种",
    }
    spoken = {"phase": words.PHASE, "category": words.COST_CATEGORY, "kind": words.COST_KIND}
    return _csv(_rows(costs, columns, spoken), "utf-8-sig")


SCHEDULE = {
    "project": "项目编号",
    "task_id": "任务编号",
    "wbs_code": "WBS编码",
    "name": "任务名称",
    "phase": "阶段",
    "module": "模块",
    "predecessors": "前置任务",
    "duration_days": "工期",
    "planned_hours": "计划工时",
    "baseline_start": "基准开始",
    "baseline_finish": "基准完成",
    "forecast_start": "预计开始",
    "forecast_finish": "预计完成",
    "actual_start": "实际开始",
    "actual_finish": "实际完成",
    "percent_complete": "完成百分比",
    "status_on": "数据日期",
    "milestone_type": "里程碑类型",
    "milestone_weight": "里程碑权重",
    "earned_value_rule": "挣值规则",
    "is_buffer": "是否缓冲",
}


def _schedule_rows(schedule: pl.DataFrame) -> list[list]:
    told = schedule.with_columns(
        pl.col("predecessors").list.eval(pl.element().str.strip_suffix("FS")).list.join(","),  # as the tool prints it
        pl.format("{}%", (pl.col("percent_complete") * 100).round(0).cast(pl.Int64)).alias("percent_complete"),
        pl.when("is_buffer").then(pl.lit("是")).alias("is_buffer"),
    )
    return _rows(told, SCHEDULE, {"phase": words.PHASE, "earned_value_rule": words.EARNED_VALUE_RULE})


def schedule_csv(schedule: pl.DataFrame) -> bytes:
    """Tasks with predecessors at every data date."""
    return _csv(_schedule_rows(schedule), "utf-8-sig")


def schedule_workbook(schedule: pl.DataFrame) -> bytes:
    return workbook("计划", _schedule_rows(schedule), (12, 8, 8, 22))


def contracts_workbook(contracts: pl.DataFrame) -> bytes:
    columns = {
        "contract_no": "合同编号",
        "project": "项目编号",
        "name": "合同名称",
        "direction": "合同类型",
        "counterparty": "对方单位",
        "signed_on": "签订日期",
        "amount_incl_tax": "合同金额(含税)",
        "tax_rate": "税率",
        "amount_excl_tax": "不含税金额",
        "retention_rate": "质保金比例",
        "warranty_end": "质保到期日",
        "parent_contract": "主合同编号",
        "currency": "币种",
    }
    return workbook("合同台账", _rows(contracts, columns, {"direction": words.DIRECTION}), (18, 12, 24))


def payment_terms_csv(terms: pl.DataFrame) -> bytes:
    columns = {
        "contract_no": "合同编号",
        "node": "款项名称",
        "share": "比例",
        "amount": "金额",
        "condition": "付款条件",
        "planned_on": "计划日期",
        "condition_met_on": "条件达成日期",
        "invoiced_on": "开票日期",
        "invoiced_amount": "开票金额",
        "received_on": "到账日期",
        "received_amount": "到账金额",
        "instrument": "票据类型",
        "cash_on": "兑付日期",
    }
    told = terms.with_columns(pl.format("{}%", (pl.col("share") * 100).round(0).cast(pl.Int64)).alias("share"))
    return _csv(_rows(told, columns), "utf-8-sig")


def change_requests_csv(changes: pl.DataFrame) -> bytes:
    columns = {
        "project": "项目编号",
        "change_id": "变更编号",
        "title": "变更名称",
        "change_type": "变更类型",
        "raised_on": "提出日期",
        "decided_on": "内部审批日期",
        "decision": "审批结果",
        "approver": "审批人",
        "started_on": "实施日期",
        "customer_signed_on": "甲方签认日期",
        "claimed_amount": "申报金额",
        "confirmed_amount": "核定金额",
        "scope_days": "工作量(人天)",
        "days_delta": "工期影响(天)",
        "baseline": "基线版本",
        "linked_keys": "关联需求",
    }
    told = changes.with_columns(pl.col("linked_keys").list.join(","))
    return _csv(_rows(told, columns, {"decision": words.DECISION}), "gb18030")


def risks_csv(risks: pl.DataFrame) -> bytes:
    columns = {
        "project": "项目编号",
        "risk_id": "风险编号",
        "title": "风险描述",
        "kind": "风险类型",
        "probability": "概率",
        "impact_cost": "影响金额",
        "impact_days": "影响工期(天)",
        "response": "应对措施",
        "owner": "责任人",
        "raised_on": "识别日期",
        "review_on": "复评日期",
        "closed_on": "关闭日期",
        "status": "状态",
    }
    told = risks.with_columns(
        pl.format("{}%", (pl.col("probability") * 100).round(0).cast(pl.Int64)).alias("probability")
    )
    return _csv(_rows(told, columns, {"status": words.RISK_STATUS, "kind": {"threat": "威胁"}}), "gb18030")


def sites_csv(sites: pl.DataFrame) -> bytes:
    columns = {
        "project": "项目编号",
        "site": "站点编号",
        "name": "医院名称",
        "region": "地市",
        "wave": "波次",
        "stage": "当前阶段",
        "planned_live_on": "计划上线日期",
        "actual_live_on": "实际上线日期",
        "accepted_on": "验收日期",
        "defects_at_acceptance": "验收缺陷数",
        "hours": "实施工时",
    }
    return _csv(_rows(sites, columns), "utf-8-sig")


def calendars_csv(calendars: pl.DataFrame) -> bytes:
    columns = {
        "project": "项目编号",
        "site": "站点",
        "calendar_date": "日期",
        "is_working_day": "日期类型",
        "note": "说明",
    }
    return _csv(_rows(calendars, columns, {"is_working_day": {True: "班", False: "休"}}), "utf-8-sig")


def projects_csv(projects: pl.DataFrame) -> bytes:
    columns = {
        "project_key": "项目编号",
        "name": "项目名称",
        "customer": "建设单位",
        "delivery_profile": "交付类型",
        "method": "管理方法",
        "start_on": "启动日期",
        "freeze_on": "需求冻结日期",
        "contract_finish_on": "合同完工日期",
        "actual_finish_on": "实际完工日期",
        "contingency_reserve": "应急储备(元)",
        "currency": "币种",
        "time_zone": "时区",
        "manager": "项目经理",
    }
    spoken = {"delivery_profile": words.DELIVERY_PROFILE, "method": words.METHOD}
    return _csv(_rows(projects, columns, spoken), "utf-8-sig")


def project_aliases_csv(aliases: pl.DataFrame) -> bytes:
    columns = {
        "system": "来源系统",
        "kind": "编码类型",
        "external_code": "外部编码",
        "project_key": "对应项目编号",
        "valid_from": "生效日期",
    }
    return _csv(_rows(aliases, columns), "utf-8-sig")


def people_csv(people: pl.DataFrame) -> bytes:
    columns = {
        "person": "工号",
        "role": "岗位",
        "vendor": "供应商",
        "department": "部门",
        "labor_type": "用工类型",
        "daily_hours": "每日工时",
        "project": "项目编号",
        "allocation_share": "投入比例",
        "valid_from": "入项日期",
        "valid_to": "出项日期",
    }
    told = people.with_columns(
        pl.format("{}%", (pl.col("allocation_share") * 100).round(0).cast(pl.Int64)).alias("allocation_share")
    )
    return _csv(_rows(told, columns, {"labor_type": words.LABOR_TYPE}), "utf-8-sig")


def leaves_csv(leaves: pl.DataFrame) -> bytes:
    return _csv(_rows(leaves, {"person": "工号", "leave_on": "请假日期", "hours": "请假时长(小时)"}), "utf-8")


def rates_csv(rates: pl.DataFrame) -> bytes:
    columns = {
        "role": "岗位",
        "vendor": "供应商",
        "valid_from": "生效日期",
        "hourly_rate": "小时费率",
        "currency": "币种",
    }
    return _csv(_rows(rates, columns), "utf-8-sig")


def account_mapping_csv(mapping: pl.DataFrame) -> bytes:
    columns = {"account_code": "科目编码", "account_name": "科目名称", "category": "归集类别", "kind": "归集性质"}
    spoken = {"category": words.COST_CATEGORY, "kind": words.COST_KIND}
    return _csv(_rows(mapping, columns, spoken), "utf-8-sig")


def code_size_csv(code_size: pl.DataFrame) -> bytes:
    columns = {"project": "项目编号", "module": "模块", "measured_on": "测量日期", "effective_lines": "有效代码行"}
    return _csv(_rows(code_size, columns), "utf-8-sig")


def coverage_csv(coverage: pl.DataFrame) -> bytes:
    """The months before the build server kept its reports, in English as the quality tool prints them."""
    columns = {
        "project": "Project",
        "module": "Module",
        "measured_on": "Measured on",
        "lines_valid": "Lines to cover",
        "lines_covered": "Covered lines",
        "branches_valid": "Branches to cover",
        "branches_covered": "Covered branches",
    }
    return _csv(_rows(coverage, columns), "utf-8")


def test_results_workbook(results: pl.DataFrame) -> bytes:
    """The same for the regression runs."""
    columns = {
        "project": "项目编号",
        "module": "模块",
        "suite": "测试套件",
        "case": "测试用例",
        "run_at": "执行时间",
        "outcome": "执行结果",
        "duration_seconds": "耗时(秒)",
        "run_id": "运行编号",
    }
    outcomes = {"passed": "通过", "failed": "失败", "skipped": "跳过"}
    told = results.with_columns((pl.col("run_at") + pl.duration(hours=8)).dt.strftime("%Y-%m-%d %H:%M:%S"))
    return workbook("测试执行记录", _rows(told, columns, {"outcome": outcomes}), (12, 14, 14, 34, 20))


def stray_or_own(worklogs: pl.DataFrame, story: Story) -> pl.DataFrame:
    """The story's lines; the first one's timesheet also holds those of the name that nothing matches."""
    names = [story.timesheet_project, "临时支持"] if story.number == 1 else [story.timesheet_project]
    return worklogs.filter(pl.col("project").is_in(names) & pl.col("slip_no").is_null())
