"""Which encoding a text has that is neither marked nor UTF-8, by how the text reads in each that could be meant.

GB18030 accepts almost any bytes, and so do the code pages of the west, so that a decoder's silence proves nothing. What
does: column names that are known, letters that one language uses, characters that are common in it. Where two readings
are about as good and differ, a person is asked.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes
from charset_normalizer.constant import FREQUENCIES

from pipeline.ingest.dialects import dialects

# What a reading must score to be believed at all, and by how much it must beat the next one that reads differently.
BELIEVED = 0.7
CLEARLY = 0.08
FEWEST_LETTERS = 5  # different foreign ones, before the general detector is asked: of one or two it says anything
POSSIBLE = 0.3  # not believed, but worth showing to the person who is asked
_PROVED = 1.0
BROKEN_SHARE = 0.02  # of the foreign characters: damage, which is named with its line, and not another encoding
# Where little text speaks, the code pages that spreadsheets save in go before those of old mail and old Unix.
_PRIOR = {
    "gb18030": 0.06,
    "cp1252": 0.04,
    "cp1251": 0.02,
    "iso8859_2": -0.1,
    "koi8_r": -0.1,
    "euc_jp": -0.1,
    "cp949": -0.06,
}
_TWINS = (("cp1250", "iso8859_2"), ("cp1251", "koi8_r"))
_FAR = frozenset({"cp949", "cp1253", "cp1254"})  # Korean, Greek, Turkish
_LITTLE_TEXT = 12  # different characters; more of them tell Korean from Chinese by themselves
_HEADER_LINES = 20
_HEADER_WORTH, _MOST_HEADERS = 0.15, 6
_SYMBOLS = frozenset("\u00a0€£§°µ·«»–—‘’“”„…™®©±²³×÷¼½¾¡¿ºª•№")
_MAY_TOUCH = frozenset("\u00a0’‘“”„…™®©ªº°·–—«»€")  # symbols that may stand beside a letter
_COMMON_CHINESE = frozenset(FREQUENCIES["Chinese"])
# The letters beyond a–z that each language writes.
_LETTERS = {
    "Spanish": "áéíóúüñ",
    "Portuguese": "áéíóúâêôãõàçü",
    "German": "äöüß",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Italian": "àèéìíîòóùú",
    "Dutch": "éëïóöü",
    "Nordic": "åäöæøéü",
    "Polish": "ąćęłńóśźż",
    "Czech and Slovak": "áäčďéěíĺľňóôŕřšťúůýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîșțşţ",
    "Slovene and Croatian": "čćđšž",
    "Turkish": "çğıöşüâîû",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
}
_WEST = ("Spanish", "Portuguese", "German", "French", "Italian", "Dutch", "Nordic")
_MIDDLE = ("Polish", "Czech and Slovak", "Hungarian", "Romanian", "Slovene and Croatian", "German")
_LANGUAGES = {
    "cp1252": _WEST,
    "cp1250": _MIDDLE,
    "iso8859_2": _MIDDLE,
    "cp1251": ("Russian", "Ukrainian"),
    "koi8_r": ("Russian",),
    "cp1253": ("Greek",),
    "cp1254": ("Turkish",),
}
_OTHER_LANGUAGE = 0.06  # languages that Plimsoll's own words are not known in speak a little less loudly
_HOME = frozenset({"Spanish", "Portuguese", "German", "French", "Polish", "Russian"})
# Polish softens before a vowel with an i (siedem), never with an accent: an accented letter there is another language's.
_NOT_POLISH = re.compile(r"[ćńśźĆŃŚŹ][aeiouyąęóAEIOUYĄĘÓ]")


@dataclass(frozen=True)
class EncodingCandidate:
    """One encoding and how the sample reads in it. score: 1 is flawless, more where known column names appear."""

    encoding: str
    text: str
    score: float


def readings(sample: bytes) -> list[EncodingCandidate]:
    """Every encoding that could be meant, the likeliest first; of those that read alike only the first."""
    found: dict[str, EncodingCandidate] = {}
    for encoding, plausibility in _CANDIDATES.items():
        decoded = _decoded(sample, encoding)
        if decoded is None:
            continue
        text, broken = decoded
        foreign = [character for character in text if ord(character) > 0x7F and character != "\ufffd"]
        if not foreign:
            continue
        score = plausibility(encoding, text, foreign)
        score += _HEADER_WORTH * min(_known_names(text), _MOST_HEADERS) + _PRIOR.get(encoding, 0)
        score -= broken / len(foreign)
        held = found.get(text)
        if held is None or held.score < score:
            found[text] = EncodingCandidate(encoding, text, score)
    return sorted(_twins_alike(found.values()), key=lambda reading: -reading.score)


def _twins_alike(found: Collection[EncodingCandidate]) -> list[EncodingCandidate]:
    """By a few letters the code page of old Unix is never believed before that of Windows: a person is asked."""
    by_encoding = {reading.encoding: reading for reading in found}
    for windows, unix in _TWINS:
        if windows in by_encoding and unix in by_encoding:
            both = (by_encoding[windows], by_encoding[unix])
            letters = {character for reading in both for character in reading.text if ord(character) > 0x7F}
            if len(letters) < FEWEST_LETTERS and both[1].score > both[0].score:
                by_encoding[windows] = replace(both[0], score=both[1].score)
    return list(by_encoding.values())


def decided(candidates: list[EncodingCandidate]) -> EncodingCandidate | None:
    """The reading that is believed and clearly ahead; None where a person must be asked, or none is believed."""
    believed = _without_far_countries([reading for reading in candidates if reading.score >= BELIEVED])
    if not believed or (len(believed) > 1 and believed[0].score - believed[1].score < CLEARLY):
        return None
    return believed[0]


def _without_far_countries(believed: list[EncodingCandidate]) -> list[EncodingCandidate]:
    """Where little text speaks and reads well as Chinese, languages whose exports are not known here are no rivals.

    A header of five Chinese characters is five rare syllables of Korean, and as good Greek.
    """
    at_home = next((reading for reading in believed if reading.encoding == "gb18030"), None)
    if at_home is None:
        return believed
    letters = {character for character in at_home.text if ord(character) > 0x7F}
    if len(letters) > _LITTLE_TEXT or not all(map(_is_common_gb, letters)):
        return believed
    return [reading for reading in believed if reading.encoding not in _FAR]


def confidence(candidates: list[EncodingCandidate], chosen: EncodingCandidate) -> float:
    """0..1: how well the chosen reading fits and how far the next one lies behind. GB18030 with known columns is proved."""
    if chosen.encoding == "gb18030" and chosen.score >= _PROVED:
        return 1.0
    others = [reading.score for reading in candidates if reading is not chosen]
    ahead = min(1.0, max(0.0, chosen.score - max(others, default=0)) / 0.4)
    return round(min(0.99, min(1.0, chosen.score) * (0.6 + 0.4 * ahead)), 2)


def detected(sample: bytes, encodings: list[str]) -> tuple[str, float] | None:
    """What the general detector says, for languages that are not scored here."""
    best = from_bytes(sample, cp_isolation=encodings).best()
    if best is None or best.encoding == "ascii":
        return None
    text = str(best)
    foreign = [index for index, character in enumerate(text) if ord(character) > 0x7F]
    # A foreign byte inside a word is a letter of that encoding; one between digits or blanks is damage.
    letters = sum(text[index].isalpha() and (text[index - 1 : index + 2].isalpha()) for index in foreign)
    if sum(map(_amiss, _WORDS.findall(text))) > 0.1 * len(foreign):
        return None
    if letters < 0.8 * len(foreign) or len({text[index] for index in foreign}) < FEWEST_LETTERS:
        return None
    return best.encoding, min(0.9, round(1 - best.chaos, 2))


def _decoded(sample: bytes, encoding: str) -> tuple[str, int] | None:
    """(the sample as text, how many places do not decode); None when too many do not. Its end may be cut."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample, False)
    broken = text.count("\ufffd")
    foreign = sum(ord(character) > 0x7F for character in text) if broken else 0
    return None if broken > foreign * BROKEN_SHARE else (text, broken)


