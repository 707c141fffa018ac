"""One load, from what was handed in to what the report says of it. Heavy imports happen here, not in pipeline.ingest."""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from models.builds.data_dir import DataDir
from models.builds.placement import refuse_writing
from models.errors import InputError, PlimsollError
from models.feeds import FEEDS
from models.intake import LeftOutRow, LoadReport
from models.vocabulary import BatchStatus, FileStatus
from models.words.number_tokens import clause
from pipeline.ingest.checks.comparison import looks_cut_off, what_it_replaces
from pipeline.ingest.checks.double_counted import double_counted
from pipeline.ingest.checks.judge import checks_for
from pipeline.ingest.checks.previous_export import Arriving
from pipeline.ingest.checks.totals import totals_around
from pipeline.ingest.contracts.options import LoadOptions
from pipeline.ingest.contracts.reasons import Reason
from pipeline.ingest.dialects import dialects_of
from pipeline.ingest.files.archives import IncomingFile, incoming_files
from pipeline.ingest.files.source import SourceFile, source_file
from pipeline.ingest.landing import land as landing
from pipeline.ingest.landing.land import Incoming
from pipeline.ingest.landing.preview import LOOKED_AT, date_example, examples, first_rows, in_zone
from pipeline.ingest.landing.staging import Staged, Staging
from pipeline.ingest.open import opened
from pipeline.ingest.quarantine import Flagged, HeldBack, hold_together
from pipeline.ingest.reader import FeedRows, counts_differ
from pipeline.ingest.resubmission import Mend

_log = logging.getLogger(__name__)


def load_paths(data_dir: DataDir, paths: list[Path], options: LoadOptions) -> list[LoadReport]:
    """Loads files, folders and archives; one report per file and feed, in the shape that DESIGN gives for `load`."""
    entries: list[LoadReport] = []
    with _workspace(data_dir) as workspace, dialects_of(data_dir):
        for path in paths:
            for file in incoming_files(Path(path), workspace):
                entries += load_one(data_dir, file, options)
    return entries


def load_one(data_dir: DataDir, file: IncomingFile, options: LoadOptions) -> list[LoadReport]:
    """The reports of one file. Never raises for what is wrong with the file: that is a report with status refused."""
    source: SourceFile | None = None
    try:
        if file.error:
            raise file.error
        source = source_file(file.path, file.name, options.project or file.folder_name, file.workspace)
        known = _known(data_dir, source, options)
        with dialects_of(data_dir):
            return known or _landed(data_dir, source, file, options)
    except PlimsollError as error:
        entry = _refused(file.name, options, Reason.of(error))
    except OSError as error:
        reason = Reason(
            "ingest.storage",
            "{file} could not be kept: {reason}. Make room or give Plimsoll leave to write in the data folder, then load it "
            "again; what was loaded before is untouched.",
            {"file": file.name, "reason": error.strerror or type(error).__name__},
        )
        entry = _refused(file.name, options, reason)
    except Exception:  # a fault of ours must not stop the other files, nor show its insides
        error_id = uuid.uuid4().hex[:8]
        _log.exception("loading failed, error %s", error_id)
        reason = Reason(
            "ingest.unexpected",
            "{file} could not be read because of a fault in Plimsoll. The log has the whole under {error_id}; "
            "the file is kept, and nothing of it was loaded.",
            {"file": file.name, "error_id": error_id},
        )
        entry = _refused(file.name, options, reason)
    if not options.dry_run:
        try:
            landing.note_refusal(data_dir, source, file.name, entry, options.landed_by)
        except (OSError, SQLAlchemyError):  # the disk that made us refuse may have no room for the line either
            _log.exception("the refusal of a file could not be written down")
    return [entry]


