"""A header by its parts: the name that is known, the separators, unit, zone or word that stand around it.

`creation-date`, `Created At (UTC)`, `#Ticket`, `timeSpent_sec` name columns that are known as `Creation date`, `Created at`,
`Ticket` and `Time spent`. What stands in brackets is no decoration: it says the unit or the zone of the cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import available_timezones

from models.feeds import Kind

_COMPARED = 300  # characters of a name: what is longer is no header, and comparing it would take minutes
_BRACKETS = re.compile(r"[(\[{<【「][^()\[\]{}<>【】「」]*[)\]}>】」]")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_SEPARATORS = re.compile(r"[-_./\\:·•#*+\s]+")
# What people and tools put before a name without changing what it names, beside the name of a tool.
_OWNERS = (
    r"^(?:(?:{tools}work ?item|issue|ticket|bug|defect|story|task|item|fields?)\s+(?=\S)"
    r"|(?:工作项|工单|缺陷|问题|需求|任务|事项)(?=[\u4e00-\u9fff]{{2}}))"
)
_CUSTOM_FIELD = re.compile(
    r"^(?:custom fields?|自定义字段|自定义域|自定义栏位|自訂欄位|自訂字段|自定義欄位|自定義字段|campos? personalizados?|"
    r"campo customizado|campo personalizzato|champs? personnalisés?|"
    r"benutzerdefiniert(?:es feld|e felder)|пользовательск(?:ое поле|ие поля)|"
    r"настраиваем(?:ое поле|ые поля)|дополнительное поле|pol(?:e|a) niestandardowe|pole własne|pole użytkownika|"
    r"カスタム ?フィールド|ユーザー定義フィールド)\s*\((.*)\)$"
)
_AROUND = {
    Kind.INSTANT: re.compile(r"\s*\b(?:date time|datetime|timestamp|date|time|at|on|utc|gmt)$|(?:日期时间|日期|时间)$"),
    Kind.DATE: re.compile(r"\s*\b(?:date time|datetime|timestamp|date|on|utc|gmt)$|(?:日期时间|日期)$"),
    Kind.HOURS: re.compile(
        r"\s*\b(?:in )?(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms|milliseconds?|millis|days?|d|pd|md)$"
        r"|(?:小时|分钟|秒|毫秒|人天|天)$"
    ),
}
_ANY = re.compile(r"\s*\b(?:value|field)$|^(?:the|current)\s+")
_OFFSET = re.compile(r"^(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?$")
_ZONE_WORDS = {
    **dict.fromkeys(("utc", "gmt", "z", "zulu"), "UTC"),
    **dict.fromkeys(("北京时间", "中国标准时间", "beijing time"), "Asia/Shanghai"),
}
# Three letters of a zone that more than one country uses, or that say nothing of summer time.
_UNSURE_ZONE = re.compile(r"^(?:[A-Z]{1,4}T|[A-Z]{2,5}ST|local time|server time)$")


# What an amount of time is counted in, where a header says so.
_HOUR_UNITS = (
    (re.compile(r"人月|person.?month|man.?month"), "person_months"),
    (re.compile(r"人天|人日|工日|天数|\(天\)|person.?day|man.?day|\bdays\b"), "days"),
    (re.compile(r"毫秒|millis|\bms\b"), "milliseconds"),
    (re.compile(r"分钟|\(分\)|minute|\bmins?\b"), "minutes"),
    (re.compile(r"\(秒\)|seconds|\bsecs?\b|\(s\)|\bs$"), "seconds"),
)
_HOURS = re.compile(
    r"小时|小時|(?<![a-z])hours?(?![a-z])|\bhrs?\b|\(h\)|\bh\b|stunden|\bhoras?\b|\bheures?\b|час|godzin|decimal"
)


def normal_header(name: str) -> str:
    """A header as it is compared: NFKC, trimmed, case-folded, one blank between words, none inside brackets or after Σ."""
    return _normal_header(name[:_COMPARED])


@lru_cache(maxsize=16_384)  # the names of our own header sets, compared with every file, are three thousand
def _normal_header(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).replace("\ufeff", "").strip().casefold()
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([(\[{])\s*", lambda match: match.group(1), text)
    text = re.sub(r"\s+([)\]}])", r"\1", text)
    text = re.sub(r"^[σς∑]\s*", "σ", text)
    return text.rstrip(" *:")


def normal_word(text: str) -> str:
    """A word of a cell as it is compared: NFKC, trimmed, case-folded."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def is_roll_up(name: str) -> bool:
    """Σ columns repeat the sum of an issue and its sub-tasks: never the plain column."""
    return normal_header(name).startswith("σ")