def _known_names(text: str) -> int:
    """Known column names with a foreign letter among the first lines: the strongest sign there is."""
    cells: set[str] = set()
    for line in text.splitlines()[:_HEADER_LINES]:
        cells |= {cell.strip(' "\ufeff') for cell in re.split(r"[,;\t|]", line[:20_000])}
    return sum(not cell.isascii() and dialects().is_header(cell) for cell in cells)


def _chinese(encoding: str, text: str, foreign: list[str]) -> float:
    """Share of common characters: first level of GB 2312 or of Big5, and full-width punctuation."""
    common = sum(map(_is_common_gb if encoding == "gb18030" else _is_common_big5, foreign))
    if encoding == "gb18030":  # the letters of pinyin: a Spanish header saved by a Chinese spreadsheet
        common += len(_PINYIN.findall(text))
    frequent = sum(character in _COMMON_CHINESE for character in foreign)
    common -= _caught_in_words(text)
    return common / len(foreign) + 0.2 * min(1.0, 4 * frequent / len(foreign)) - 0.2 * (len(_PINYIN.findall(text)) == 0)


# Chinese, kana or hangul in the middle of a word of small Latin letters: what a letter with an accent turns into.
_CAUGHT = re.compile(r"(?<=[a-z])[\u3041-\u9fff\uac00-\ud7a3\uff61-\uff9f]{1,2}(?=[a-z])")
_PINYIN = re.compile(r"(?<=[a-zA-Z])[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêɑńňǹ]|[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêɑńňǹ](?=[a-z])")