@contextmanager
def _workspace(data_dir: DataDir) -> Iterator[Path]:
    """A folder of this process beside the landing, swept by the next load if this one is killed."""
    refuse_writing(data_dir)
    folder = data_dir.landing / "staging" / f"work-{uuid.uuid4().hex[:8]}.{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _known(data_dir: DataDir, source: SourceFile, options: LoadOptions) -> list[LoadReport]:
    """Reports for a file whose bytes are landed, held or undone already; empty for a new one."""
    entries: list[LoadReport] = []
    if options.again:
        return entries
    for batch in landing.batches_of_content(data_dir, source.content_hash):
        if options.feed and batch.feed != options.feed:
            continue
        if batch.status == BatchStatus.UNDONE:
            if options.reads_differently_from(batch):
                continue
            reason = Reason(
                "ingest.undone_before",
                "{file} was loaded on {landed_at} as batch {batch_id} and undone since. "
                "To have it back: python -m pipeline redo {batch_id}, or Redo on the upload page.",
                {"file": source.name, "landed_at": batch.landed_at, "batch_id": batch.batch_id},
            )
        else:
            reason = Reason(
                "ingest.already_loaded",
                "{file} was already loaded on {landed_at} as batch {batch_id}; nothing is counted twice.",
                {"file": source.name, "landed_at": batch.landed_at, "batch_id": batch.batch_id},
            )
        now = {"file": source.name, "batch_id": batch.batch_id, "dry_run": options.dry_run}
        entries.append(batch.report.model_copy(update=now | {"status": FileStatus.UNCHANGED, "reasons": [reason]}))
    return entries


def _landed(data_dir: DataDir, source: SourceFile, file: IncomingFile, options: LoadOptions) -> list[LoadReport]:
    options.on_progress("open")
    feeds = opened(data_dir, source, file, options)
    incoming: list[Incoming] = []
    with ExitStack() as stack:
        for rows in feeds:
            incoming.append(_staged(data_dir, source, rows, options, stack))
        hold_together(incoming, options.accept_held)
        if not options.dry_run:
            options.on_progress("land")
            landing.land(data_dir, incoming, options.landed_by, again=options.again)
    return [staged.report for staged in incoming]


def _staged(data_dir: DataDir, source: SourceFile, rows: FeedRows, options: LoadOptions, stack: ExitStack) -> Incoming:
    """Checks and writes one feed beside the landing; raises InputError where the file must be refused."""
    feed = FEEDS[rows.feed]
    batch_id = landing.new_batch_id(data_dir, feed.name, source.content_hash)
    staging = stack.enter_context(Staging(data_dir, feed.name, batch_id, source.name))
    staging.result.content_hash = source.content_hash
    if rows.mend:
        staging.result.mends_batch = rows.mend.parent.batch_id
    checks = checks_for(feed.name, options.today(), rows.most_hours)
    held, flagged, read = HeldBack(staging, rows), Flagged(), 0
    looked_at, expected = pl.DataFrame(), rows.expected_rows()
    for typed in rows.chunks():
        options.on_progress("check", read, expected)
        read += typed.rows.height + len(typed.rejected) + typed.repeated
        staging.result.duplicate += typed.repeated
        held.take(typed.rejected)
        checks.count_rejected(typed.rejected, typed.rows.height + len(typed.rejected))
        if typed.rows.is_empty():
            continue
        checked = checks.run(typed.rows, source.name)
        flagged.take(checked.flagged)
        held.take_failures(checked.held)
        kept = held.kept(typed.rows, checked.held)
        shown = kept
        if rows.mend:
            kept, known = rows.mend.new_rows(kept)
            staging.result.duplicate += known
        staging.take(kept)
        if looked_at.is_empty():
            looked_at = shown.head(LOOKED_AT)
    options.on_progress("compare", read, expected)
    checks.count_repeated(_settle_repeated_keys(staging, held), read)
    held.flush()
    staged = staging.staged()
    if read != staged.accepted + staged.quarantined + staged.duplicate:
        raise counts_differ(source.name, read, staged.accepted + staged.quarantined + staged.duplicate)
    if not staged.accepted:
        raise _nothing_accepted(source, staged, rows.mend)
    about = landing.covers(staged, options.zone())
    arriving = Arriving(staged, about, rows.system, source.name, rows.is_full_snapshot, rows.exported_at)
    held_for = rows.cut + flagged.ahead(source.name, staged.accepted)
    if rows.mend is None:
        held_for += looks_cut_off(data_dir, arriving)
    flagged.take_together(checks.over_rows(staged.rows_file))
    status = BatchStatus.HELD if held_for and not options.accept_held else BatchStatus.LANDED
    reasons = held_for + rows.reasons + held.reasons(source.name) + flagged.reasons(source.name)
    if rows.mend:
        reasons.insert(0, rows.mend.reason(staged.accepted, source.name))
    else:
        reasons += what_it_replaces(data_dir, staged, about, rows.system) + double_counted(data_dir, arriving)
    preview = in_zone(looked_at, rows.time_zone or options.zone())  # instants as the file's own clock shows them
    cells = rows.cells(preview["source_row"].to_list())
    totals, totals_before, totals_after = totals_around(data_dir, staged, about, rows.system)
    report = LoadReport(
        file=source.name,
        feed=rows.feed,
        system=rows.system,
        sheet=rows.sheet,
        batch_id=None if options.dry_run else staged.batch_id,
        encoding=rows.encoding,
        delimiter=rows.delimiter,
        date_format=rows.date_format,
        columns_mapped=rows.columns_mapped,
        columns_unmapped=rows.columns_unmapped,
        rows_read=read,
        rows_accepted=staged.accepted,
        rows_quarantined=staged.quarantined,
        rows_duplicate=staged.duplicate,
        status=FileStatus(status),
        reasons=reasons,
        encoding_confidence=rows.encoding_confidence,
        units=rows.units,
        unknown_words=rows.unknown_words,
        checks=checks.results(),
        time_zone=rows.time_zone,
        date_order=rows.date_order,
        preview=first_rows(preview),
        held_preview=staged.first_held,
        examples=examples(cells),
        date_example=date_example(rows.feed, cells, preview, rows.columns_mapped),
        totals=totals,
        totals_before=totals_before,
        totals_after=totals_after,
        questions=rows.questions,
        left_out=[LeftOutRow(**row) for row in rows.left_out[:1000]],
        rows_left_out=len(rows.left_out),
        covers=about,
        dry_run=options.dry_run,
    )
    return Incoming(
        staging=staging,
        source=source,
        system=rows.system,
        project=options.project,  # a folder a file happened to lie in names nobody
        mapping=rows.columns_mapped,
        report=report,
        status=status,
        covers=about,
        exported_at=rows.exported_at,
        is_full_snapshot=rows.is_full_snapshot,
    )


