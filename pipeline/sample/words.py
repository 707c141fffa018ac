"""The words that Chinese and English tools print for our canonical ones."""

from __future__ import annotations

SEVERITY = {
    "zh": {"fatal": "致命", "serious": "严重", "normal": "一般", "minor": "轻微", "suggestion": "建议"},
    "en": {"fatal": "Fatal", "serious": "Serious", "normal": "Normal", "minor": "Minor", "suggestion": "Suggestion"},
    "zentao": {"fatal": "1", "serious": "2", "normal": "3", "minor": "4"},
}
PRIORITY = {
    "zh": {"high": "高", "medium": "中", "low": "低"},
    "en": {"high": "High", "medium": "Medium", "low": "Low"},
    "zentao": {"highest": "1", "high": "2", "medium": "3"},
}
RESOLUTION = {
    "zh": {
        "fixed": "已修复",
        "deferred": "延期处理",
        "as_designed": "设计如此",
        "duplicate": "重复",
        "cannot_reproduce": "无法重现",
        "to_requirement": "转为需求",
        "third_party": "外部原因",
        "done": "完成",
        "cancelled": "已取消",
    },
    "en": {
        "fixed": "Fixed",
        "deferred": "Deferred",
        "as_designed": "As Designed",
        "duplicate": "Duplicate",
        "cannot_reproduce": "Cannot Reproduce",
        "to_requirement": "Converted to Requirement",
        "third_party": "Third Party",
        "done": "Done",
        "cancelled": "Cancelled",
    },
    "zentao": {
        "fixed": "已解决",
        "deferred": "延期处理",
        "as_designed": "设计如此",
        "duplicate": "重复Bug",
        "cannot_reproduce": "无法重现",
        "to_requirement": "转为需求",
        "third_party": "外部原因",
        "done": "已完成",
        "cancelled": "已取消",
    },
}
ISSUE_TYPE = {
    "zh": {"defect": "缺陷", "requirement": "需求", "story": "故事", "task": "任务"},
    "en": {"defect": "Bug", "requirement": "Requirement", "story": "Story", "task": "Task"},
    "zentao": {"requirement": "需求", "task": "事务"},
}
FOUND_IN = {
    "zh": {
        "unit_test": "单元测试",
        "sit": "系统集成测试",
        "uat": "用户验收测试",
        "trial_run": "试运行",
        "production": "生产环境",
    },
    "en": {"unit_test": "Unit test", "sit": "SIT", "uat": "UAT", "trial_run": "Trial run", "production": "Production"},
}
CAUSE = {
    "zh": {
        "code": "代码错误",
        "configuration": "配置错误",
        "design": "设计缺陷",
        "interface": "接口问题",
        "deployment": "部署问题",
        "requirement": "需求问题",
        "performance": "性能问题",
        "third_party": "第三方问题",
    },
    "en": {
        "code": "Code",
        "configuration": "Configuration",
        "design": "Design",
        "interface": "Interface",
        "deployment": "Deployment",
        "requirement": "Requirement",
        "performance": "Performance",
        "third_party": "Third party",
    },
    "zentao": {
        "code": "代码错误",
        "configuration": "配置相关",
        "design": "设计缺陷",
        "deployment": "安装部署",
        "security": "安全相关",
        "performance": "性能问题",
        "standard": "标准规范",
        "other": "其他",
    },
}
ACTIVITY = {
    "zh": {
        "development": "开发",
        "test": "测试",
        "technical_debt": "技术债偿还",
        "upkeep": "运维",
        "requirements": "需求",
        "project_management": "项目管理",
        "deployment": "现场实施",
        "meeting": "会议",
    },
    "en": {
        "development": "Development",
        "test": "Testing",
        "technical_debt": "Technical debt",
        "upkeep": "Maintenance",
        "requirements": "Requirements",
        "project_management": "Project management",
        "deployment": "Deployment",
        "meeting": "Meeting",
    },
}
PHASE = {
    "initiation": "启动",
    "requirements_design": "需求与设计",
    "procurement": "采购到货",
    "development": "开发与集成",
    "testing": "测试与联调",
    "preliminary_acceptance": "初验",
    "trial_run": "试运行",
    "final_acceptance": "终验",
    "warranty": "质保与结项",
}
COST_CATEGORY = {
    "labor": "人工成本",
    "equipment": "设备采购",
    "software": "软件采购",
    "subcontract": "分包外包",
    "travel": "差旅费",
    "other_direct": "其他直接费用",
    "indirect": "间接费用分摊",
    "excluded": "不计入",
}
COST_KIND = {"actual": "实际", "accrual": "暂估", "commitment": "合同承诺", "forecast": "预测", "excluded": "结转"}
FX_RATE_KIND = {"spot": "即期汇率", "budget": "预算汇率"}
EARNED_VALUE_RULE = {"physical": "实际完成百分比", "weighted_milestones": "加权里程碑"}
LABOR_TYPE = {"own": "自有人员", "outsourced_month": "外包人月", "day_labor": "点工"}
DIRECTION = {"sales": "销售", "purchase": "采购", "subcontract": "分包"}
DELIVERY_PROFILE = {"software": "软件开发", "integration": "系统集成", "equipment": "设备为主", "roll_out": "推广实施"}
METHOD = {"waterfall": "瀑布", "scrum": "敏捷", "hybrid": "混合"}
DECISION = {"approved": "已批准", "pending": "待审批", "rejected": "已拒绝"}
RISK_STATUS = {"open": "跟踪中", "closed": "已关闭", "occurred": "已发生"}
MONTHS_ZH = ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"]
MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
