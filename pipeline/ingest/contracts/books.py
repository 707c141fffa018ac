"""How a tool writes its ledger, where names of columns do not say it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Digits = Annotated[str, StringConstraints(strict=True, pattern=r"^\d+$")]
Told = Literal["ledger_book", "year_begins", "account_length", "currency", "chart"]


class Books(BaseModel):
    """opens_with, cells: a line above the header. settlement_accounts, tax_keys: of rows with account and contra account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opens_with: list[str] = Field(
        [], description="What the first cell of a line above the header reads that tells of the file."
    )
    cells: dict[Told, Annotated[int, Field(ge=1)]] = Field(
        {}, description="What that line tells → the number of its cell, 1 the first."
    )
    settlement_accounts: dict[Digits, list[Digits]] = Field(
        {}, description="Chart of accounts → how accounts of money, receivables, payables and taxes begin: no costs."
    )
    tax_keys: dict[Digits, Annotated[int, Field(ge=1, lt=100)]] = Field(
        {}, description="Tax key of a row → percent of tax that its amount holds and its account does not get."
    )
