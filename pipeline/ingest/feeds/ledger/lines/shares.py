"""Lines of a ledger that several projects share: `{"12": 60.0, "14": 40.0}` gives project 12 sixty percent."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import pairwise

import polars as pl

from pipeline.ingest.values.amounts import number_of

_SHARED = ("debit", "credit", "original_amount")
_CENT = Decimal("0.01")


def lines_of_shares(rows: pl.DataFrame) -> pl.DataFrame:
    """One line for each project, whose amounts add up to the line's to the cent; what nobody gets is of no project."""
    if "project" not in rows.columns or not (is_shared := rows["project"].str.starts_with("{").fill_null(False)).any():
        return rows
    split = [part for row in rows.filter(is_shared).iter_rows(named=True) for part in _parts(row)]
    found = [rows.filter(~is_shared), pl.DataFrame(split, schema=rows.schema)]
    return pl.concat(found).sort("source_row", maintain_order=True)


def _parts(row: dict) -> list[dict]:
    try:
        shares = {str(key): Decimal(str(value)) for key, value in json.loads(row["project"]).items()}
    except (ValueError, ArithmeticError):
        return [row]  # no shares: a name of a project that begins with a bracket
    if not shares or any(not 0 < share <= 100 for share in shares.values()) or sum(shares.values()) > 100:
        return [row]
    rest = 100 - sum(shares.values(), Decimal(0))
    parts: list[tuple[str | None, Decimal]] = [*shares.items(), *([(None, rest)] if rest else [])]
    ends = [Decimal(0)]
    for _, share in parts:
        ends.append(ends[-1] + share)
    spread = {name: _spread(row[name], ends) for name in _SHARED if row.get(name) and len(parts) > 1}
    return [
        row | {"project": key} | {name: texts[at] for name, texts in spread.items()}
        for at, (key, _) in enumerate(parts)
    ]


def _spread(text: str, ends: list[Decimal]) -> list[str]:
    """The amount up to each end of a share, in percent, less the amount up to the one before: rounded, and adding up."""
    has_comma = bool(re.search(r",\d{1,2}$", text.strip()))
    whole = number_of(text, has_comma)
    if whole is None:
        return [text] * (len(ends) - 1)
    parts = [(whole * end / 100).quantize(_CENT) for end in ends]
    texts = [str(after - before) for before, after in pairwise(parts)]
    return [part.replace(".", ",") for part in texts] if has_comma else texts
