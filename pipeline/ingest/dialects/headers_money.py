"""Header names of ledgers, cost lists, budgets, contracts and payment nodes."""
# ruff: noqa: E501 (one line holds all known names of one column)

from __future__ import annotations

from pipeline.ingest.dialects.header_set import header_set

_LEDGER = """
    ledger_book = 账套 | 账套号 | 核算账簿 | 账簿 | 账簿名称 | 核算组织 | 核算单位 | Ledger | Company code
    period = 会计期间 | 期间 | 月份 | 年月 | 期间号 | Period | Fiscal period
    voucher_no = 凭证号数 | 凭证号 | 凭证字号 | 凭证编号 | 凭证 | 凭证字-号 | 凭证种类号数 | 记账凭证号 | Voucher no | Voucher | Document no
    line_no = 分录号 | 行号 | 分录行号 | 序号 | Line no
    booked_on = 日期 | 制单日期 | 凭证日期 | 记账日期 | 过账日期 | 业务日期 | Date | Posting date | Booked on | Document date
    account_code = 科目编码 | 科目代码 | 科目编号 | 会计科目 | 科目 | Account code | Account no | Account number | Account | G/L account
    account_name = 科目名称 | 科目全名 | 会计科目名称 | Account name
    debit = 借方本币 | 本币借方 | 借方本位币 | 本位币借方 | 借方金额(本币) | 借方 | 借方金额 | 借方金额本币 | 本币借方金额 | 本期发生借方 | 借方发生额 | 借方发生 | 借方本币金额 | Debit | Debit amount
    credit = 贷方本币 | 本币贷方 | 贷方本位币 | 本位币贷方 | 贷方金额(本币) | 贷方 | 贷方金额 | 贷方金额本币 | 本币贷方金额 | 本期发生贷方 | 贷方发生额 | 贷方发生 | 贷方本币金额 | Credit | Credit amount
    project = 项目编码 | 项目编号 | 核算维度编码 | 项目代码 | 项目 | 核算项目 | 辅助核算 | 核算维度 | 辅助项 | 辅助项目 | 项目辅助核算 | 项目名称 | Project | Project code
    wbs_code = WBS编码 | WBS
    supplier = 供应商 | 供应商名称 | 往来单位 | 客商 | Supplier | Vendor
    department = 部门 | 部门名称 | Department | Cost center
    person = 个人 | 职员 | 人员 | 工号 | Employee
    summary = 摘要 | Summary | Text | Description
    currency = 币种 | 币别 | Currency
    original_amount = 原币金额 | 外币金额 | 原币 | 外币 | 借方原币 | 原币借方 | 借方外币 | Original amount | Amount in foreign currency | Foreign amount | Transaction amount
    exchange_rate = 汇率 | 折算汇率 | 记账汇率 | Exchange rate
"""

YONYOU = header_set(
    "yonyou", "ledger", _LEDGER, marks="凭证号数|核算账簿|项目大类|项目编码|辅助核算|制单日期|会计期间|方向"
)
KINGDEE = header_set(
    "kingdee",
    "ledger",
    _LEDGER,
    marks="凭证字号|核算维度|核算维度编码|核算项目|科目代码|凭证字|币别|借方金额|贷方金额|过账|制单",
)
LEDGER = header_set("generic", "ledger", _LEDGER)

