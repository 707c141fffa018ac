"""What a table says of itself above its header, between its pages, or in its sheet's name: account, period, company, unit.

A detail ledger prints its account once (`科目: 5401 工程施工`), a list its unit (`单位:万元`), and its rows hold neither.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.ingest.contracts.preamble import Preamble
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.contracts.skipped_rows import LeftOut
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.money_units import told_unit

_LABELS = {
    "ledger_book": "账套 账套名称 核算账簿 账簿 账簿名称 核算单位 编制单位 单位名称 公司 公司名称 组织 核算组织 ledger company",
    "period": "期间 会计期间 统计期间 查询期间 起止期间 月份 会计月份 日期 日期范围 查询日期 period periods",
    "year": "年度 会计年度 年份 会计年 year",
    "currency": "币别 币种 本位币 currency",
    "account": "科目 会计科目 科目编码 科目代码 科目名称 account",
    "project": "项目 项目编码 项目编号 项目代码 核算项目 project",
}
_LABEL_OF = {word: label for label, words in _LABELS.items() for word in words.split()}
# `核算单位:某公司 期间:2026.01-2026.06`: a label, a colon, and a value that ends before the next label or cell.
_FACT = re.compile(
    r"(?P<label>[A-Za-z\u4e00-\u9fff]{1,20})\s*:\s*(?P<value>[^\t]*?)(?=\s*\t|\s+[A-Za-z\u4e00-\u9fff]{1,20}\s*:|\s*$)"
)
_CODE_AND_NAME = re.compile(r"^[\[(【]?(?P<code>\d{3,}(?:[.\-]\d+)*)[\])】]?[\s\\/_\-]*(?P<name>[^\d\s].*)?$")
_TITLE_ACCOUNT = re.compile(r"^\s*(?P<account>\d{4}(?:\.?\d+)*[\s_\-]+\D\S*?)\s*[(\[]?(?:科目)?(?:明细|分类|总)")
_MONTH = r"((?:19|20)\d\d)\s*[-./年]?\s*第?\s*(0[1-9]|1[0-2]|[1-9])(?!\d)"
_PRINTED = re.compile("打印|制表|导出|生成")  # the day of the print says nothing of the period
_TITLE_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")


def read_preamble(table: RawTable) -> Preamble:
    """What the rows left out as preamble and account lines say; the name of the sheet where they say no account."""
    found = Preamble()
    told = [row for row in table.left_out if row.rule in ("preamble", "account_line")]
    for row in sorted(told, key=lambda row: row.line):
        _take(found, row, table.header_line, table.delimiter)
    found.sections.sort(key=lambda section: section[0])
    if table.sheet and not any("account_code" in values for _, values in found.sections):
        named = account_of(unicodedata.normalize("NFKC", table.sheet))
        if named and named["account_code"][0].isdigit() and "account_name" in named:
            found.sections.insert(0, (0, named))
    if "period" in found.facts:
        first, _, last = found.facts["period"].partition("/")
        if first[:4] == (last or first)[:4]:
            found.facts["year"] = first[:4]
        else:
            found.facts.pop("year", None)  # a month alone could lie in either year
    return found


def _take(found: Preamble, row: LeftOut, header_line: int, delimiter: str | None) -> None:
    text = unicodedata.normalize("NFKC", row.text).replace('"', "")
    if delimiter and delimiter != "\t":
        text = text.replace(delimiter, "\t")
    text = re.sub(r":\s*\t+", ":", text)  # a label in one cell, its value in the next
    if cells := dialects().lines_above.get(text.split("\t")[0].strip()):
        _take_cells(found, text.split("\t"), cells)
        return
    line = 0 if row.line < header_line else row.line
    found.money_unit = found.money_unit or told_unit(text)
    is_told = False
    for match in _FACT.finditer(text):
        label, value = _LABEL_OF.get(match["label"].lower()), match["value"].strip()
        if label is None or not value:
            continue
        if label == "account" and (account := account_of(value)):
            above = found.sections[-1][1] if found.sections and found.sections[-1][0] == line else {}
            if "account_code" in above and "account_name" not in above:  # code and name, each with its label
                above["account_name"] = account.get("account_name", value)
            else:
                found.sections.append((line, account))
            is_told = True
        elif label == "project":
            found.sections.append((line, {"project": value.split()[0]}))
        elif label == "period" and (period := period_of(value)):
            found.facts.setdefault("period", period)
        elif label == "year" and (year := re.match(r"(?:19|20)\d\d", value)):
            found.facts.setdefault("year", year.group())
        elif label in ("ledger_book", "currency"):
            found.facts.setdefault(label, value)
    title = _TITLE_ACCOUNT.match(text)
    if title and not is_told and (account := account_of(title["account"].strip())):
        found.sections.append((line, account))
    if row.rule == "preamble":
        if not _PRINTED.search(text) and (year := _TITLE_YEAR.search(text)):
            found.facts.setdefault("year", year.group(1))
        if (month := re.match(rf"^\s*{_MONTH}\s*[月期]\S*\s*$", text)) and "\t" not in text.strip():
            found.facts.setdefault("period", _month(*month.groups()))


def _take_cells(found: Preamble, told: list[str], cells: dict[str, int]) -> None:
    for name, number in cells.items():
        value = told[number - 1].strip() if number <= len(told) else ""
        if name == "year_begins":
            value = re.sub(r"^((?:19|20)\d\d)-?(\d\d)-?(\d\d)$", r"\1-\2-\3", value)
        if value:
            found.facts[name] = value


def account_of(text: str) -> dict[str, str] | None:
    """`5401 工程施工`, `[5401]工程施工`, `工程施工`: code and name; None for a range of accounts or `全部`."""
    text = text.strip()
    if not text or re.search(r"全部|所有|\d\s*(?:至|到|~)\s*\d|\d{4}\s*-\s*\d{4}$", text):
        return None
    match = _CODE_AND_NAME.match(text)
    if match is None:
        return {"account_code": text, "account_name": text} if not re.search(r"\d", text) else None
    name = (match["name"] or "").strip()
    return {"account_code": match["code"]} | ({"account_name": name} if name else {})


def period_of(text: str) -> str | None:
    """`2026.01`, `2026年1月`, `2026.01-2026.06`, `2026-01-01 至 2026-06-30`, `2026年1-6月`: 2026-01 or 2026-01/2026-06."""
    months = [_month(*found) for found in re.findall(_MONTH, text)]
    within = re.search(r"((?:19|20)\d\d)\s*[年.]\s*(\d{1,2})\s*月?\s*(?:-|~|至|到)\s*(\d{1,2})\s*(?:月|期|$)", text)
    if within:
        months = [_month(within[1], within[2]), _month(within[1], within[3])]
    if not months:
        return None
    return months[0] if months[0] == months[-1] else f"{months[0]}/{months[-1]}"


def _month(year: str, month: str) -> str:
    return f"{year}-{int(month):02d}"
