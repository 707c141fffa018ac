"""What a table says of itself outside its rows."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Preamble:
    """facts: ledger_book, period (2026-01 or 2026-01/2026-06), year, currency, each as text, where the table says so; of a
    line that a tool prints above its ledger also year_begins (2026-07-01), account_length and chart.

    sections: (line from which it holds, {account_code, account_name} or {project}), in order.
    money_unit: thousand, ten_thousand, million, ten_million or hundred_million; None for single units or where nothing is said.
    """

    facts: dict[str, str] = field(default_factory=dict)
    sections: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    money_unit: str | None = None