_BALANCES = """
    ledger_book = 账套 | 账套号 | 核算账簿 | 账簿 | 账簿名称 | 核算单位 | 组织 | 核算组织 | Ledger | Company code
    period = 会计期间 | 期间 | 月份 | 年月 | 期间号 | Period | Fiscal period
    account_code = 科目编码 | 科目代码 | 科目编号 | 科目 | Account code | Account no | Account number | Account
    account_name = 科目名称 | 科目全名 | Account name | Description
    project = 项目编码 | 项目编号 | 核算维度编码 | 核算项目 | 项目代码 | 辅助核算 | 核算维度 | 项目 | 项目名称 | Project
    opening_debit = 期初借方 | 期初余额借方 | 期初借方余额 | 期初余额(借方) | 借方期初余额 | 期初借方金额 | 期初余额借方金额 | 期初余额借方本币 | 期初余额本币借方 | 期初余额debit | Opening debit | Opening balance debit | Beginning debit | Debit opening
    opening_credit = 期初贷方 | 期初余额贷方 | 期初贷方余额 | 期初余额(贷方) | 贷方期初余额 | 期初贷方金额 | 期初余额贷方金额 | 期初余额贷方本币 | 期初余额本币贷方 | 期初余额credit | Opening credit | Opening balance credit | Beginning credit | Credit opening
    debit = 本期发生借方 | 本期借方 | 本期借方发生 | 本期借方发生额 | 本期发生额借方 | 本期发生额(借方) | 本期发生(借方) | 借方本期发生额 | 本期发生借方金额 | 本期发生额借方金额 | 本期发生借方本币 | 本期发生额本币借方 | 借方发生额 | 借方发生 | 本月借方 | 本月发生借方 | 本期借方金额 | 借方金额 | 借方 | Debit | Period debit | Debit movement | Movement debit
    credit = 本期发生贷方 | 本期贷方 | 本期贷方发生 | 本期贷方发生额 | 本期发生额贷方 | 本期发生额(贷方) | 本期发生(贷方) | 贷方本期发生额 | 本期发生贷方金额 | 本期发生额贷方金额 | 本期发生贷方本币 | 本期发生额本币贷方 | 贷方发生额 | 贷方发生 | 本月贷方 | 本月发生贷方 | 本期贷方金额 | 贷方金额 | 贷方 | Credit | Period credit | Credit movement | Movement credit
    closing_debit = 期末借方 | 期末余额借方 | 期末借方余额 | 期末余额(借方) | 借方期末余额 | 期末借方金额 | 期末余额借方金额 | 期末余额借方本币 | 期末余额本币借方 | Closing debit | Closing balance debit | Ending debit | Debit closing
    closing_credit = 期末贷方 | 期末余额贷方 | 期末贷方余额 | 期末余额(贷方) | 贷方期末余额 | 期末贷方金额 | 期末余额贷方金额 | 期末余额贷方本币 | 期末余额本币贷方 | Closing credit | Closing balance credit | Ending credit | Credit closing
    currency = 币种 | 币别 | Currency
"""
_BALANCE_MARKS = (
    "期初借方|期初余额借方|期初借方余额|期初余额(借方)|期末借方|期末余额借方|期末借方余额|期末余额(借方)|期初余额|期末余额"
    "|本期发生借方|本期发生额借方|本期借方发生额|本年累计借方|opening debit|closing debit|opening balance|closing balance"
)
YONYOU_BALANCES = header_set(
    "yonyou", "account_balances", _BALANCES, marks=f"{_BALANCE_MARKS}|会计年度|核算账簿|项目大类"
)
KINGDEE_BALANCES = header_set(
    "kingdee",
    "account_balances",
    _BALANCES,
    marks=f"{_BALANCE_MARKS}|核算维度编码|核算维度名称|核算维度|科目代码|核算项目",
)
BALANCES = header_set("generic", "account_balances", _BALANCES, marks=_BALANCE_MARKS)

COSTS = header_set(
    "generic",
    "costs",
    """
    project = 项目编号 | 项目编码 | 项目代码 | 项目 | Project code | Project | 项目名称
    wbs_code = WBS编码 | WBS | WBS Code
    phase = 阶段 | 项目阶段 | Phase
    module = 模块 | 子系统 | Module
    category = 成本类别 | 成本科目 | 费用类别 | 费用类型 | 成本类型 | 类别 | Category | Cost category | Cost type
    kind = 性质 | 成本性质 | 发生性质 | Kind | 类型
    vendor = 供应商 | Vendor | Supplier | 对方单位
    document_no = 单据号 | 单据编号 | 发票号 | 凭证号 | Document no | Document | Invoice no
    booked_on = 发生日期 | 入账日期 | 记账日期 | 日期 | Date | Booked on | Posting date
    amount = 金额 | 不含税金额 | 金额(不含税) | 成本金额 | 发生金额 | 本币金额 | 本位币金额 | 金额(本币) | 折人民币金额 | Amount | Cost | Amount excl. tax | Local amount | Amount in local currency
    currency = 币种 | 币别 | 原币币种 | Currency
    original_amount = 原币金额 | 外币金额 | 原币 | 外币 | Original amount | Amount in foreign currency | Foreign amount | Transaction amount
    exchange_rate = 汇率 | 折算汇率 | 记账汇率 | Exchange rate
    """,
    marks="成本类别|成本科目|费用类别|费用类型|发生日期|成本金额|成本性质",
)

