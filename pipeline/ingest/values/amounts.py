"""Numbers, money, hours, shares and yes/no as text. Whole columns by polars; what is not plain, per distinct value."""
# ruff: noqa: E501, SIM905 (one line holds all known words of one meaning)

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import polars as pl

# Whole person-days and person-months in hours: 8 hours, 21.75 days (GLOSSARY), unless the column says otherwise.
HOURS_PER_DAY = 8.0
DAYS_PER_MONTH = 21.75


PLAIN = r"^[+-]?(\d+(\.\d*)?|\.\d+)$"
PLAIN_WHOLE = r"^[+-]?\d+$"  # all that is plain where the comma is the decimal mark: there 1.234 is a thousand and more
_ORNAMENTS = re.compile(
    r"(人民币|rmb|cny|usd|eur|gbp|hkd|jpy|chf|brl|pln|rub|us\$|hk\$|r\$|zł|kč|руб\.?|元整|元|圆|[¥¥$€£₽]|[\s\u00a0\u202f\u3000'’_]|円)"
)
_MINUS = re.compile("[−–‐‑]")
_RED = re.compile(r"[(\[]?(红字|红)[)\]]?")  # a red entry where no color survives: it takes back what was booked
_WORDS_OF_TIME = (
    (DAYS_PER_MONTH * HOURS_PER_DAY, "人月 个月 mm person-month person-months"),
    (
        5 * HOURS_PER_DAY,
        "w wk wks week weeks 周 週 个星期 星期 woche wochen sem semana semanas semaine semaines н нед неделя недели недель tydz",
    ),
    (
        HOURS_PER_DAY,
        "d day days 天 人天 人日 工日 日 个工作日 工作日 个工日 md pd tag tage dia dias día días jour jours j д дн день дня дней dzień dni",
    ),
    (
        1.0,
        "h hr hrs hour hours 小时 小時 时 時 时间 時間 个小时 個小時 工时 钟头 std stunde stunden hora horas heure heures ч час часа часов godz godzin",
    ),
    (1 / 60, "m min mins minute minutes 分 分钟 分鐘 minuten minuto minutos м мин минут минуты minut"),
    (1 / 3600, "s sec secs second seconds 秒 秒钟 sek sekunden segundo segundos seconde secondes с сек секунд sekund"),
)
_HOURS_OF = {word: hours for hours, words in _WORDS_OF_TIME for word in words.split()}
_HOURS_PER_UNIT = {
    "milliseconds": 1 / 3_600_000,
    "seconds": 1 / 3600,
    "minutes": 1 / 60,
    "days": HOURS_PER_DAY,
    "person_months": DAYS_PER_MONTH * HOURS_PER_DAY,
}
# Five steps, as risk registers use them (PMI's practice standard for risk management: the middles of fifths).
PROBABILITY_WORDS = {
    "极高": 0.9, "很高": 0.9, "very high": 0.9, "高": 0.7, "high": 0.7, "中": 0.5, "中等": 0.5, "medium": 0.5, "moderate": 0.5,
    "低": 0.3, "low": 0.3, "很低": 0.1, "极低": 0.1, "very low": 0.1,
}  # fmt: skip
PROBABILITY_LEVELS = {1: 0.1, 2: 0.3, 3: 0.5, 4: 0.7, 5: 0.9}
FLAGS = {
    **dict.fromkeys(
        "是 y yes true t 1 已审批 通过 已通过 同意 approved 已批准 有 √ ✓ 审批通过 完成 sí si sim да ja oui x".split(),
        True,
    ),
    **dict.fromkeys(
        "否 n no false f 0 未审批 未通过 不通过 拒绝 rejected 无 × 不同意 待审批 审批中 pending нет nein non não".split(),
        False,
    ),
}


