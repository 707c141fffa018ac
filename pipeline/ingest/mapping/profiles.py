"""Mapping profiles: what somebody said once of an export (which column is what, which order its dates have) is kept and
found again by the shape of the header, and goes from house to house as YAML.

Light to import: pages call these functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.intake import Profile
from pipeline.ingest.contracts.options import UNITS
from pipeline.store import control

# Two headers are alike when they share this much of the longer one: an export that gained a field or two.
ALIKE = 0.9
# What a person may have said beside the columns; None is "not said".
OPTIONS = ("date_order", "decimal", "time_zone", "encoding", "unit")
_HEADER = "header"  # kept among the options in the store, shown apart
MOST_YAML_BYTES = 256 << 10
_FORMAT = "plimsoll_mapping_profile"


@dataclass(frozen=True)
class FoundProfile:
    """new, gone: columns that only the file has, only the profile knows; none when the headers are the same."""

    name: str
    feed: str
    mapping: dict[str, str | None]
    options: dict[str, str]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def profiles(data_dir: DataDir) -> list[Profile]:
    """All saved profiles, the newest first."""
    if not control.exists(data_dir):
        return []
    with control.reading(data_dir) as connection:
        table = control.mapping_profiles
        rows = connection.execute(sa.select(table).order_by(table.c.saved_at.desc(), table.c.name)).mappings()
        return [_shown(row) for row in rows]


def _shown(row: sa.RowMapping) -> Profile:
    columns = row["options"].get(_HEADER) or list(row["mapping"])
    said = {name: value for name, value in row["options"].items() if name in OPTIONS and value is not None}
    return Profile.model_validate({**row, "columns": columns, "options": said})


def mapping_profile(data_dir: DataDir, name: str) -> Profile:
    """One profile as `profiles` lists it. Raises: InputError naming the profiles there are."""
    known = profiles(data_dir)
    for profile in known:
        if profile.name == name:
            return profile
    raise InputError(
        "ingest.unknown_profile",
        "There is no mapping profile named {name}. Saved ones: {names}.",
        name=name,
        names=", ".join(sorted(profile.name for profile in known)) or "-",
    )


def profile_for(data_dir: DataDir, header: tuple[str, ...], feed: str | None = None) -> FoundProfile | None:
    """The profile saved for this header, else the one most alike that names no column the file lacks."""
    from pipeline.ingest.dialects.names import normal_header  # noqa: PLC0415 (only where files are read)

    names = {normal_header(name): name for name in header if name.strip()}
    best, best_share = None, 0.0
    for profile in profiles(data_dir):
        known = {normal_header(name): name for name in profile.columns if name.strip()}
        if feed not in (None, profile.feed) or not known:
            continue
        shared = len(names.keys() & known.keys()) / max(len(names), len(known), 1)
        needed = {normal_header(name) for name, canonical in profile.mapping.items() if canonical}
        if shared < ALIKE or not needed <= names.keys() or shared <= best_share:
            continue
        new = tuple(name for normal, name in names.items() if normal not in known)
        gone = tuple(name for normal, name in known.items() if normal not in names)
        best_share = shared
        best = FoundProfile(profile.name, profile.feed, profile.mapping, profile.options, new, gone)
    return best


def save_mapping_profile(
    data_dir: DataDir,
    name: str,
    feed: str,
    mapping: Mapping[str, str | None],
    *,
    header: tuple[str, ...] | list[str] = (),
    actor: str = "screen",
    **options: str | None,
) -> None:
    """Keeps {header: canonical column, or None for not read} and what else was said under a name.

    header: all column names of the file, also those the mapping leaves to be recognized; without it, the mapping's. Files
    with the same header are read with it from now on. options: date_order, decimal, time_zone, encoding, unit.
    Raises: InputError for a name, feed, column or option that cannot be.
    """
    name = _sound_name(name)
    _check(name, feed, mapping, options)
    columns = [fromkey for fromkey in dict.fromkeys(header or mapping) if fromkey.strip()]
    if not columns:
        raise InputError(
            "ingest.profile_without_columns",
            "The mapping profile {name} names no column, so no file could be found by it. Add the header of the export.",
            name=name,
        )
    with control.writing(data_dir) as connection:
        _write(connection, name, feed, mapping, {_HEADER: columns, **options})
        control.note(connection, actor, "mapping", name, feed=feed, mapping=dict(mapping), **options)


def keep_answers(
    data_dir: DataDir, name: str, feed: str, header: tuple[str, ...] | list[str], actor: str = "screen", **options: str
) -> str:
    """Keeps an answer (date_order="dmy") for files with this header: in the profile they have, else in a new one.

    Returns: the name of that profile.
    """
    found = profile_for(data_dir, tuple(header), feed)
    if found is not None and not found.new and not found.gone:
        said = found.options | options
        save_mapping_profile(data_dir, found.name, feed, found.mapping, header=header, actor=actor, **said)
        return found.name
    taken = {profile.name for profile in profiles(data_dir)}
    number, free = 2, name.strip()[:60] or feed
    while free in taken:
        free, number = f"{name.strip()[:50]} {number}", number + 1
    save_mapping_profile(data_dir, free, feed, {}, header=header, actor=actor, **options)
    return free


def delete_profile(data_dir: DataDir, name: str, actor: str = "screen") -> None:
    """Raises: InputError when there is no such profile."""
    profile = mapping_profile(data_dir, name)
    with control.writing(data_dir) as connection:
        table = control.mapping_profiles
        connection.execute(table.delete().where(table.c.name == name))
        control.note(connection, actor, "mapping_deleted", name, feed=profile.feed, mapping=profile.mapping)


def rename_profile(data_dir: DataDir, name: str, new_name: str, actor: str = "screen") -> None:
    """Raises: InputError when there is no such profile, or the new name is taken or empty."""
    mapping_profile(data_dir, name)
    new_name = _sound_name(new_name)
    if new_name in {profile.name for profile in profiles(data_dir)} - {name}:
        raise InputError(
            "ingest.profile_name_taken",
            "There is a mapping profile named {name} already. Choose another name, or delete that one first.",
            name=new_name,
        )
    with control.writing(data_dir) as connection:
        table = control.mapping_profiles
        connection.execute(table.update().where(table.c.name == name).values(name=new_name))
        control.note(connection, actor, "mapping_renamed", new_name, was=name)


def profile_yaml(data_dir: DataDir, name: str) -> str:
    """The profile as a YAML text that `save_profile_yaml` reads. Raises: InputError when there is no such profile."""
    import yaml  # noqa: PLC0415 (only to export and import)

    profile = mapping_profile(data_dir, name)
    document = {
        _FORMAT: 1,
        "name": profile.name,
        "feed": profile.feed,
        "header": profile.columns,
        "columns": profile.mapping,
        "options": profile.options,
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


def save_profile_yaml(data_dir: DataDir, text: str, actor: str = "screen") -> str:
    """Saves what `profile_yaml` wrote, here or elsewhere; a profile of the same name is replaced. Returns: its name.

    Raises: InputError for what is no such text.
    """
    document = _document(text)
    mapping, header, options = (document.get(part) or {} for part in ("columns", "header", "options"))
    name, feed = document.get("name"), document.get("feed")
    sound = (
        isinstance(mapping, dict)
        and all(isinstance(key, str) and isinstance(value, str | None) for key, value in mapping.items())
        and isinstance(header or [], list)
        and all(isinstance(name, str) for name in header)
        and isinstance(options, dict)
        and all(isinstance(value, str | None) for value in options.values())
    )
    if not (sound and isinstance(name, str) and isinstance(feed, str)):
        raise _not_a_profile("name, feed, header, columns, options")
    save_mapping_profile(data_dir, name, feed, mapping, header=list(header), actor=actor, **options)
    return _sound_name(name)


def _document(text: str) -> dict:
    import yaml  # noqa: PLC0415 (only to export and import)

    if len(text.encode()) > MOST_YAML_BYTES:
        raise _not_a_profile(f"<= {MOST_YAML_BYTES >> 10} KB")
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise _not_a_profile("no aliases (*)")  # a few of them can stand for gigabytes
        document = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _not_a_profile("YAML") from error
    if not isinstance(document, dict) or document.get(_FORMAT) != 1:
        raise _not_a_profile(f"{_FORMAT}: 1")
    return document


def _not_a_profile(expected: str) -> InputError:
    return InputError(
        "ingest.not_a_profile",
        "This text is no mapping profile (expected: {expected}). Export one first and change that.",
        expected=expected,
    )


def _sound_name(name: str) -> str:
    name = " ".join(name.split())[:60]
    if not name:
        raise InputError("ingest.profile_without_name", "A mapping profile needs a name. Give it one and save again.")
    return name


def _check(name: str, feed: str, mapping: Mapping[str, str | None], options: Mapping[str, str | None]) -> None:
    from models.feeds import FEEDS  # noqa: PLC0415 (imports polars)

    known = [column.name for column in FEEDS[feed].columns] if feed in FEEDS else []
    wrong = [canonical for canonical in mapping.values() if canonical is not None and canonical not in known]
    wrong += [] if feed in FEEDS else [feed]
    wrong += [f"{key}: {value}" for key, value in options.items() if not _is_sound_option(key, value)]
    if wrong:
        raise InputError(
            "ingest.profile_unknown_words",
            "The mapping profile {name} holds words that are not known here: {words}. Mend them and save again.",
            name=name,
            words=", ".join(map(str, dict.fromkeys(wrong)))[:300],
        )


def _is_sound_option(key: str, value: str | None) -> bool:
    import codecs  # noqa: PLC0415
    from zoneinfo import available_timezones  # noqa: PLC0415 (reads a folder)

    if value is None:
        return key in OPTIONS
    match key:
        case "date_order":
            return value in ("dmy", "mdy", "ymd")
        case "decimal":
            return value in (".", ",")
        case "unit":
            return value in UNITS
        case "time_zone":
            return value in available_timezones()
        case "encoding":
            try:
                return codecs.lookup(value).name is not None
            except (LookupError, ValueError):
                return False
    return False


def _write(
    connection: sa.Connection, name: str, feed: str, mapping: Mapping[str, str | None], options: dict[str, Any]
) -> None:
    from pipeline.ingest.mapping.columns import header_fingerprint  # noqa: PLC0415 (only where a profile is saved)

    table = control.mapping_profiles
    connection.execute(table.delete().where(table.c.name == name))
    connection.execute(
        table.insert().values(
            name=name,
            feed=feed,
            header_fingerprint=header_fingerprint(tuple(options[_HEADER])),
            mapping=dict(mapping),
            options={key: value for key, value in options.items() if value is not None},
            saved_at=control.iso(control.now_utc()),
        )
    )