BUDGET = header_set(
    "generic",
    "budget",
    """
    project = 项目编号 | 项目编码 | 项目代码 | 项目 | Project code | Project | 项目名称
    wbs_code = WBS编码 | WBS | WBS Code | WBS号
    wbs_name = WBS名称 | 任务名称 | 工作包 | 工作包名称 | WBS name | Work package | Name | 预算项目 | 名称
    phase = 阶段 | 项目阶段 | Phase
    module = 模块 | 子系统 | Module
    layer = 层 | 分层 | 架构层 | 所属层 | 系统层 | 架构分层 | Layer | Architecture layer
    category = 成本类别 | 费用类别 | 预算科目 | 类别 | Category | Cost category | 成本科目
    period_start = 期间 | 期间起 | 期初 | Period start | Week | 月份 | 年月 | 预算月份 | 预算期间 | Period | Month | 计划月份
    period_end = 期间止 | 期末 | Period end
    planned_value = 计划价值 | 计划值 | 预算金额 | 预算 | 计划金额 | 金额 | 预算(元) | PV | Planned value | Budget | Budget amount | Amount
    planned_hours = 计划工时 | 预算工时 | Planned hours | Budget hours
    earned_value_rule = 挣值规则 | 挣值计算规则 | 挣值方法 | 挣值法则 | 计量规则 | 计量方法 | Earned value rule | Earned value method | Earned value technique | EV rule | EV method | EVT
    baseline = 基准 | 基线 | 版本 | 基线版本 | 预算版本 | Baseline | Version
    """,
    marks="计划价值|计划值|预算金额|预算月份|预算科目|预算版本|Planned value|PV|WBS名称|工作包",
)

CONTRACTS = header_set(
    "generic",
    "contracts",
    """
    contract_no = 合同编号 | 合同号 | 合同编码 | 采购合同号 | 采购合同编号 | Contract no | Contract number | Contract
    project = 项目编号 | 项目编码 | 项目代码 | 项目 | Project code | Project | 项目名称
    name = 合同名称 | Contract name | Name | Title
    direction = 合同类型 | 收付类型 | 合同类别 | 合同类型(销售/采购/分包) | 合同性质 | 合同方向 | Direction | Contract type | Type
    counterparty = 对方单位 | 签约单位 | 签约对方 | 合作单位 | 客户/供应商 | 客户 | 客户名称 | 供应商 | 供应商名称 | 分包商 | 甲方 | 乙方 | 合同对方 | 相对方 | Counterparty | Party
    signed_on = 签订日期 | 签约日期 | 签署日期 | Signed on | Signed | Contract date
    amount_incl_tax = 合同金额(含税) | 合同金额 | 含税金额 | 合同额(含税) | 合同额 | 合同总价 | Amount incl. tax | Amount incl tax | Contract amount | Amount
    amount_excl_tax = 不含税金额 | 合同金额(不含税) | 合同额(不含税) | Amount excl. tax | Amount excl tax | Net amount
    tax_rate = 税率 | 增值税率 | Tax rate | VAT rate
    retention_rate = 质保金比例 | 质保金 | 质保比例 | 质量保证金比例 | Retention rate | Retention
    warranty_end = 质保到期日 | 质保截止日期 | 质保期止 | 质保期至 | 质保到期 | Warranty end
    parent_contract = 主合同编号 | 上级合同 | 上级合同编号 | 主合同 | 关联销售合同 | 对应销售合同 | 销售合同编号 | Parent contract
    currency = 币种 | 币别 | Currency
    """,
    marks="合同名称|对方单位|签订日期|合同金额(含税)|税率|质保金比例|履约保证金|Counterparty|合同类型",
)

