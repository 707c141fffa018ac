"""Which column of the file is which canonical column, and the frame that results."""

from __future__ import annotations

import hashlib
import re

import polars as pl

from models.feeds import FEEDS, Feed, Kind
from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.contracts.plugin import FeedPlugin
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.header_set import HeaderSet
from pipeline.ingest.dialects.links import issue_link
from pipeline.ingest.dialects.money_units import header_unit, without_unit
from pipeline.ingest.dialects.names import custom_field, is_roll_up, normal_header, unit_of_header, zone_of
from pipeline.ingest.dialects.schema import GENERIC as SHARED
from pipeline.ingest.values.cleaning import first_filled

GENERIC = 100  # added to the priority of names that the tool itself does not print
LOOSE = 10_000  # and of those that are known but for what stands around them: an exact name is always meant before

_LISTS_BY_SUFFIX = re.compile(r"\.\d+$")


def header_fingerprint(header: tuple[str, ...]) -> str:
    """The shape of a header row: the same export comes again with the same one, whatever its blanks and letter case."""
    names = "\n".join(sorted({normal_header(name) for name in header if name.strip()}))
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def map_columns(
    header: tuple[str, ...], tool: HeaderSet, plugin: FeedPlugin, profile: dict[str, str | None] | None = None
) -> Mapping:
    """The columns of this header as `tool` names them; a saved profile (header → canonical, or null) comes first."""
    feed = plugin.feed
    chosen = {normal_header(name): canonical for name, canonical in (profile or {}).items()}
    claims: dict[str, list[tuple[int, int]]] = {}
    sets = _sets(tool)
    dictionaries = [header_set.canonical() for header_set in sets]
    known = {None, *(column.name for column in feed.columns)}  # two of ours read together are found anew
    money = {column.name for column in feed.columns if column.kind is Kind.MONEY}
    for index, name in enumerate(header):
        normal = normal_header(_LISTS_BY_SUFFIX.sub("", name) if _LISTS_BY_SUFFIX.search(name) else name)
        if normal_header(name) in chosen and chosen[normal_header(name)] in known:
            canonical, priority = chosen[normal_header(name)], -2
            if canonical is None:
                continue
        else:
            canonical, priority = _meaning(name, normal, dictionaries)
            if canonical is None and (bare := without_unit(normal)) != normal:  # 合同金额(万元)
                canonical, priority = _meaning(name, bare, dictionaries)
                canonical = canonical if canonical in money else None
            if canonical is None and not is_roll_up(name) and custom_field(name) is None:
                canonical, priority = _loose_meaning(name, sets)
        if canonical is None or not any(column.name == canonical for column in feed.columns):
            continue
        claims.setdefault(canonical, []).append((priority, index))
    columns, warnings = _settle_claims(tool, header, claims)
    mapping = Mapping(
        columns=columns,
        headers=dict(enumerate(header)),
        warnings=warnings,
        header_fingerprint=header_fingerprint(header),
        rivals={name: tuple(index for _, index in sorted(claimants)[1:]) for name, claimants in claims.items()},
        roles=_roles(header, tool),
        books=tool.books,
    )
    plugin.claim(mapping)
    used = set(mapping.indices)
    named = {normal_header(header[index]) for index in used}
    unused = (
        name for index, name in enumerate(header) if name and index not in used and normal_header(name) not in named
    )
    mapping.unmapped = list(dict.fromkeys(unused))
    mapping.units |= _units(feed, header, mapping.columns, tool)
    _note_zones(mapping, feed)
    return mapping


def _roles(header: tuple[str, ...], tool: HeaderSet) -> dict[str, int]:
    """The columns to which the tool gives a part: of each the first of its headers that the table has."""
    places = {normal_header(name): index for index, name in reversed(list(enumerate(header)))}
    named = {role: next((places[name] for name in names if name in places), None) for role, names in tool.roles.items()}
    return {role: index for role, index in named.items() if index is not None}


def _note_zones(mapping: Mapping, feed: Feed) -> None:
    """`Created At (UTC)`: the column's instants are in that zone, whatever the file's others are in."""
    for index, canonical in mapping.columns.items():
        if feed.column(canonical).kind not in (Kind.DATE, Kind.INSTANT):
            continue
        zone, unread = zone_of(mapping.headers[index])
        if zone is not None:
            mapping.zones[canonical] = zone
        elif unread is not None:
            mapping.warnings.append((*_ZONE_UNREAD, {"column": mapping.headers[index], "zone": unread}))


_ZONE_UNREAD = (
    "ingest.zone_unread",
    "Column '{column}' names the time zone {zone}, which several countries use or none is known by. Its times were read in the "
    "zone of the file; say the right one with --time-zone, such as America/Chicago.",
)


def _sets(tool: HeaderSet) -> list[HeaderSet]:
    """The tool's own names, then those of the generic set of the same feed."""
    return [
        tool,
        *(
            other
            for other in dialects().header_sets
            if other.feed == tool.feed and other.system == SHARED and other is not tool
        ),
    ]


def _loose_meaning(name: str, sets: list[HeaderSet]) -> tuple[str | None, int]:
    for depth, header_set in enumerate(sets):
        if (found := header_set.loosely(name)) is not None:
            return found[0], found[1] + GENERIC * depth + LOOSE
    return None, 0


