"""A table read and recognized with what a saved profile knows of it."""

from __future__ import annotations

from models.builds.data_dir import DataDir
from models.errors import InputError
from models.intake import Batch
from pipeline.ingest.contracts.options import LoadOptions
from pipeline.ingest.contracts.raw_table import RawTable
from pipeline.ingest.feeds import PLUGINS
from pipeline.ingest.files.read import read_table
from pipeline.ingest.files.source import SourceFile
from pipeline.ingest.mapping.profiles import mapping_profile, profile_for, profiles
from pipeline.ingest.mapping.recognition import Recognition, recognize
from pipeline.ingest.resubmission import MARKS, parent_batch, usable_mapping


def text_table(data_dir: DataDir, source: SourceFile, options: LoadOptions) -> tuple[RawTable, Recognition]:
    """A text table in the encoding that was said, that a profile found in it says, or that it proves itself.

    Raises: InputError as read_table and recognize do.
    """
    said = options.encoding
    if said is None and isinstance(options.mapping, str):
        said = mapping_profile(data_dir, options.mapping).options.get("encoding")
    if said is not None:
        table = read_table(source, encoding=said)
        return table, recognized_table(data_dir, table, options)
    try:
        table = read_table(source)
    except InputError as error:
        answered = _as_a_profile_says(data_dir, source, options)
        if error.code != "ingest.encoding_undecided" or answered is None:
            raise
        table = answered
    else:
        if table.encoding_confidence < 1:
            table = _as_a_profile_says(data_dir, source, options) or table
    for plugin in PLUGINS.values():
        table = plugin.table(table)
    return table, recognized_table(data_dir, table, options)


def _as_a_profile_says(data_dir: DataDir, source: SourceFile, options: LoadOptions) -> RawTable | None:
    """The table in the first encoding kept in a profile whose header then stands in it."""
    for profile in profiles(data_dir):
        encoding = profile.options.get("encoding")
        if encoding is None:
            continue
        try:
            table = read_table(source, encoding=encoding)
        except InputError:
            continue
        found = profile_for(data_dir, table.header, options.feed)
        if found is not None and found.name == profile.name:
            return table
    return None


def recognized_table(data_dir: DataDir, table: RawTable, options: LoadOptions) -> Recognition:
    """By the mapping that was given or named, the profile saved for these columns, or the dictionary of headers.

    Rows that come back mended are recognized as those of the batch they belong to.
    """
    parent = parent_batch(data_dir, table)
    if parent is not None:
        return _recognized_as(parent, table)
    if isinstance(options.mapping, dict):
        return recognize(table, PLUGINS, options.feed, options.mapping)
    if options.mapping:
        named = mapping_profile(data_dir, options.mapping)
        recognized = recognize(table, PLUGINS, options.feed or named.feed, named.mapping)
        recognized.said = named.options
        return recognized
    found = profile_for(data_dir, table.header, options.feed)
    if found is None:
        return recognize(table, PLUGINS, options.feed)
    recognized = recognize(table, PLUGINS, found.feed, found.mapping)
    recognized.said = found.options
    warnings = recognized.mapping.warnings
    if found.new or found.gone:
        warnings.append(
            (
                "ingest.profile_alike",
                "The saved mapping profile '{name}' was used although the columns differ; new: {new}; gone: {gone}. "
                "Check what maps to what, and save the profile again.",
                {"name": found.name, "new": _listed(found.new), "gone": _listed(found.gone)},
            )
        )
        recognized.questions.append(
            {"code": "profile_alike", "profile": found.name, "new": list(found.new), "gone": list(found.gone)}
        )
    elif found.mapping:
        warnings.append(
            (
                "ingest.profile_used",
                "The saved mapping profile '{name}' was used for these columns.",
                {"name": found.name},
            )
        )
    if found.options:
        warnings.append(
            (
                "ingest.profile_answers",
                "As kept in the profile '{name}': {answers}.",
                {
                    "name": found.name,
                    "answers": ", ".join(f"{key} {value}" for key, value in sorted(found.options.items())),
                },
            )
        )
    return recognized


def _recognized_as(parent: Batch, table: RawTable) -> Recognition:
    try:
        found = recognize(table, PLUGINS, parent.feed)
        is_same = parent.mapping.items() <= found.mapping.columns_mapped.items()
    except InputError:
        is_same = False
    if not is_same:
        found = recognize(table, PLUGINS, parent.feed, usable_mapping(parent))
    found.system = parent.source_system
    found.mapping.unmapped = [name for name in found.mapping.unmapped if name not in MARKS]
    return found


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names[:10]) or "-"