@dataclass
class NumberEvidence:
    """What the numbers of a column show about their decimal mark, and about the scale of shares."""

    comma_decimal: int = 0
    dot_decimal: int = 0
    comma_unsure: int = 0
    plain: int = 0
    percent_signs: int = 0
    largest: float = 0.0
    levels_only: bool = True
    between_0_and_1: int = 0
    ones: int = 0
    above_1: int = 0
    whole_above_1: int = 0
    small_example: str | None = None
    total: int = 0
    readable: int = 0

    def add(self, values: pl.Series) -> None:
        """values: text without nulls, trimmed."""
        self.total += len(values)
        plain = values.str.contains(PLAIN)
        numbers = values.filter(plain).cast(pl.Float64, strict=False)
        self.plain += len(numbers)
        self.readable += len(numbers)
        if len(numbers):
            self.largest = max(self.largest, float(numbers.drop_nulls().abs().to_numpy().max(initial=0.0)))
            small = (numbers > 0) & (numbers < 1)
            if self.small_example is None and small.any():
                self.small_example = f"{numbers.filter(small)[0]:g}"
            self.between_0_and_1 += int(small.sum())
            self.ones += int((numbers == 1).sum())
            self.above_1 += int((numbers > 1).sum())
            self.whole_above_1 += int(((numbers > 1) & (numbers % 1 == 0)).sum())
            self.levels_only &= bool(numbers.is_in([1.0, 2.0, 3.0, 4.0, 5.0]).all())
        self.dot_decimal += int(values.filter(plain).str.contains(r"\.(\d{1,2}|\d{4,})$").sum())
        if len(numbers) == len(values):
            return
        odd = values.filter(~plain).value_counts()
        for text, count in odd.iter_rows():
            self._weigh(bare_number(text), count)

    def _weigh(self, text: str, count: int) -> None:
        if text.endswith("%"):
            self.percent_signs += count
            text = text.rstrip("%")
        body = text.lstrip("+-")
        if re.fullmatch(r"[\d.,]*\d[\d.,]*", body):
            self.readable += count
        if re.search(r",\d{3}\.\d+$|\.\d{1,2}$|\.\d{4,}$|,\d{3},", body):
            self.dot_decimal += count
        elif re.search(r"\.\d{3},\d+$|,\d{1,2}$|,\d{4,}$|\.\d{3}\.", body):
            self.comma_decimal += count
        elif re.search(r",\d{3}$", body):
            self.comma_unsure += count


def bare_number(text: str) -> str:
    """Half-width, without currency, unit and blanks; (1,234) and 1,234- as negatives."""
    text = _MINUS.sub("-", _ORNAMENTS.sub("", unicodedata.normalize("NFKC", text).strip().lower()))
    if "红" in text:
        text = "-" + _RED.sub("", text).lstrip("-")
    if re.fullmatch(r"\(.*\)", text):
        text = "-" + text[1:-1].lstrip("+-")
    if re.fullmatch(r"[\d.,]+-", text):
        text = "-" + text[:-1]
    return text