def _meaning(name: str, normal: str, dictionaries) -> tuple[str | None, int]:
    if not normal or is_roll_up(name):
        return None, 0
    if issue_link(name):
        return "links", 0
    inner = custom_field(name)
    for depth, names in enumerate(dictionaries):
        # A custom field may hold a severity or a story point, never the key, the dates or the resolution.
        found = names.get(normal)
        if found is None and inner is not None:
            found = names.get(inner)
            if found is not None and found[0] not in CUSTOM_FIELDS:
                found = None
        if found is not None:
            return found[0], found[1] + GENERIC * depth
    return None, 0


CUSTOM_FIELDS = frozenset(
    """
    severity defect_cause module site wbs_code parent_key sprints story_points found_in_phase
    reopened_count started_at closed_at labels
    """.split()  # noqa: SIM905
)


# Most exports print both the key and the name of these; the key is taken, and nobody need be told.
_KEY_BESIDE_NAME = frozenset({"project", "person"})


def _settle_claims(tool: HeaderSet, header, claims) -> tuple[dict[int, str], list]:
    feed = FEEDS[tool.feed]
    columns: dict[int, str] = {}
    warnings = []
    for canonical, claimants in claims.items():
        if feed.column(canonical).kind is Kind.LIST:
            best = min(priority for priority, _ in claimants)
            columns |= {index: canonical for priority, index in claimants if priority == best}
            continue
        best, used = min(claimants)
        columns[used] = canonical
        if canonical in tool.several and best < GENERIC:
            columns |= {index: canonical for priority, index in sorted(claimants) if priority < GENERIC}
            continue
        # A tool's own name settles it; what other tools call so is no rival. Repeated columns of one name are none either.
        rivals = [
            index
            for priority, index in sorted(claimants)
            if index != used and (priority < GENERIC or best >= GENERIC) and (priority < LOOSE or best >= LOOSE)
        ]
        others = [header[index] for index in rivals if normal_header(header[index]) != normal_header(header[used])]
        if others and canonical not in _KEY_BESIDE_NAME:
            warnings.append(
                (
                    "ingest.two_columns",
                    "Two columns could be {canonical}: '{used}' is used, {others} not.",
                    {
                        "canonical": canonical,
                        "used": header[used],
                        "others": ", ".join(f"'{name}'" for name in others),
                    },
                )
            )
    return columns, warnings


def _units(feed: Feed, header, columns: dict[int, str], tool: HeaderSet) -> dict[str, str]:
    units: dict[str, str] = {}
    for index, canonical in columns.items():
        kind, normal = feed.column(canonical).kind, normal_header(header[index])
        if kind is Kind.HOURS:
            unit = unit_of_header(header[index])
            unit = unit or tool.units.get(canonical)
            if unit is not None:
                units[canonical] = unit
        elif kind is Kind.MONEY and (unit := header_unit(normal)):
            units[canonical] = unit
    return units


def canonical_rows(chunk: pl.DataFrame, mapping: Mapping, plugin: FeedPlugin) -> pl.DataFrame:
    """A raw chunk with canonical names, still text, and periods or currencies side by side as one row each."""
    rows = canonical_chunk(chunk, mapping, plugin)
    return unpivoted(rows, mapping) if mapping.period_columns else rows


def unpivoted(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Months (or currencies) as columns to one row each; an empty cell plans nothing and gives no row. The sheet's row stays."""
    months = {f"c{index}": month for index, month in mapping.period_columns.items()}
    period, value = mapping.period_into
    kept = [name for name in rows.columns if name not in months]
    return (
        rows.unpivot(list(months), index=kept, variable_name=period, value_name=value)
        .filter(pl.col(value).str.strip_chars().fill_null("") != "")
        .with_columns(pl.col(period).replace_strict({name: str(month) for name, month in months.items()}))
        .sort("source_row", period, maintain_order=True)
    )


def canonical_chunk(chunk: pl.DataFrame, mapping: Mapping, plugin: FeedPlugin) -> pl.DataFrame:
    """A raw chunk with canonical names, still text; the columns of one list joined to List(String), empty cells gone.

    Columns that the chunk does not hold are left out. Columns of periods keep their raw names ("c7").
    """
    by_name: dict[str, list[int]] = {}
    for index, canonical in mapping.columns.items():
        if f"c{index}" in chunk.columns:
            by_name.setdefault(canonical, []).append(index)
    expressions = []
    for canonical, indices in by_name.items():
        if len(indices) == 1:
            expressions.append(_cell(indices[0], canonical, mapping).alias(canonical))
        elif plugin.feed.column(canonical).kind is Kind.LIST:
            cells = [_cell(index, canonical, mapping) for index in sorted(indices)]
            expressions.append(pl.concat_list(cells).list.drop_nulls().alias(canonical))
        else:
            expressions.append(first_filled([pl.col(f"c{index}") for index in indices], canonical).alias(canonical))
    expressions += plugin.derived(mapping)
    periods = [pl.col(f"c{index}") for index in mapping.period_columns]
    return chunk.select(*expressions, *periods, "source_row")


def _cell(index: int, canonical: str, mapping: Mapping) -> pl.Expr:
    """The cells of one column; of a link, with its type and direction, which only the header says: `Blocks → YB-17`."""
    cell = pl.col(f"c{index}")
    link = issue_link(mapping.headers[index]) if canonical == "links" else None
    return pl.lit(f"{link[0]} {link[1]} ") + cell.str.strip_chars() if link else cell
