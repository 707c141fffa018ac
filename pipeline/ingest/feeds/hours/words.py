"""Words that stand in the cells of tables of hours in place of a number, a name or an approval, as patterns of polars."""

from __future__ import annotations

TOTAL = (
    r"(?i)^\s*((.*\S)?\s*([合总小共]\s*计|合計|總計|小計)\s*[::]?\s*([((].*[))])?|((grand|sub)[ -]?)?totals?(\s*[:(].*|\s+"
    r"(for|of|per|hours|h)\b.*)?|.*\S\s+(sub)?totals?\s*:?|gesamt(summe)?|summe|sum|итого.*|всего.*|razem.*|suma)\s*$"
)
REFUSED = r"(?i)拒绝|驳回|不同意|不通过|未通过|撤销|撤回|终止|取消|作废|reject|declin|refus|withdrawn|cancel|revoked|terminated"
AGREED = r"(?i)同意|通过|完成|结束|approved|agree|complete|finished|accepted"
WAITING = r"(?i)审批中|待审|未提交|草稿|处理中|进行中|pending|waiting|progress|draft|submitted|under review|open"
NO_HOURS = r"^\s*([0０]+([.][0]+)?|0?0:00(:00)?|[-—–/\\×✗✕xX])\s*$"
DAY_OFF = (
    r"(?i)^\s*(休|休息|公休|假|放假|[年病事婚产丧调陪]+假|调休|请假|法定假?|节假日|周末|"
    r"holiday|leave|vacation|sick|pto|off|day off)\s*$"
)
TICK = r"^\s*[√✓✔]\s*$"
UNIT_WORD = r"^(人天|人日|工日|天|日|小时|h|hours?|人月|分钟|days?|minutes?)$"
MONTH = r"^((?:19|20)\d\d)\s*[-/.年]?\s*(0?[1-9]|1[0-2])\s*月?(?:份)?$"