def number_of(text: str, decimal_comma: bool) -> Decimal | None:
    """A number with ornaments; None when it does not read, NaN and infinities included. A trailing % is left to the caller."""
    body = bare_number(text)
    factor = Decimal(1)
    match = re.fullmatch(r"(.*\d)(万|亿|千|k|m)", body)
    if match:
        body, power = match.group(1), {"万": 4, "亿": 8, "千": 3, "k": 3, "m": 6}[match.group(2)]
        factor = Decimal(10) ** power
    if decimal_comma:
        if not re.fullmatch(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?", body) or not body.strip("+-"):
            return None
        body = body.replace(".", "").replace(",", ".")
    elif "," in body:
        # Thousands in groups of three, or the Chinese and Indian four and two.
        if not re.fullmatch(r"[+-]?\d{1,4}(,\d{2,4})+(\.\d*)?", body) or not re.search(r",\d{3,4}(\.\d*)?$", body):
            return None
        body = body.replace(",", "")
    elif not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", body):
        return None
    try:
        return Decimal(body) * factor
    except InvalidOperation:
        return None


def _is_plain(values: pl.Series, decimal_comma: bool) -> pl.Series:
    return values.str.contains(PLAIN_WHOLE if decimal_comma else PLAIN)


def plain_or_mapped(values: pl.Series, decimal_comma: bool, read, dtype: pl.DataType) -> pl.Series:
    """Plain numbers cast at once; every other distinct value through `read(text)`; null where neither reads."""
    plain = _is_plain(values, decimal_comma)
    result = pl.select(pl.when(plain).then(values)).to_series().cast(dtype, strict=False)
    odd = values.filter(~plain & values.is_not_null())
    if not len(odd):
        return result
    known = {text: number for text in odd.unique().to_list() if (number := read(text)) is not None}
    if not known:
        return result
    texts, numbers = list(known), list(known.values())
    if isinstance(dtype, pl.Decimal):
        mapped_to = pl.Series([format(number, "f") for number in numbers]).cast(dtype, strict=False)
    else:
        mapped_to = pl.Series([float(number) for number in numbers], dtype=pl.Float64)
    table = pl.DataFrame({"text": texts, "number": mapped_to})
    looked_up = pl.DataFrame({"text": values}).join(table, on="text", how="left", maintain_order="left")["number"]
    return pl.select(pl.coalesce(result, looked_up)).to_series()


def money(values: pl.Series, decimal_comma: bool, factor: int = 1) -> tuple[pl.Series, int]:
    """(decimal(18,2), how many had more than two decimals and were rounded half to even)."""
    wide = pl.Decimal(38, 6)
    exact = plain_or_mapped(values, decimal_comma, lambda text: number_of(text, decimal_comma), wide)
    if factor != 1:
        exact = (exact * factor).cast(wide)
    rounded = exact.cast(pl.Decimal(18, 2), strict=False)
    changed = int((rounded.cast(wide) != exact).sum())
    return rounded.alias(values.name), changed


def numbers(values: pl.Series, decimal_comma: bool) -> pl.Series:
    return plain_or_mapped(
        values, decimal_comma, lambda text: number_of(_days_suffix(text), decimal_comma), pl.Float64()
    )


def _days_suffix(text: str) -> str:
    """`5 个工作日`, `5 days`, `5d?` as printed by Microsoft Project, without the unit."""
    return re.sub(r"\s*(个?工作日|天|日|days?|d|edays?|人天|人日)\??$", "", text.strip(), flags=re.IGNORECASE)


def integers(values: pl.Series, decimal_comma: bool) -> pl.Series:
    number = numbers(values, decimal_comma)
    whole = number.is_not_null() & (number == number.floor()) & (number.abs() < 2**53)
    return pl.select(pl.when(whole).then(number)).to_series().cast(pl.Int64, strict=False).alias(values.name)


_PART_OF_TIME = re.compile(r"(\d+(?:[.,]\d+)?|半)\s*([^\W\d_]+)\.?")
_CLOCK = re.compile(r"([+-]?)(\d{1,5}):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?\s*(?:h|std|小时|ч)?\.?")
_MINUTES_AND_SECONDS = re.compile(r"([+-]?)(\d{1,6}):([0-5]\d)(?:[.,]\d+)?\s*(?:m|mins?|minutes?|分|分钟|分鐘)\.?")
_ISO_DURATION = re.compile(r"p(?:(\d+)d)?t?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?")


def hours_of(text: str, decimal_comma: bool, factor: float = 1.0) -> float | None:
    """`8h 30m`, `1h30`, `00:38:20`, `2 人天`, `2 周 3 天 4 小时`, `半天`, `PT8H30M`, `18:25 min`, `7,5`: hours; None when it does not read."""
    body = unicodedata.normalize("NFKC", text).strip().lower()
    if clock := _CLOCK.fullmatch(body):
        sign, whole, minutes, seconds = clock.groups()
        value = int(whole) + int(minutes) / 60 + int(seconds or 0) / 3600
        return -value if sign == "-" else value
    if clock := _MINUTES_AND_SECONDS.fullmatch(body):  # 18:25 min
        value = int(clock[2]) / 60 + int(clock[3]) / 3600
        return -value if clock[1] == "-" else value
    duration = _ISO_DURATION.fullmatch(body)
    if duration and any(duration.groups()):
        days, whole, minutes, seconds = (float(part or 0) for part in duration.groups())
        return days * HOURS_PER_DAY + whole + minutes / 60 + seconds / 3600
    sign = -1.0 if body.startswith(("-", "−")) else 1.0
    spelled = re.sub(r"(\d\s*h)\s*(\d{1,2})$", r"\1 \2m", body.lstrip("+-−"))  # 1h30
    parts = _PART_OF_TIME.findall(spelled)
    if parts and not _PART_OF_TIME.sub("", spelled).strip(" ,、和and."):
        if any(unit not in _HOURS_OF for _, unit in parts):
            return None
        return sign * sum(
            (0.5 if number == "半" else float(number.replace(",", "."))) * _HOURS_OF[unit] for number, unit in parts
        )
    number = number_of(body, decimal_comma)
    return None if number is None else float(number) * factor


def hours(values: pl.Series, decimal_comma: bool, unit: str | None) -> pl.Series:
    factor = _HOURS_PER_UNIT.get(unit or "", 1.0)
    plain = _is_plain(values, decimal_comma)
    read = plain_or_mapped(values, decimal_comma, lambda text: hours_of(text, decimal_comma, factor), pl.Float64())
    return pl.select(pl.when(plain).then(read * factor).otherwise(read)).to_series().alias(values.name)


def shares(
    values: pl.Series, decimal_comma: bool, is_percent: bool, words: dict[str, float] | None = None
) -> pl.Series:
    """0..1. is_percent: plain numbers of this column are percents; a value with a % sign always is."""

    def read(text: str) -> float | None:
        bare = bare_number(text)
        if words and bare in words:
            return words[bare]
        signed = bare.endswith("%")
        number = number_of(bare.rstrip("%"), decimal_comma)
        if number is None:
            return None
        return float(number) / 100 if signed or is_percent else float(number)

    plain = _is_plain(values, decimal_comma)
    result = plain_or_mapped(values, decimal_comma, read, pl.Float64())
    if is_percent:
        result = pl.select(pl.when(plain).then(result / 100).otherwise(result)).to_series()
    return result.alias(values.name)


def flags(values: pl.Series) -> pl.Series:
    words = values.str.to_lowercase()
    return words.replace_strict(FLAGS, default=None, return_dtype=pl.Boolean).alias(values.name)
