"""Which column of the file is which canonical column, and the frame that results."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field

import polars as pl

from models.feeds import FEEDS, Feed, Kind
from pipeline.ingest.dialects import dialects
from pipeline.ingest.dialects.header_set import HeaderSet
from pipeline.ingest.dialects.header_words import custom_field, is_roll_up, normal_header, unit_of_header, zone_of
from pipeline.ingest.dialects.headers_links import issue_link
from pipeline.ingest.dialects.money_units import header_unit, without_unit
from pipeline.ingest.dialects.period_columns import FEWEST, period_of_column, weeks_side_by_side
from pipeline.ingest.dialects.schema import GENERIC as SHARED
from pipeline.ingest.feeds.hours.layouts import HoursLayout
from pipeline.ingest.feeds.ledger.roles import ROLE_NAMES, balance_roles, from_roles, ledger_roles, status_role
from pipeline.ingest.mapping.currency_columns import currency_columns
from pipeline.ingest.values.cleaning import first_filled

GENERIC = 100  # added to the priority of names that the tool itself does not print
LOOSE = 10_000  # and of those that are known but for what stands around them: an exact name is always meant before

_LISTS_BY_SUFFIX = re.compile(r"\.\d+$")


@dataclass
class Mapping:
    """columns: index → canonical column; several indices may share one list column.

    headers: index → the name in the file. unmapped: names nobody claimed. warnings: (code, template, details).
    units: canonical column → unit other than its own ("seconds", "minutes", "days", "person_months", "ten_thousand").
    period_columns: index → first day of the month, in a budget or a cost list with months as columns; of a list of rates with
        currencies as columns, what each quotes.
    period_into: the canonical columns that such a month or currency and its amount become.
    sections: from which line on which values hold in every row (the account of a page); year: of month and day columns.
    missing: canonical columns worth having that the file lacks.
    roles: columns of which two make one canonical column: direction and amount of a ledger, month and day of a booking.
    defaults: canonical column → the word that every row of this export stands for (a list of bugs: defect).
    rivals: canonical column → the other columns whose names claim it, the best first.
    zones: canonical column → the time zone that its header names.
    told_by: canonical column → the column whose words tell it where it is empty: labels say that an issue is a defect.
    hours: in timesheets and attendance, what is read beside single columns (days as columns, start and end …).
    """

    columns: dict[int, str]
    headers: dict[int, str]
    unmapped: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str, dict]] = field(default_factory=list)
    header_fingerprint: str = ""
    units: dict[str, str] = field(default_factory=dict)
    period_columns: dict[int, dt.date | str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    roles: dict[str, int] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    period_into: tuple[str, str] = ("period_start", "planned_value")
    sections: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    year: str | None = None
    rivals: dict[str, tuple[int, ...]] = field(default_factory=dict)
    hours: HoursLayout | None = None
    zones: dict[str, str] = field(default_factory=dict)
    told_by: dict[str, str] = field(default_factory=dict)

    @property
    def columns_mapped(self) -> dict[str, str]:
        """Header in the file → canonical column, as `load --json` shows it."""
        mapped = {self.headers[index]: canonical for index, canonical in sorted(self.columns.items())}
        mapped |= {self.headers[index]: self.period_into[1] for index in self.period_columns}
        mapped |= {self.headers[index]: name for index, name in (self.hours.read if self.hours else {}).items()}
        return mapped | {self.headers[index]: ROLE_NAMES[role] for role, index in self.roles.items()}

    @property
    def canonical(self) -> dict[str, str]:
        """Canonical column → the header it is read from (the first, for lists)."""
        found: dict[str, str] = {}
        for index, canonical in sorted(self.columns.items()):
            found.setdefault(canonical, self.headers[index])
        return found

    def moved(self, canonical: str, used: int, other: int) -> None:
        """Another column of the file is `canonical` after all."""
        del self.columns[used]
        self.columns[other] = canonical
        self.unmapped = [name for name in self.unmapped if name != self.headers[other]] + [self.headers[used]]

    @property
    def indices(self) -> list[int]:
        """The columns of the file that must be read."""
        return sorted({*self.columns, *self.period_columns, *self.roles.values()})


def header_fingerprint(header: tuple[str, ...]) -> str:
    """The shape of a header row: the same export comes again with the same one, whatever its blanks and letter case."""
    names = "\n".join(sorted({normal_header(name) for name in header if name.strip()}))
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def map_columns(header: tuple[str, ...], tool: HeaderSet, profile: dict[str, str] | None = None) -> Mapping:
    """The columns of this header as `tool` names them; a saved profile (header → canonical, or null) comes first."""
    feed = FEEDS[tool.feed]
    chosen = {normal_header(name): canonical for name, canonical in (profile or {}).items()}
    claims: dict[str, list[tuple[int, int]]] = {}
    sets = _sets(tool)
    dictionaries = [one.canonical() for one in sets]
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
    if (
        tool.feed == "costs" and "amount" not in columns.values()
    ):  # the foreign amount alone is the amount, to be converted
        columns = {index: "amount" if name == "original_amount" else name for index, name in columns.items()}
    mapping = Mapping(
        columns=columns,
        headers=dict(enumerate(header)),
        warnings=warnings,
        header_fingerprint=header_fingerprint(header),
        rivals={name: tuple(index for _, index in sorted(claimants)[1:]) for name, claimants in claims.items()},
    )
    lay_out_periods(mapping, tool.feed)
    if tool.feed == "ledger":
        mapping.roles = ledger_roles(header, columns)
    elif tool.feed == "schedule":
        mapping.roles = status_role(header)
    elif tool.feed == "account_balances":
        mapping.roles = balance_roles(header, columns)
    used = set(mapping.indices)
    named = {normal_header(header[index]) for index in used}
    unused = (
        name for index, name in enumerate(header) if name and index not in used and normal_header(name) not in named
    )
    mapping.unmapped = list(dict.fromkeys(unused))
    mapping.units |= _units(feed, header, mapping.columns, tool)
    _note_zones(mapping, feed)
    return mapping


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
    "door.zone_unread",
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
    for depth, one in enumerate(sets):
        if (found := one.loosely(name)) is not None:
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
                    "door.two_columns",
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


# A row's periods side by side: into which columns they go, and which single columns they make a row total of.
_PERIODS_INTO = {"budget": ("period_start", "planned_value"), "costs": ("booked_on", "amount")}


def lay_out_periods(mapping: Mapping, feed: str, year: str | None = None) -> None:
    """Columns named after weeks, months or quarters become the periods of a budget or a cost list; a row total beside them goes.

    A plan begins with its month, costs are booked by its end. year: what the table says above its header, for names without one.
    Columns named after currencies become the rows of a list of rates.
    """
    if feed == "fx_rates" and not {"from_currency", "rate"} & set(mapping.columns.values()):
        mapping.period_columns = currency_columns(mapping.headers)
        mapping.period_into = ("from_currency", "rate")
        return
    if feed not in _PERIODS_INTO or _PERIODS_INTO[feed][0] in mapping.columns.values() or mapping.period_columns:
        return
    weeks, days = weeks_side_by_side(mapping.headers)
    found = {index: period for index, name in mapping.headers.items() if (period := period_of_column(name, year))}
    months = {period.first for period in found.values() if not period.is_quarter}
    # A quarter beside its own months is their sum.
    found = {
        index: period for index, period in found.items() if not (period.is_quarter and months & set(period.months))
    }
    if weeks:
        end = dt.timedelta(days=days - 1)
        columns = {index: first if feed == "budget" else first + end for index, first in weeks.items()}
    elif len(found) < FEWEST and not (len(found) == 1 and _PERIODS_INTO[feed][1] not in mapping.columns.values()):
        return
    else:
        columns = {index: period.first if feed == "budget" else period.last_of_month for index, period in found.items()}
    mapping.period_into = _PERIODS_INTO[feed]
    mapping.period_columns = columns
    mapping.columns = {
        index: name
        for index, name in mapping.columns.items()
        if index not in columns and name != mapping.period_into[1]
    }
    units = {unit for index in columns if (unit := header_unit(normal_header(mapping.headers[index])))}
    if len(units) == 1:
        mapping.units[mapping.period_into[1]] = units.pop()
    quarters = [mapping.headers[index] for index, period in found.items() if period.is_quarter and index in columns]
    if quarters:
        mapping.warnings.append(
            (
                "door.quarters_not_split",
                "The columns {columns} stand for quarters. Each amount was put on the first month of its quarter; load months "
                "if the plan differs within a quarter.",
                {"columns": ", ".join(f"'{name}'" for name in quarters)},
            )
        )


def canonical_chunk(chunk: pl.DataFrame, mapping: Mapping, feed: Feed) -> pl.DataFrame:
    """A raw chunk with canonical names, still text; the columns of one list joined to List(String), empty cells gone.

    Columns that the chunk does not hold are left out. Period columns of a wide budget keep their raw names ("c7"): the
    unpivot is the landing's.
    """
    by_name: dict[str, list[int]] = {}
    for index, canonical in mapping.columns.items():
        if f"c{index}" in chunk.columns:
            by_name.setdefault(canonical, []).append(index)
    expressions = []
    for canonical, indices in by_name.items():
        if len(indices) == 1:
            expressions.append(_cell(indices[0], canonical, mapping).alias(canonical))
        elif feed.column(canonical).kind is Kind.LIST:
            cells = [_cell(index, canonical, mapping) for index in sorted(indices)]
            expressions.append(pl.concat_list(cells).list.drop_nulls().alias(canonical))
        else:
            expressions.append(first_filled([pl.col(f"c{index}") for index in indices], canonical).alias(canonical))
    expressions += from_roles(mapping.roles, mapping.headers, mapping.year)
    periods = [pl.col(f"c{index}") for index in mapping.period_columns]
    return chunk.select(*expressions, *periods, "source_row")


def _cell(index: int, canonical: str, mapping: Mapping) -> pl.Expr:
    """The cells of one column; of a link, with its type and direction, which only the header says: `Blocks → YB-17`."""
    cell = pl.col(f"c{index}")
    link = issue_link(mapping.headers[index]) if canonical == "links" else None
    return pl.lit(f"{link[0]} {link[1]} ") + cell.str.strip_chars() if link else cell