def custom_field(name: str) -> str | None:
    """The inner name of `Custom field (Severity)`, in ten languages; None for other headers."""
    match = _CUSTOM_FIELD.match(normal_header(name))
    return match.group(1).strip() if match else None


def unit_of_header(name: str) -> str | None:
    """The unit other than hours that the name of a column of hours says."""
    text = f"{normal_header(name)} {spelled_out(name)}"
    return next((unit for pattern, unit in _HOUR_UNITS if pattern.search(text)), None)


def hour_unit(name: str) -> str | None:
    """The unit, hours included, that the name of a column of hours says."""
    return unit_of_header(name) or ("hours" if _HOURS.search(f"{normal_header(name)} {spelled_out(name)}") else None)


def has_brackets(name: str) -> bool:
    return bool(_BRACKETS.search(unicodedata.normalize("NFKC", name[:_COMPARED])))


def squeezed(name: str) -> str:
    """A name without brackets, separators and blanks, in small letters: `Created At (UTC)` as `createdat`."""
    return spelled_out(name).replace(" ", "")


def spelled_out(name: str) -> str:
    """A name as words with one blank between them: `timeSpent_sec` as `time spent sec`. Brackets are left out."""
    text = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", name[:_COMPARED]))
    return _SEPARATORS.sub(" ", _CAMEL.sub(" ", text)).strip().casefold()


def owners(tools: Iterable[str]) -> re.Pattern[str]:
    """What may stand before a header that is known without it: the name of a tool, the word for an issue."""
    return re.compile(_OWNERS.format(tools="".join(f"{re.escape(tool.casefold())}|" for tool in tools)))


def variants(name: str, owner: re.Pattern[str]) -> list[tuple[str, Kind | None]]:
    """(squeezed name, the kind that a column of this name must have; None for any), the most trusted first."""
    words = spelled_out(name)
    found: dict[tuple[str, Kind | None], None] = {}
    for whole in dict.fromkeys((words, owner.sub("", words), _ANY.sub("", words))):
        found[whole.replace(" ", ""), None] = None
        for kind, pattern in _AROUND.items():
            bare = pattern.sub("", whole).strip()
            if bare and bare != whole:
                found[bare.replace(" ", ""), kind] = None
    return [variant for variant in found if variant[0]]


def zone_of(name: str) -> tuple[str | None, str | None]:
    """(the zone that a header names, the words that look like one and are none that is known)."""
    text = unicodedata.normalize("NFKC", name)
    told = [part[1:-1].strip() for part in _BRACKETS.findall(text)]
    if match := re.search(r"[\s_-](UTC|utc|GMT)$", text.strip()):
        told.append(match[1])
    for word in told:
        if word.casefold() in _ZONE_WORDS:
            return _ZONE_WORDS[word.casefold()], None
        if offset := _OFFSET.match(word.casefold()):
            zone = _zone_at(*offset.groups())
            return zone, None if zone else word
        if "/" in word and word in available_timezones():
            return word, None
        if _UNSURE_ZONE.match(word):
            return None, word
    return None, None


def _zone_at(sign: str, hours: str, minutes: str | None) -> str | None:
    """A zone that keeps this offset all the year; None where the calendar of zones has none (half hours)."""
    if int(minutes or 0):
        return "Asia/Kolkata" if (sign, int(hours), minutes) == ("+", 5, "30") else None
    if not int(hours):
        return "UTC"
    return f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}" if int(hours) <= 12 else None
