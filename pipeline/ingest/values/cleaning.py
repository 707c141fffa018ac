"""Text without what tools add to it: blanks, words for nothing, reference numbers, trailing semicolons."""

from __future__ import annotations

import polars as pl

from models.feeds import Column, Kind
from models.vocabulary import NO_MODULE
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.schema import KeyStyle, Quirk

NOTHING = (
    "",
    "-",
    "--",
    "_",
    "n/a",
    "na",
    "null",
    "none",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "(空)",
    "—",
    "---",
    "#n/a",
)
# In a column of people these words mean that nobody is named. A tracker may write Closed for the owner of a closed bug.
NOBODY = (
    "unassigned",
    "nobody",
    "未分配",
    "未指派",
    "未分派",
    "無",
    "无",
    "未指定",
    "sin asignar",
    "no asignado",
    "não atribuído",
    "não atribuído(a)",
    "não alocado",
    "sem responsável",
    "nicht zugewiesen",
    "non attribuée",
    "non attribué",
    "non assigné",
    "non assignée",
    "не назначен",
    "не назначено",
    "не назначена",
    "nieprzypisane",
    "nieprzypisany",
    "nie przypisano",
    "未割り当て",
    "担当者なし",
    "closed",
    "anonymous",
    "匿名",
)
# Tools write these where an issue has no resolution, no sprint, no parent: the cell is empty.
UNRESOLVED = (
    "unresolved",
    "open",
    "reopened",
    "未处理",
    "重新打开",
    "未解决",
    "未解決",
    "sin resolver",
    "no resuelta",
    "no resuelto",
    "sin resolución",
    "não resolvido",
    "não resolvida",
    "não resolvido(a)",
    "sem resolução",
    "nicht erledigt",
    "nicht gelöst",
    "ungelöst",
    "non résolu",
    "non résolue",
    "non résolu(e)",
    "не решено",
    "не решен",
    "нет решения",
    "нерешенные",
    "без решения",
    "nierozwiązane",
    "nierozwiązany",
    "brak rozwiązania",
)
_EMPTY_IN = {"assignee": NOBODY, "reporter": NOBODY, "resolution": UNRESOLVED}
_BLANKS = " \t\r\n\u00a0\u3000\u200b\u202f\ufeff"
# Currencies as ledgers write them → ISO 4217. A ledger kept in one currency calls it by its role.
CURRENCIES = {
    "人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "￥": "CNY", "¥": "CNY", "元": "CNY", "本位币": "CNY", "综合本位币": "CNY",
    "美元": "USD", "US$": "USD", "$": "USD", "欧元": "EUR", "€": "EUR", "英镑": "GBP", "£": "GBP", "港币": "HKD", "港元": "HKD",
    "HK$": "HKD", "日元": "JPY", "新台币": "TWD", "澳门元": "MOP", "新加坡元": "SGD", "卢布": "RUB",
    "美金": "USD", "日币": "JPY", "港纸": "HKD", "韩元": "KRW", "韩国元": "KRW", "瑞士法郎": "CHF",
    "加拿大元": "CAD", "加元": "CAD", "澳大利亚元": "AUD",
    "澳元": "AUD", "新西兰元": "NZD", "泰国铢": "THB", "泰铢": "THB", "林吉特": "MYR", "马来西亚林吉特": "MYR",
    "澳门币": "MOP", "兰特": "ZAR", "南非兰特": "ZAR", "迪拉姆": "AED", "阿联酋迪拉姆": "AED", "里亚尔": "SAR",
    "沙特里亚尔": "SAR",
    "福林": "HUF", "匈牙利福林": "HUF", "兹罗提": "PLN", "波兰兹罗提": "PLN", "丹麦克朗": "DKK", "瑞典克朗": "SEK",
    "挪威克朗": "NOK",
    "里拉": "TRY", "土耳其里拉": "TRY", "比索": "MXN", "墨西哥比索": "MXN", "俄罗斯卢布": "RUB", "印度卢比": "INR",
}  # fmt: skip
_PEOPLE = frozenset({"assignee", "reporter", "person", "author", "owner", "approver", "signed_by", "manager"})
_LONGEST_NOTHING = max(map(len, NOTHING)) * 3  # in bytes


