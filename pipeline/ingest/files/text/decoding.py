"""Text of any encoding as one run of UTF-8 bytes, or a named error; never mojibake.

In this order: what a person said, byte order mark, UTF-16 by its NUL bytes, strict UTF-8, then how plausibly the text reads
in GB18030 and the code pages of other countries (guessing.py), then a general detector. Where two readings are about as
good, the person is asked. Large files are never held in memory: UTF-8 is mapped where it lies, anything else is rewritten
block by block into a temporary file.
"""

from __future__ import annotations

import codecs
import mmap
import tempfile
from dataclasses import dataclass

import numpy as np

from models.errors import InputError
from pipeline.ingest.files.source import SourceFile, utf16_without_mark
from pipeline.ingest.files.text.guessing import (
    BELIEVED,
    POSSIBLE,
    EncodingCandidate,
    confidence,
    decided,
    detected,
    readings,
)

BLOCK_BYTES = 8 << 20
DETECTOR_BYTES = 512 << 10  # the detector is slow: half a megabyte around the first foreign byte is plenty
# What the general detector may choose from: code pages that are not scored here. It is never to overrule a score: it takes
# Não for Năo.
DETECTED_ENCODINGS = ["cp1255", "cp1256", "cp1257", "cp1258", "cp874"]
ASKED_AMONG = 3  # readings offered to the person who is asked
# A file is called damaged UTF-8 when it holds at least this many sound sequences for each broken place. GB18030 text read
# as UTF-8 gives about one accidental sequence in ten broken ones, so the two cases lie far apart.
SOUND_PER_BROKEN = 2


@dataclass
class DecodedText:
    """`data` is UTF-8 without byte order mark. `confidence` is 1.0 where the bytes prove the encoding, or somebody said it."""

    data: np.ndarray
    encoding: str
    confidence: float = 1.0


def decoded_text(source: SourceFile, said: str | None = None) -> DecodedText:
    """said: the name of a codec that somebody chose.

    Raises: InputError naming the line of the first byte that cannot be read, or of a NUL byte; "ingest.encoding_undecided"
    with the readings to choose from; "ingest.no_such_encoding".
    """
    raw = _mapped(source.path.open("rb"))
    encoding, start = _by_mark(raw)
    if said and not start:
        text = _as_said(source, raw, said)
        _refuse_nul(source, text.data)
        return text
    if encoding is None:
        encoding = utf16_without_mark(raw[:4096])
    if encoding is not None and encoding.startswith("utf-16"):
        text = DecodedText(_rewritten(source, raw, start, encoding), encoding)
    else:
        place = first_invalid_utf8(raw, start)
        if place is None:
            text = DecodedText(np.frombuffer(raw, np.uint8)[start:], "utf-8-sig" if start else "utf-8")
        else:
            text = _other(source, raw, place, marked=start > 0)
    _refuse_nul(source, text.data)
    return text


def _as_said(source: SourceFile, raw, said: str) -> DecodedText:
    try:
        name = codecs.lookup(said).name
        "".encode(name)  # base64 and the like are codecs too, but of bytes
    except LookupError as error:
        raise InputError(
            "ingest.no_such_encoding",
            "{file}: there is no encoding named {encoding}. Among those there are: utf-8, gb18030, big5, shift_jis, cp1250, "
            "cp1251, cp1252.",
            file=source.name,
            encoding=said,
        ) from error
    name = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}.get(name, name)  # what Windows means by them
    return DecodedText(_rewritten(source, raw, 0, name), name)


def _mapped(stream) -> mmap.mmap | bytes:
    try:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped
        return b""
    finally:
        stream.close()


def _by_mark(raw) -> tuple[str | None, int]:
    head = raw[:4]
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", 3
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    return None, 0


def first_invalid_utf8(raw, start: int = 0) -> int | None:
    """Offset of the first byte that strict UTF-8 refuses; None when all of it is sound."""
    position, size = start, len(raw)
    while position < size:
        block = raw[position : position + BLOCK_BYTES]
        try:
            _, used = codecs.utf_8_decode(block, "strict", position + len(block) >= size)
        except UnicodeDecodeError as error:
            return position + error.start
        position += used or len(block)
    return None


