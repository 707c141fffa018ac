"""Text of any encoding as one run of UTF-8 bytes, or a named error; never mojibake.

In this order: byte order mark, strict UTF-8, GB18030, then a detector. Large files are never held in memory: UTF-8 is
mapped where it lies, anything else is rewritten block by block into a temporary file.
"""

from __future__ import annotations

import codecs
import mmap
import tempfile
from dataclasses import dataclass

import numpy as np
from charset_normalizer import from_bytes

from models.errors import InputError
from pipeline.door.source import SourceFile

BLOCK_BYTES = 8 << 20
DETECTOR_BYTES = 512 << 10  # the detector is slow: half a megabyte around the first foreign byte is plenty
# What spreadsheets and trackers outside China save in, by country. Left to itself the detector takes code pages of DOS.
DETECTED_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "big5", "cp932", "euc_jp", "cp949"]
_EUROPEAN = {"cp1252": "áéíóúñçãõâêôàèùäöüßåøæëïîûœ", "cp1250": "ąćęłńśźżáčďéěíňóřšťúůýžőűăâîșț"}
# A file is called damaged UTF-8 when it holds at least this many sound sequences for each broken place. GB18030 text read
# as UTF-8 gives about one accidental sequence in ten broken ones, so the two cases lie far apart.
SOUND_PER_BROKEN = 2
# Of running Chinese text, first-level characters of GB 2312 and full-width punctuation make up some 95 %; western or
# Cyrillic text forced through GB18030 comes out as rare characters.
COMMON_SHARE = 0.7


@dataclass
class DecodedText:
    """`data` is UTF-8 without byte order mark. `confidence` is 1.0 unless the detector chose the encoding."""

    data: np.ndarray
    encoding: str
    confidence: float = 1.0


def decoded_text(source: SourceFile) -> DecodedText:
    """Raises: InputError naming the line of the first byte that cannot be read, or of a NUL byte."""
    raw = _mapped(source.path.open("rb"))
    encoding, start = _by_mark(raw)
    if encoding is None:
        encoding = _utf16_without_mark(raw)
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


def _utf16_without_mark(raw) -> str | None:
    """UTF-16 without its mark: every other byte of the delimiters and digits is NUL."""
    head = np.frombuffer(raw[: 4096 - 4096 % 2], np.uint8)
    if len(head) < 8 or len(head) % 2:
        return None
    even, odd = (head[0::2] == 0).mean(), (head[1::2] == 0).mean()
    if odd > 0.25 and even < 0.02:
        return "utf-16-le"
    if even > 0.25 and odd < 0.02:
        return "utf-16-be"
    return None


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
            "door.damaged_utf8",
            "{file}, line {line}: the byte {byte} is not valid in UTF-8, while the rest of the file is UTF-8. "
            "{broken} such places were found. Export the file again, or mend that line and save it as UTF-8.",
            file=source.name,
            line=_line_of(raw, place),
            byte=f"0x{raw[place]:02X}",
            broken=broken,
        )
    if _looks_chinese(raw, place):
        return DecodedText(_rewritten(source, raw, 0, "gb18030"), "gb18030")
    detected = _detected(raw, place)
    if detected is not None:
        encoding, confidence = detected
        try:
            return DecodedText(_rewritten(source, raw, 0, encoding), encoding, confidence)
        except InputError:
            pass
    raise InputError(
        "door.unknown_encoding",
        "{file}, line {line}: the byte {byte} fits neither UTF-8 nor GB18030, and no other encoding is certain. "
        "Open the file in the tool it came from and save it as UTF-8.",
        file=source.name,
        line=_line_of(raw, place),
        byte=f"0x{raw[place]:02X}",
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


def _looks_chinese(raw, place: int) -> bool:
    """Whether the text around the first foreign byte reads as common Chinese when taken as GB18030."""
    start = raw.rfind(b"\n", 0, place) + 1
    text = raw[start : start + DETECTOR_BYTES].decode("gb18030", "replace")
    foreign = [character for character in text if ord(character) > 0x7F]
    if not foreign:
        return False
    return sum(map(_is_common_chinese, foreign)) >= COMMON_SHARE * len(foreign)


def _is_common_chinese(character: str) -> bool:
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return code[0] <= 0xA3 or 0xB0 <= code[0] <= 0xD7


def _detected(raw, place: int) -> tuple[str, float] | None:
    start = raw.rfind(b"\n", 0, place) + 1
    sample = raw[start : start + DETECTOR_BYTES]
    best = from_bytes(sample, cp_isolation=DETECTED_ENCODINGS).best()
    if best is None:
        return None
    encoding, text = best.encoding, str(best)
    if encoding in _EUROPEAN:  # the detector cannot tell these two apart; their letters can
        readings = {name: sample.decode(name, "replace") for name in _EUROPEAN}
        likely = {name: sum(map(readings[name].count, letters)) for name, letters in _EUROPEAN.items()}
        encoding = max(_EUROPEAN, key=likely.get)
        text = readings[encoding]
    foreign = [(index, character) for index, character in enumerate(text) if ord(character) > 0x7F]
    letters = sum(
        character.isalpha() and (text[index - 1 : index].isalpha() or text[index + 1 : index + 2].isalpha())
        for index, character in foreign
    )
    # A foreign byte inside a word is a letter of that encoding; one between digits or blanks is damage.
    if not foreign or letters < 0.8 * len(foreign):
        return None
    return encoding, min(0.99, round(1 - best.chaos, 2))


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
                    "door.invalid_bytes",
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
                "door.nul_byte",
                "{file}, line {line}: there is a NUL byte, so the file is damaged or is not text. Export it again.",
                file=source.name,
                line=_line_of(data[: start + place].tobytes(), start + place),
            )


def _line_of(raw, place: int) -> int:
    """The line, counted from 1, on which the byte at `place` lies; CR, LF and CRLF end lines."""
    before = bytes(raw[:place])
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