def _settle_repeated_keys(staging: Staging, held: HeldBack) -> list[int]:
    """Of rows with one key, one counts. An older or an equal one is a repetition; one that contradicts is held back.

    Returns the lines of those held back.
    """
    repeated = staging.repeated_keys()
    if repeated.is_empty():
        return []
    is_repetition = repeated["is_older"] | repeated["is_same"]
    contradicting = repeated.filter(~is_repetition)
    held.take_contradicting(contradicting)
    staging.take_out(repeated["position"].to_list())
    staging.result.duplicate += int(is_repetition.sum())
    return contradicting["source_row"].to_list()


def _nothing_accepted(source: SourceFile, staged: Staged, mend: Mend | None) -> InputError:
    if mend and staged.duplicate and not staged.first_held:
        return InputError(
            "ingest.mended_before",
            "{file}: all {rows} rows count already in batch {batch_id}; nothing is counted twice.",
            file=source.name,
            rows=staged.duplicate,
            batch_id=mend.parent.batch_id,
        )
    if not staged.first_held:
        return InputError(
            "ingest.no_rows",
            "{file} holds no row that could be landed. Check the filter of the export; nothing was loaded.",
            file=source.name,
        )
    first = staged.first_held[0]
    return InputError(
        "ingest.no_row_accepted",
        "{file}: none of its {rows} rows could be read. Line {line}: {reason} Mend the file, or map its columns on the "
        "upload page, and load it again.",
        file=source.name,
        rows=staged.quarantined,
        line=first.source_row,
        reason=clause(first.template, **first.details),
    )


def _refused(name: str, options: LoadOptions, reason: Reason) -> LoadReport:
    return LoadReport(
        file=name,
        feed=options.feed,
        status=FileStatus.REFUSED,
        reasons=[reason],
        questions=reason.details.get("questions", []),
        dry_run=options.dry_run,
    )


def load_bytes(data_dir: DataDir, name: str, content: bytes, options: LoadOptions) -> list[LoadReport]:
    """The same for bytes that came over the wire; `name` is for display and never becomes a path."""
    with _workspace(data_dir) as workspace, dialects_of(data_dir):
        path = workspace / "upload"
        path.write_bytes(content)
        entries: list[LoadReport] = []
        for file in incoming_files(path, workspace, name or "upload"):
            entries += load_one(data_dir, file, options)
        return entries