def _other(source: SourceFile, raw, place: int, marked: bool) -> DecodedText:
    sound, broken = _utf8_evidence(raw)
    if marked or sound >= SOUND_PER_BROKEN * broken:
        raise InputError(
            "ingest.damaged_utf8",
            "{file}, line {line}: the byte {byte} is not valid in UTF-8, while the rest of the file is UTF-8. "
            "{broken} such places were found. Export the file again, or mend that line and save it as UTF-8.",
            file=source.name,
            line=_line_of(raw, place),
            byte=f"0x{raw[place]:02X}",
            broken=broken,
        )
    chosen = _guessed(source, raw, place)
    if chosen is not None:
        return chosen
    raise InputError(
        "ingest.unknown_encoding",
        "{file}, line {line}: the byte {byte} fits neither UTF-8 nor GB18030, and no other encoding is certain. "
        "Open the file in the tool it came from and save it as UTF-8.",
        file=source.name,
        line=_line_of(raw, place),
        byte=f"0x{raw[place]:02X}",
    )


def _guessed(source: SourceFile, raw, place: int) -> DecodedText | None:
    """By the text from the line of the first foreign byte on. A reading that fails further on is said with its line."""
    start = raw.rfind(b"\n", 0, place) + 1
    sample = raw[start : start + DETECTOR_BYTES]
    candidates = readings(sample)
    chosen = decided(candidates)
    if chosen is not None:
        return DecodedText(_rewritten(source, raw, 0, chosen.encoding), chosen.encoding, confidence(candidates, chosen))
    believed = [reading for reading in candidates if reading.score >= BELIEVED]
    possible = believed or [reading for reading in candidates if reading.score >= POSSIBLE]
    if possible:
        raise _undecided(source, sample, possible[:ASKED_AMONG])
    found = detected(sample, DETECTED_ENCODINGS)
    if found is None:
        return None
    try:
        return DecodedText(_rewritten(source, raw, 0, found[0]), *found)
    except InputError:
        return None


def _undecided(source: SourceFile, sample: bytes, believed: list[EncodingCandidate]) -> InputError:
    """Asks with a line in which the readings differ, as each of them reads."""
    lines = [reading.text.splitlines() for reading in believed]
    differing = next((several for several in zip(*lines, strict=False) if len(set(several)) == len(several)), None)
    shown = [line[:120] for line in differing] if differing else [reading.text[:120] for reading in believed]
    choices = [{"encoding": candidate.encoding, "text": text} for candidate, text in zip(believed, shown, strict=True)]
    return InputError(
        "ingest.encoding_undecided",
        "{file}: the text reads about as well as {choices}. Say which with --encoding, or choose it on the upload page.",
        file=source.name,
        choices="; ".join(f"{choice['encoding']}: {choice['text']}" for choice in choices),
        questions=[{"code": "encoding", "choices": choices}],
    )


def _utf8_evidence(raw) -> tuple[int, int]:
    """(sound multi-byte sequences, broken places), over the whole file."""
    sound = broken = position = 0
    size = len(raw)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while position < size:
        block = raw[position : position + BLOCK_BYTES]
        position += len(block)
        points = np.frombuffer(decoder.decode(block, position >= size).encode("utf-32-le"), np.uint32)
        bad = int((points == 0xFFFD).sum())
        broken += bad
        sound += int((points > 0x7F).sum()) - bad
    return sound, broken


def _rewritten(source: SourceFile, raw, start: int, encoding: str) -> np.ndarray:
    """The text as UTF-8 in a temporary file that vanishes with the mapping."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    position, size = start, len(raw)
    with tempfile.TemporaryFile(prefix="plimsoll-") as stream:
        while position < size:
            block = raw[position : position + BLOCK_BYTES]
            try:
                stream.write(decoder.decode(block, position + len(block) >= size).encode("utf-8"))
            except (UnicodeDecodeError, UnicodeEncodeError) as error:
                place = min(position + error.start, size - 1)
                raise InputError(
                    "ingest.invalid_bytes",
                    "{file}, line {line}: the byte {byte} is not valid in {encoding}. "
                    "Export the file again, or save it as UTF-8.",
                    file=source.name,
                    line=_line_of(raw, place),
                    byte=f"0x{raw[place]:02X}",
                    encoding=encoding,
                ) from error
            position += len(block)
        stream.flush()
        if stream.tell() == 0:
            return np.empty(0, np.uint8)
        return np.frombuffer(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)


def _refuse_nul(source: SourceFile, data: np.ndarray) -> None:
    for start in range(0, len(data), BLOCK_BYTES):
        block = data[start : start + BLOCK_BYTES].tobytes()
        place = block.find(b"\0")
        if place >= 0:
            raise InputError(
                "ingest.nul_byte",
                "{file}, line {line}: there is a NUL byte, so the file is damaged or is not text. Export it again.",
                file=source.name,
                line=_line_of(data[: start + place].tobytes(), start + place),
            )


def _line_of(raw, place: int) -> int:
    """The line, counted from 1, on which the byte at `place` lies; CR, LF and CRLF end lines."""
    before = bytes(raw[:place])
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
