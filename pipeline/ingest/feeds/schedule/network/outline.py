"""Which rows of a schedule only sum up the rows below them: by a column that says so, by levels, or by numbers."""
# ruff: noqa: E501 (one line holds all known words of one meaning)

from __future__ import annotations

import re

import polars as pl

from pipeline.ingest.contracts.mapping import Mapping
from pipeline.ingest.dialects.names import normal_header
from pipeline.ingest.values.amounts import FLAGS

_SUMMARY = "Summary | 摘要 | 摘要任务 | 是否摘要 | 是否摘要任务 | Summary task | Is summary | Sammelvorgang | Récapitulative | Resumen | Resumo | Суммарная задача"
_LEVEL = (
    "Outline Level | 大纲级别 | 任务级别 | 层级 | Level | Outline_Level | Gliederungsebene | Niveau hiérarchique | Niveau de plan | "
    "Nivel de esquema | Nível da estrutura de tópicos | Уровень структуры"
)
_NUMBER = (
    "Outline Number | 大纲数字 | Outline_Number | Gliederungsnummer | Numéro hiérarchique | Numéro de plan | Número de esquema | "
    "Número da estrutura de tópicos | Номер в структуре"
)
# Primavera's activities have no outline of their own: its WBS codes name the element that they belong to.
_ELEMENTS = frozenset({"wbs_id", "wbs_short_name", "wbs_path"})
_YES = sorted(word for word, flag in FLAGS.items() if flag)
_DATED = (("forecast_start", "forecast_finish"), ("baseline_start", "baseline_finish"))


def _names(listed: str) -> frozenset[str]:
    return frozenset(normal_header(name) for name in listed.split("|"))


class Outline:
    """Rows are added chunk by chunk, in the order of the file; `summaries` then tells which lines are roll-ups.

    how: by what they were known, for the person who reads it.
    """

    def __init__(self, mapping: Mapping) -> None:
        names = {index: normal_header(name) for index, name in mapping.headers.items() if name}
        by_canonical = {name: index for index, name in sorted(mapping.columns.items(), reverse=True)}
        self._summary = next((index for index, name in names.items() if name in _names(_SUMMARY)), None)
        self._level = next((index for index, name in names.items() if name in _names(_LEVEL)), None)
        number = next((index for index, name in names.items() if name in _names(_NUMBER)), None)
        self._is_outline_number = number is not None
        own = by_canonical.get("wbs_code")
        if own is not None and names.get(own) in _ELEMENTS:
            own = None
        self._number = own if number is None else number
        self._scope = [by_canonical[name] for name in ("project", "status_on") if name in by_canonical]
        self._dates = [
            (by_canonical[start], by_canonical[finish])
            for start, finish in _DATED
            if start in by_canonical and finish in by_canonical
        ]
        self._headers = mapping.headers
        self._rows: list[tuple] = []
        self.how = ""

    @property
    def indices(self) -> list[int]:
        single = [index for index in (self._summary, self._level, self._number) if index is not None]
        return sorted({*single, *self._scope, *(index for pair in self._dates for index in pair)})

    def add(self, chunk: pl.DataFrame) -> None:
        indices = [f"c{index}" for index in self.indices]
        if indices:
            self._rows += chunk.select("source_row", pl.struct(indices).alias("cells")).rows()

    def summaries(self) -> list[int]:
        for index, found in (
            (self._summary, self._flagged),
            (self._level, self._by_level),
            (self._number, self._by_number),
        ):
            if index is None:
                continue
            lines = found()
            if lines is not None:
                self.how = f"'{self._headers[index]}'"
                return lines
        return []

    def members(self, roll_ups: list[int]) -> dict[int, list[int]]:
        """{line of a roll-up: lines of everything below it}, by levels, else by numbers; nothing where the file has neither."""
        above = set(roll_ups)
        found: dict[int, list[int]] = {line: [] for line in roll_ups}
        scopes, lines = self._scopes(), [line for line, _ in self._rows]
        depth = self._depths()
        if depth:
            open_ones: list[int] = []
            for at, line in enumerate(lines):
                while open_ones and (depth[open_ones[-1]] >= depth[at] or scopes[open_ones[-1]] != scopes[at]):
                    open_ones.pop()
                for element in open_ones:
                    found[lines[element]].append(line)
                if line in above:
                    open_ones.append(at)
        elif self._number is not None:
            numbers = list(zip(scopes, self._cells(self._number), strict=True))
            line_of = {key: line for key, line in zip(numbers, lines, strict=True) if line in above}
            for (scope, number), line in zip(numbers, lines, strict=True):
                while number := number.rpartition(".")[0]:
                    if (scope, number) in line_of:
                        found[line_of[scope, number]].append(line)
        return found

    def scopes(self) -> dict[int, tuple]:
        """{line: project and data date it stands in}: within one of them, and only there, a task has its number alone."""
        return dict(zip((line for line, _ in self._rows), self._scopes(), strict=True))

    def _depths(self) -> list[int] | None:
        if self._level is None:
            return None
        levels = [re.fullmatch(r"(\d{1,2})(?:\.0)?", word) for word in self._cells(self._level)]
        return [int(level[1]) for level in levels if level] if levels and all(levels) else None

    def _cells(self, index: int | None) -> list[str]:
        return [(cells[f"c{index}"] or "").strip() for _, cells in self._rows]

    def _flagged(self) -> list[int] | None:
        words = [normal_header(word) for word in self._cells(self._summary)]
        lines = [line for (line, _), word in zip(self._rows, words, strict=True) if word in _YES]
        return lines if any(words) else None

    def _by_level(self) -> list[int] | None:
        """A row is a roll-up when the next one lies deeper: an outline is exported in its order."""
        depth = self._depths()
        if depth is None:
            return None
        scopes = self._scopes()
        return [
            self._rows[at][0]
            for at in range(len(depth) - 1)
            if depth[at + 1] > depth[at] and scopes[at] == scopes[at + 1]
        ]

    def _by_number(self) -> list[int] | None:
        """1.2 sums up 1.2.1 where every row has a number of its own. A WBS code may also name the element that a task belongs
        to: there a roll-up must begin with one of its parts and end with one of them, as roll-ups do."""
        numbers = [(scope, number) for scope, number in zip(self._scopes(), self._cells(self._number), strict=True)]
        if not all(number for _, number in numbers) or len(set(numbers)) < len(numbers):
            return None
        parts: dict[tuple, list[int]] = {}
        for at, (scope, number) in enumerate(numbers):
            above = number
            while above := above.rpartition(".")[0]:
                parts.setdefault((scope, above), []).append(at)
        return [
            self._rows[at][0]
            for at, key in enumerate(numbers)
            if key in parts and (self._is_outline_number or self._spans(at, parts[key]))
        ]

    def _scopes(self) -> list[tuple]:
        return [tuple(cells[f"c{index}"] for index in self._scope) for _, cells in self._rows]

    def _spans(self, at: int, parts: list[int]) -> bool:
        dated = [pair for pair in self._dates if all(self._cell(at, index) for index in pair)]
        if self._dates and not dated:
            return False
        return all(
            self._cell(at, start) in {self._cell(part, start) for part in parts}
            and self._cell(at, finish) in {self._cell(part, finish) for part in parts}
            for start, finish in dated
        )

    def _cell(self, at: int, index: int) -> str:
        return (self._rows[at][1][f"c{index}"] or "").strip()
