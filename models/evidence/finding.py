"""What somebody looks for by a piece of its name: issues, vouchers, contracts and files of a build, and what counts a row."""

from __future__ import annotations

import polars as pl

from models.builds.snapshot import Snapshot
from models.kpis.catalogue import catalogue
from models.words.catalog import msgid

SHORTEST = 2  # letters: one alone is in nearly every key
OF_EACH_KIND = 6
KINDS = {
    "issue": msgid("Issue"),
    "voucher": msgid("Voucher"),
    "contract": msgid("Contract"),
    "file": msgid("File"),
}
_FACTS = {"issue": "fct_issues", "voucher": "fct_costs", "contract": "fct_contracts"}

# {} of each kind: key, label and project of what is there, once each
_OF_KIND = {
    "issue": "select issue_key as key, summary as label, project_key from fct_issues where not is_deleted",
    "voucher": """
        select document_no as key, min(description) as label, project_key
        from fct_costs where document_no is not null and cost_source = 'booked' and kind = 'actual'
        group by document_no, project_key
    """,
    "contract": """
        select contract_no as key, concat_ws(' · ', contract_name, counterparty) as label, project_key from fct_contracts
    """,
    "file": "select batch_id as key, file_name as label, null as project_key from dim_batches",
}
_MATCHES = """
    (
        select '{kind}' as kind, key, label, project_key,
            case
                when lower(key) = $text then 0
                when starts_with(lower(key), $text) then 1
                when contains(lower(key), $text) then 2
                else 3
            end as rank
        from ({rows}) as things
        where contains(lower(key), $text) or contains(lower(coalesce(label, '')), $text)
        order by rank, length(key), key desc
        limit {limit}
    )
"""


def found(snapshot: Snapshot, text: str) -> pl.DataFrame:
    """The things whose key or name holds `text`, in whatever case, a few of each kind: exact keys first, then those that begin
    with it. Nothing for less than two letters.

    Columns: kind (issue, voucher, contract, file), key (of a file its batch), label, project_key (null of files).
    """
    text = text.strip().lower()
    if len(text) < SHORTEST:
        return pl.DataFrame(schema=dict.fromkeys(("kind", "key", "label", "project_key"), pl.String))
    matches = " union all ".join(
        _MATCHES.format(kind=kind, rows=rows, limit=OF_EACH_KIND) for kind, rows in _OF_KIND.items()
    )
    ranked = snapshot.query(f"select * from ({matches}) order by rank", {"text": text})
    return ranked.drop("rank")


def standing_of(snapshot: Snapshot, row_key: str, project_key: str) -> pl.DataFrame:
    """The lines of files that an issue, voucher or contract of a project stands in: kind, key, label, file_name, source_row."""
    lines = " union all ".join(
        f"select '{kind}' as kind, {key} as key, {label} as label, batch_id, source_row from {fact} "
        f"where {key} = $row_key and project_key = $project_key"
        for kind, fact, key, label in (
            ("issue", "fct_issues", "issue_key", "summary"),
            ("voucher", "fct_costs", "document_no", "description"),
            ("contract", "fct_contracts", "contract_no", "contract_name"),
        )
    )
    return snapshot.query(
        f"""
        select distinct lines.kind, lines.key, lines.label, batches.file_name, lines.source_row
        from ({lines}) as lines left join dim_batches as batches using (batch_id)
        order by all
        """,
        {"row_key": row_key, "project_key": project_key},
    )


def kpis_that_count(snapshot: Snapshot, row_key: str, project_key: str) -> list[str]:
    """The KPIs, in the catalogue's order, that a row of this key counts in on some day."""
    measures = snapshot.query(
        "select distinct measure_key from kpi_measure_rows "
        "where row_key = $row_key and project_key = $project_key and list_contains($facts, fact)",
        {"row_key": row_key, "project_key": project_key, "facts": list(_FACTS.values())},
    )["measure_key"].to_list()
    return [key for key, kpi in catalogue(snapshot).items() if set(kpi.measures) & set(measures)]