def cleaned_text(values: pl.Series, system: str = "generic", column: Column | None = None) -> pl.Series:
    """Trimmed text; null where it is empty or a word for nothing. With a column: the tool's additions taken off too."""
    text = pl.col("text").str.strip_chars(_BLANKS)
    frame = pl.DataFrame({"text": values.cast(pl.String)}).select(text)
    # Only short texts can be a word for nothing: lower-casing a million summaries would be wasted.
    short = pl.col("text").str.len_bytes() <= _LONGEST_NOTHING
    nothing = short & pl.col("text").str.to_lowercase().is_in(NOTHING)
    if column is not None and column.name == "module" and column.required:
        nothing &= pl.col("text") != NO_MODULE  # where every row is of a module, this names the files in the root
    result = frame.select(pl.when(~nothing).then(pl.col("text"))).to_series()
    if column is None:
        return result.alias(values.name)
    if column.name in _EMPTY_IN:
        frame = pl.DataFrame({"text": result})
        nothing = pl.col("text").str.to_lowercase().is_in(_EMPTY_IN[column.name])
        result = frame.select(pl.when(~nothing).then(pl.col("text"))).to_series()
    if column.name == "period_start":  # a month stands for its first day
        result = result.str.replace(r"^((?:19|20)\d\d)[-/.年]?(0[1-9]|1[0-2]|[1-9])月?$", "$1-$2-01")
    known = dialects()
    if column.name in REFERENCES and known.key_style(system) is KeyStyle.ADDRESS:
        result = result.str.replace(_ADDRESS, "$1#$2")
    elif column.name in REFERENCES and known.key_style(system) is not KeyStyle.NUMBER:
        result = _keys_of(result)
    if column.kind in (Kind.TEXT, Kind.CODE):
        has_numbers = known.has(system, Quirk.NAMES_WITH_NUMBERS)
        if has_numbers and column.name == "parent_key":  # `名称(#12)`: here the number is the key, and 0 is none
            result = result.str.replace(r"^.*\(#(\d+)\)$", "$1").replace("0", None)
        elif has_numbers and column.name not in ("summary", "description"):
            result = result.str.replace(r"^(.*\S)\s*\(#\d+\)$", "$1")
        if known.has(system, Quirk.LISTS_IN_BRACKETS):
            result = result.str.replace(r"^\[(.*)\]$", "$1").replace("", None)
        if column.name in _PEOPLE and known.has(system, Quirk.PEOPLE_END_WITH_SEMICOLON):
            result = result.str.strip_chars_end("; ;")
        if column.name == "account_code":  # Excel's 1002.0; a version or WBS code 1.0 stays as it is
            result = result.str.replace(r"^(\d{4,})\.0$", "$1")
        if column.name.endswith("currency"):
            result = result.str.to_uppercase().replace(CURRENCIES)
    return result.alias(values.name)


# Columns that name an issue. Tools print it with its kind and its title, or as a link: `Bug #4711: login fails`.
REFERENCES = frozenset({"issue_key", "parent_key"})
_KEY = r"([A-Za-z][A-Za-z0-9_]*-\d+)"
_ADDRESS = r"^https?://\S*?([^/\s]+)/(?:-/)?(?:issues|pull|work_items)/(\d+)\S*$"
_REFERENCES = (
    rf"^https?://\S+/(?:browse|issues?|work_?items?)/(?:{_KEY}|(\d+))(?:[/?#]\S*)?$",
    rf"^\[?{_KEY}\]?(?::\s*|\s+[-–—:]?\s*)\S.*$",
    r"^(?:[^#:\d]{1,60}\s)?#(\d+)(?:\s*:.*|\s+.*)?$",
)


def _keys_of(values: pl.Series) -> pl.Series:
    """The key alone, where a cell holds a reference; what is none stays as it is."""
    found = [values.str.extract_groups(pattern).struct.unnest() for pattern in _REFERENCES]
    return pl.select(pl.coalesce(*(group for frame in found for group in frame.get_columns()), values)).to_series()