def _caught_in_words(text: str) -> int:
    return sum(map(len, _CAUGHT.findall(text)))


def _is_common_gb(character: str) -> bool:
    """Simplified of the first level, or traditional that Big5 holds in its own first level."""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return "\u4e00" <= character <= "\u9fff" and _is_common_big5(character)
    return code[0] <= 0xA3 or 0xB0 <= code[0] <= 0xD7


def _is_common_big5(character: str) -> bool:
    try:
        code = character.encode("big5")
    except UnicodeEncodeError:
        return False
    return 0xA1 <= code[0] <= 0xC6


def _japanese(_encoding: str, text: str, foreign: list[str]) -> float:
    """Kana, and kanji of the first level of JIS X 0208; half-width kana are what Chinese bytes turn into."""
    kana = sum("\u3041" <= character <= "\u30fe" for character in foreign)
    kanji = sum(map(_is_common_kanji, foreign))
    half = sum("\uff61" <= character <= "\uff9f" for character in foreign)
    share = (kana + kanji - half - _caught_in_words(text)) / len(foreign)
    # Running Japanese is half kana; a name in kanji alone could as well be Chinese.
    return share - (0.2 if kana < 0.1 * len(foreign) else 0)


def _is_common_kanji(character: str) -> bool:
    try:
        code = character.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and (0xA1 <= code[0] <= 0xA3 or 0xB0 <= code[0] <= 0xCF)


def _korean(_encoding: str, text: str, foreign: list[str]) -> float:
    """Hangul of KS X 1001. They end at 0xC8, while Chinese needs the characters after it all the time."""
    hangul = [character for character in foreign if _is_common_hangul(character)]
    return (len(hangul) - _caught_in_words(text)) / len(foreign) + (0.1 if len(set(hangul)) >= 20 else 0)


def _is_common_hangul(character: str) -> bool:
    if not "\uac00" <= character <= "\ud7a3":
        return False
    try:
        return len(character.encode("euc_kr")) == 2  # rarer ones are spelled out in eight
    except UnicodeEncodeError:
        return False


def _alphabetic(encoding: str, text: str, foreign: list[str]) -> float:
    """The share of foreign characters that the best-fitting language of this code page writes, in words as people write."""
    amiss = sum(map(_amiss, _WORDS.findall(text))) + sum(
        _is_stray(text, match.start()) for match in _MARKS.finditer(text)
    )
    judged = [character for character in foreign if character not in _MAY_TOUCH]  # quotes and dashes are alike in all
    if not judged:  # each then stands beside a word, a number or a blank, as in `5 €`
        return 0.85 * len(_PLACED.findall(text)) / len(foreign)
    rare = sum(character in _SYMBOLS for character in judged)
    alone = rare == len(judged)
    best = 0.0
    for language in _LANGUAGES[encoding]:
        letters = _LETTERS[language]
        letters += letters.upper()
        fits = sum(character in letters for character in judged)
        fits += rare if alone else min(rare, 2 * fits + 2)  # ¾ and ¿ keep company with letters
        if language == "Polish":
            fits -= 2 * len(_NOT_POLISH.findall(text))
        best = max(best, fits / len(judged) - (0 if language in _HOME else _OTHER_LANGUAGE))
    return best - amiss / len(judged) - (0.15 if alone else 0)


_PLACED = re.compile(r"(?<=[a-zA-Z0-9 ])[^\x00-\x7f]|[^\x00-\x7f](?=[a-zA-Z0-9 ])")
_WORDS = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(f"[{''.join(sorted(_SYMBOLS - _MAY_TOUCH))}„]")


def _amiss(word: str) -> int:
    """Foreign letters of a word that nobody writes so: small and capital mixed, two alphabets mixed, accents alone."""
    foreign = sum(not letter.isascii() for letter in word)
    if not foreign:
        return 0
    own = len(word) - foreign
    mixed_case = not (word.islower() or word.isupper() or (word[0].isupper() and word[1:].islower()))
    other_alphabet = any("\u0370" <= letter <= "\u04ff" for letter in word)
    return foreign if mixed_case or (other_alphabet and own) or (not other_alphabet and not own and foreign > 1) else 0


def _is_stray(text: str, place: int) -> bool:
    """A symbol in the middle of a word or at its end (Micha³): a letter of another code page. m² and ¿qué? are not."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if text[place] in "¡¿":
        return before.isalpha() or not after.isalpha()
    if text[place] == "„":
        return before.isalnum() or not after.isalnum()
    return before.isalpha() and not (text[place] in "²³" and before == "m")


_CANDIDATES: dict[str, Callable[[str, str, list[str]], float]] = {
    "gb18030": _chinese,
    "big5": _chinese,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
    **dict.fromkeys(_LANGUAGES, _alphabetic),
}
