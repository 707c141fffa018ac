"""Which rows of a file are no data, and by which rule: totals, footers, lines that open an account, repeated headers."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.ingest.contracts.skipped_rows import LEDGER_WORDS, TOTAL_WORDS, word_of
from pipeline.ingest.dialects import dialects

_FOOTER = (
    r"^(generated (at|on|by)|report generated|exported (at|on|by|from)|export(ed)? date|printed (at|on|by)"
    r"|created by ({tools})\b|generad[oa] (en|el|a las|por|desde)|gerad[oa] (em|por|às)"
    r"|(generiert|erzeugt|erstellt) (am|um|von) .*\b({tools})\b"
    r"|généré (le|à|par)|сгенерировано|создано .*\b({tools})\b|wygenerowano|生成(于|時間|时间|日期)|エクスポート日時"
    r"|(exportado|exportada) (el|em|a las|às|por)|(exportiert|erstellt) (am|von) .*\d|exporté(e)? (le|à|par)"
    r"|сформировано|экспортировано|(wyeksportowano|utworzono) .*\d|匯出(時間|日期|人)|列印(時間|日期)|(出力|作成)日時?[::]"
    r"|制表人|制表[::]|制表日期|制单人|审核人|打印日期|打印时间|打印人|导出时间|导出人|导出日期|报表生成时间|核算单位[::]|数据来源"
    r"|第\s*\d+\s*页|共\s*\d+\s*(条|页|行)|page \d+ of \d+|\(?\d+ (rows|records)\)?$|end of (report|file)"
    r"|\*{{3,}}|-{{5,}}|={{5,}})"
)
_TOTAL_OF = re.compile(
    r"(grand )?total ?\(.*\)|[合总小]计 ?\(.*\)"
    r"|(资产|负债|所有者权益|权益|净资产|成本|损益|共同|表外|收入|费用)类?(小计|合计|总计)"
)
_ACCOUNT_LINE = re.compile(r"(会计)?科目(编码|代码|名称|编号)?[::]")
_NUMBER = re.compile(r"^[\s\d.,::%％+\-()()¥¥$€元hHdm]*$")


def rule_for(cells: list[str], ledger_columns: tuple[int, ...] = (), header: tuple[str, ...] = ()) -> str | None:
    """The name of the rule by which these cells are no data row; None for data.

    ledger_columns: where a ledger holds its summary and account name, the only columns in which 本月合计 and the like count.
    header: the names of the columns, which a paged print repeats.
    """
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if not filled:
        return "empty_row"
    first = word_of(filled[0])
    others = filled[1:]
    is_total = first in TOTAL_WORDS or _TOTAL_OF.fullmatch(first)
    # A total names nothing beside itself: what else stands in its row is numbers, or one word (a currency) among gaps.
    named = sum(not _NUMBER.match(cell) for cell in others)
    if is_total and (named == 0 or (named == 1 and len(filled) <= len(cells) / 2)):
        return "total_row"
    if _footer(dialects().trackers).match(filled[0]) and len(filled) <= max(2, len(cells) / 2):
        return "footer"
    if _ACCOUNT_LINE.match(filled[0]) and len(filled) <= max(2, len(cells) / 2):
        return "account_line"
    if header and len(filled) > 1 and _repeats(cells, header):
        return "repeated_header"
    for column in ledger_columns:
        if column < len(cells) and word_of(cells[column] or "") in LEDGER_WORDS:
            return "ledger_total"
    return None


@lru_cache(maxsize=4)
def _footer(tools: tuple[str, ...]) -> re.Pattern[str]:
    """What a file says of its own making, by whichever tool."""
    return re.compile(_FOOTER.format(tools="|".join(map(re.escape, tools))), re.IGNORECASE)


def _repeats(cells: list[str], header: tuple[str, ...]) -> bool:
    """Every cell is the name of its column, or its upper or lower half where two rows were joined."""
    return all(
        name.startswith(cell) or name.endswith(cell)
        for cell, name in zip((cell.strip() for cell in cells), (*header, *[""] * len(cells)), strict=False)
        if cell
    )


_FOOTER_OPENINGS = """
    generated report exported export printed created generad gerad generiert erzeugt erstellt généré Généré сгенерировано
    Сгенерировано Создано exportad exportiert exporté сформировано Сформировано экспортировано Экспортировано
    wyeksportowano utworzono 匯出 列印 出力 作成 wygenerowano 生成 エクスポート 制表 制单 审核 打印 导出 报表 核算 数据 第 共 page
    (1 end *** --- ===
    """.split()  # noqa: SIM905
# How everything above begins: what the scanner compares before anything is decoded. Printed words may be spaced out.
_SPACED = sorted(
    {word[0] + blank for word in (*LEDGER_WORDS, "合", "总", "小") for blank in " \u3000\u00a0" if word[0] > "一"}
)
ROW_OPENINGS = tuple(
    word.encode()
    for word in (
        *TOTAL_WORDS, *_FOOTER_OPENINGS, "合 ", "总 ", "小 ", "合\u3000", "总\u3000", "小\u3000",
        "资产", "负债", "所有者权益", "权益", "净资产", "成本", "损益", "共同", "表外", "科目", "会计科目",
    )
)  # fmt: skip
LEDGER_OPENINGS = tuple(word.encode() for word in (*LEDGER_WORDS, *_SPACED))
# The same for a sheet: what the first filled cell, and a cell of the summary, must hold to be looked at.
SHEET_SUSPECTS = (
    r"(?i)计|total|sum|累|承前|过次|结转|制|审核|打印|导出|generated|export|print|итого|всего|razem|gesamt|^第|^共"
    r"|generad|gerad|generiert|erzeugt|erstellt|généré|сгенерировано|создано|wygenerowano|生成|エクスポート"
    r"|сформировано|экспортировано|utworzono|匯出|列印|出力|作成"
    r"|\*\*\*|---|===|^\s*(?:会\s*计\s*)?科目"
)
LEDGER_SUSPECTS = "计|额|数|期初|结转|承|过次"