def first_filled(cells: list[pl.Expr], name: str) -> pl.Expr:
    """The first of several cells of a row that names something: a key before a bare number, a person before `Closed`."""
    if name in _EMPTY_IN:
        nobody = [cell.str.strip_chars(_BLANKS + ";;").str.to_lowercase().is_in(_EMPTY_IN[name]) for cell in cells]
        cells = [pl.when(~is_nobody).then(cell) for is_nobody, cell in zip(nobody, cells, strict=True)]
    filled = [pl.when(~cell.str.strip_chars(_BLANKS).str.to_lowercase().is_in(NOTHING)).then(cell) for cell in cells]
    telling = [pl.when(cell.str.contains(r"\D")).then(cell) for cell in filled]
    return pl.coalesce(*telling, *filled)


# What one cell holds where each column holds one entry: its parts have commas and semicolons of their own.
_WHOLE_BY_COLUMN = frozenset({"sprints", "fix_versions", "links", "attachments", "watchers"})
_WHOLE = frozenset({"comments"})  # no tool puts two of them in one cell
_REPEATED = frozenset({"comments", "attachments"})  # twice the same is twice said
_OLD_SPRINT = r"[\[,]name=(.*?),(?:startDate|goal|endDate|state|rapidViewId|id|sequence|completeDate)="


def list_of(values: pl.Series, system: str, name: str) -> pl.Series:
    """List(String), trimmed, without empty entries or repetitions; null where nothing is left.

    One text cell is split as the tool joins it: by |, or by comma, semicolon, line break, unless it writes one entry per
    column; a comment reads `date;author;text` and stays whole, line breaks and all.
    """
    if isinstance(values.dtype, pl.List):
        entries = pl.DataFrame({"row": pl.int_range(len(values), eager=True), "entry": values})
        entries = entries.filter(pl.col("entry").list.len() > 0).explode("entry")
    else:
        entries = pl.DataFrame({"row": pl.int_range(len(values), eager=True), "entry": values}).drop_nulls()
        if dialects().has(system, Quirk.LISTS_IN_BRACKETS):
            entries = entries.with_columns(pl.col("entry").str.strip_chars().str.replace(r"(?s)^\[(.*)\]$", "$1"))
        by_column = dialects().has(system, Quirk.ONE_ENTRY_PER_COLUMN)
        if not (name in _WHOLE or (by_column and name in _WHOLE_BY_COLUMN)):
            by_bar = dialects().has(system, Quirk.LISTS_SPLIT_BY_BAR) and name != "watchers"
            marks = r"[|\n]" if by_bar else r"[,;,;、|\n]"
            entries = entries.with_columns(pl.col("entry").str.replace_all(marks, "\u0001").str.split("\u0001"))
            entries = entries.explode("entry")
    entry = pl.col("entry").str.strip_chars(_BLANKS if name in _WHOLE | _REPEATED else _BLANKS + ";")
    if name == "sprints":  # Server 6 prints the whole object
        entry = pl.coalesce(entry.str.extract(_OLD_SPRINT), entry)
    if dialects().has(system, Quirk.NAMES_WITH_NUMBERS):
        # a link keeps its type and its number, anything else its name
        found, kept = (r"^(\S+ [→←] )?.*\(#(\d+)\)$", "$1$2") if name == "links" else (r"^(.*\S)\s*\(#(\d+)\)$", "$1")
        entry = entry.str.replace(found, kept)
    short = pl.col("entry").str.len_bytes() <= _LONGEST_NOTHING
    entries = entries.with_columns(entry).filter(
        pl.col("entry").is_not_null() & ~(short & pl.col("entry").str.to_lowercase().is_in(NOTHING))
    )
    if name not in _REPEATED:
        entries = entries.unique(maintain_order=True)
    lists = entries.group_by("row", maintain_order=True).agg("entry")
    whole = pl.DataFrame({"row": pl.int_range(len(values), eager=True)})
    return whole.join(lists, on="row", how="left", maintain_order="left")["entry"].alias(values.name)