PAYMENT_TERMS = header_set(
    "generic",
    "payment_terms",
    """
    contract_no = 合同编号 | 合同号 | 合同编码 | 销售合同编号 | 采购合同号 | Contract no | Contract number | Contract
    node = 款项名称 | 付款节点 | 收款节点 | 收付款节点 | 回款节点 | 款项性质 | 款项类型 | 应收款项 | 应付款项 | 期次 | 付款阶段 | 收款阶段 | 节点 | 节点名称 | 款项 | 款项名称(预付款/到货款/初验款/终验款/质保金) | Node | Milestone | Payment node
    share = 比例 | 付款比例 | 收款比例 | 应收比例 | 应付比例 | 节点比例 | 回款比例 | 比例(%) | 支付比例 | Share | Percent
    amount = 金额 | 应收金额 | 应付金额 | 应收 | 应付 | 节点金额 | 应收付金额 | 应收款 | 应付款 | 计划金额 | 计划收款金额 | 计划付款金额 | 款项金额 | Amount | Amount due
    condition = 付款条件 | 收款条件 | 回款条件 | 条件 | Condition | Terms
    planned_on = 计划日期 | 计划收款日期 | 计划付款日期 | 计划回款日期 | 计划收付日期 | 应收日期 | 应付日期 | 预计收款日期 | 预计付款日期 | Planned on | Planned date | Due date
    condition_met_on = 条件达成日期 | 达成日期 | 节点达成日期 | Condition met on
    invoiced_on = 开票日期 | 发票日期 | 收票日期 | Invoiced on | Invoice date
    invoiced_amount = 开票金额 | 发票金额 | 收票金额 | Invoiced amount
    received_on = 到账日期 | 收款日期 | 付款日期 | 回款日期 | 实际收款日期 | 实际付款日期 | 实际到账日期 | 实收日期 | 实付日期 | 支付日期 | Received on | Paid on
    received_amount = 到账金额 | 收款金额 | 付款金额 | 回款金额 | 实收金额 | 实付金额 | 实际付款金额 | 实际收款金额 | 实收 | 实付 | 已收金额 | 已付金额 | 付款 | Received amount | Paid amount
    instrument = 票据类型 | 结算方式 | 收款方式 | Instrument
    cash_on = 兑付日期 | 到期兑付日 | 票据到期日 | 变现日期 | Cash on
    """,
    marks="款项名称|付款节点|收款节点|回款节点|收付款节点|应收金额|应付金额|实收金额|实付金额|付款条件|条件达成日期|开票金额|到账日期|到账金额|票据类型|node|condition_met_on",
)

ACCOUNT_MAPPING = header_set(
    "generic",
    "account_mapping",
    """
    ledger_book = 账套 | 账簿 | Ledger
    account_code = 科目编码 | 科目代码 | Account code | Account
    account_name = 科目名称 | Account name
    category = 成本类别 | 类别 | 归集类别 | 成本分类 | Category | Cost category
    kind = 性质 | 成本性质 | 归集性质 | 类型 | Kind
    """,
    marks="归集类别|归集性质|成本分类|性质|kind|成本类别|成本性质",
)

FX_RATES = header_set(
    "generic",
    "fx_rates",
    """
    from_currency = 币种 | 币别 | 货币 | 货币名称 | 币种名称 | 货币代码 | 币种代码 | 外币 | 外币名称 | 原币 | 源币种 | 原币种 | From currency | From | Currency | Base currency | Foreign currency | Source currency
    to_currency = 目标币种 | 目标币别 | 本位币 | 本币 | 折算币种 | 兑换币种 | To currency | To | Quote currency | Target currency
    per = 单位 | 外币单位 | 货币单位 | 每单位 | 单位数量 | 交易单位 | 换算单位 | 计价单位 | Per | Unit | Units | Per units
    kind = 汇率类型 | 汇率类别 | 汇率种类 | 类型 | Rate type | Kind | Type
    valid_from = 日期 | 汇率日期 | 生效日期 | 发布日期 | 公布日期 | 发布时间 | 牌价日期 | 有效期起 | Valid from | Effective date | Rate date | Date
    rate = 汇率 | 中间价 | 汇率中间价 | 人民币汇率中间价 | 中间价(100外币) | 中间价(人民币/100外币) | 汇率(100外币) | 100外币折人民币 | 中行折算价 | 折算价 | 基准价 | 折算汇率 | 记账汇率 | 直接汇率 | Rate | Exchange rate | Mid rate | Middle rate | Central parity rate | Central parity
    source = 来源 | 汇率来源 | 发布机构 | Source
    """,
    marks="汇率|中间价|汇率中间价|人民币汇率中间价|中间价(100外币)|中间价(人民币/100外币)|100外币折人民币|中行折算价|现汇买入价|现钞买入价|现汇卖出价|现钞卖出价|汇率类型|汇率日期|牌价日期|目标币种|from_currency|to_currency|From currency|To currency|Exchange rate|Rate type|Central parity|Central parity rate",
)

SETS = (
    FX_RATES,
    YONYOU,
    KINGDEE,
    LEDGER,
    BALANCES,
    YONYOU_BALANCES,
    KINGDEE_BALANCES,
    COSTS,
    BUDGET,
    CONTRACTS,
    PAYMENT_TERMS,
    ACCOUNT_MAPPING,
)
