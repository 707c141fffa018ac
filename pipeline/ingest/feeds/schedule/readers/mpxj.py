"""Files that only mpxj reads, converted by a child process into what we read: Microsoft's MPP and MPX into Microsoft Project
XML, Primavera's PMXML into XER, which keeps the activities' own ids.

mpxj is an optional extra: a Python package around a Java library, installed with requirements-mpxj.txt, and a Java runtime.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from models.errors import InputError
from pipeline.ingest.files.source import ContentKind, SourceFile

CONVERTED = {
    ContentKind.MPP: "Microsoft Project file (MPP)",
    ContentKind.MPX: "Microsoft Project exchange file (MPX)",
    ContentKind.PMXML: "Primavera XML file (PMXML)",
}
CONVERSION_SECONDS = 180  # Java starts in two seconds, and the largest plans convert in half a minute
JAVA_MEMORY_MEGABYTES = 1024
_CONVERT = """
import sys, jpype, mpxj
jpype.startJVM(f"-Xmx{sys.argv[3]}m", "-Djava.awt.headless=true")
from org.mpxj.reader import UniversalProjectReader
from org.mpxj.writer import FileFormat, UniversalProjectWriter
project = UniversalProjectReader().read(sys.argv[1])
if project is None:
    sys.exit("this is no project file that mpxj knows")
UniversalProjectWriter(getattr(FileFormat, sys.argv[4])).write(project, sys.argv[2])
"""


def is_installed() -> bool:
    """Whether the Python package and a Java runtime are there; nothing is imported or started for it."""
    packages = all(importlib.util.find_spec(name) for name in ("mpxj", "jpype"))
    return packages and bool(shutil.which("java") or os.environ.get("JAVA_HOME"))


@contextmanager
def readable(source: SourceFile) -> Iterator[SourceFile]:
    """The file itself, or, of a kind that we cannot read, what mpxj made of it; that is gone afterwards.

    Raises: as converted.
    """
    if source.kind not in CONVERTED:
        yield source
        return
    with tempfile.TemporaryDirectory(dir=source.workspace, prefix="converted-") as folder:
        kind = ContentKind.XER if source.kind is ContentKind.PMXML else ContentKind.XML
        yield replace(source, path=converted(source, Path(folder), kind), kind=kind)


def converted(source: SourceFile, folder: Path, kind: ContentKind) -> Path:
    """The file as Microsoft Project XML or as XER, written into `folder`.

    Raises: InputError with how to switch mpxj on, or why it could not read the file.
    """
    if not is_installed():
        raise InputError(
            "ingest.mpxj_needed",
            "{file} is a {kind}, which Plimsoll reads with mpxj. Switch it on with: pip install -r requirements-mpxj.txt, "
            "and a Java runtime (11 or newer). Or save the plan as XML in the tool itself (Microsoft Project: Save As, XML; "
            "Primavera: Export, XER), and load that.",
            file=source.name,
            kind=CONVERTED[source.kind],
        )
    target = folder / "converted"
    wanted = "XER" if kind is ContentKind.XER else "MSPDI"
    command = [
        sys.executable,
        "-c",
        _CONVERT,
        str(source.path.resolve()),
        str(target),
        str(JAVA_MEMORY_MEGABYTES),
        wanted,
    ]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=CONVERSION_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            "ingest.mpxj_slow",
            "{file}: the conversion took longer than {seconds} seconds and was stopped. Save the plan as XML in the tool itself, "
            "and load that.",
            file=source.name,
            seconds=CONVERSION_SECONDS,
        ) from error
    if done.returncode or not target.exists():
        said = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise InputError(
            "ingest.mpxj_failed",
            "{file} could not be converted by mpxj ({reason}). Save the plan as XML in the tool itself, and load that.",
            file=source.name,
            reason=said[-1][:200] if said else f"exit {done.returncode}",
        )
    return target
