"""The two passes over a network, and the floats between them. Plain lists in topological order: no recursion, no frame.

The passes follow Kelley and Walker, "Critical-Path Planning and Scheduling", 1959, extended by starts, finishes and lags
(Crandall, "Project Planning with Precedence Lead/Lag Factors", 1973).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields

from models.schedule.tasks import Network, grouped
from models.schedule.terms import TaskState, Terms
from models.schedule.working_time import EPSILON

# Where a latest start falls into days off, the start lies a hair before their beginning: less than a second, more than EPSILON.
_A_HAIR = 1e-6


@dataclass(frozen=True, eq=False)
class Passes:
    """Lists per row and knot, positions in the row's own calendar; NaN where it was left out.

    start, finish: early ones; the actual start of started work. resumes: where what is left begins (start, for the rest).
    driver: place of the link that holds the early dates, −1 if none does. reads_as_end: of a milestone, whether it stands at the
    end of a day and not at the beginning of the next. late_start, late_finish, total_float, free_float: working days.
    clock_of: the clock position of the early start or (True) finish of a row. finish_of: {part: that of its last finish}.
    """

    start: list[float]
    resumes: list[float]
    finish: list[float]
    work: list[float]
    driver: list[int]
    reads_as_end: list[bool]
    late_start: list[float]
    late_finish: list[float]
    total_float: list[float]
    free_float: list[float]
    clock_of: Callable[[int, bool], float]
    finish_of: dict[int, float]

    @property
    def project_finish(self) -> float:
        """Of a network of one part; NaN where nothing can be computed."""
        return next(iter(self.finish_of.values()), math.nan)


def early_dates(network: Network, terms: Terms) -> Passes:
    """`passes` without floats; late dates only where they move early ones."""
    run = _Run(network, terms)
    run.forward()
    if any(terms.is_late):
        run.backward(None)
        run.delay_what_comes_late()
    return run.found()


def passes(network: Network, terms: Terms, required_finish: float | None) -> Passes:
    """Both passes. required_finish: clock position from which the backward pass begins; None for the project's own finish."""
    run = _Run(network, terms)
    run.forward()
    run.backward(required_finish)
    run.delay_what_comes_late()
    run.measure_floats()
    return run.found()


class _Run:
    def __init__(self, network: Network, terms: Terms) -> None:
        size, links = network.size, network.links
        self.network, self.terms = network, terms
        self.predecessor = links.predecessor.tolist()
        self.successor = links.successor.tolist()
        self.from_finish = links.from_finish.tolist()
        self.to_finish = links.to_finish.tolist()
        self.lags = terms.lags
        self.is_elapsed = links.is_elapsed.tolist()
        calendar_of = network.calendar_of
        self.part = network.part_of.tolist()
        self.calendar = [network.calendars[place] for place in calendar_of.tolist()]
        # Within one calendar a lag of working days is a sum; any other link goes by the clock.
        same = calendar_of[links.predecessor] == calendar_of[links.successor]
        self.is_sum = (same & ~links.is_elapsed).tolist()
        self.incoming, self.incoming_from = grouped(links.successor, size)
        self.outgoing, self.outgoing_from = grouped(links.predecessor, size)
        self.work = list(terms.work)
        self.start, self.resumes, self.finish = ([math.nan] * size for _ in range(3))
        self.late_start, self.late_finish = [math.nan] * size, [math.nan] * size
        self.total_float, self.free_float = [math.nan] * size, [math.nan] * size
        self.driver = [-1] * size
        self.reads_as_end = [True] * size
        self.finish_of: dict[int, float] = {}

    # Moments on the clock

    def clock_of(self, row: int, at_finish: bool) -> float:
        """The clock position of the early start or finish of `row`."""
        calendar = self.calendar[row]
        position = self.finish[row] if at_finish else self.start[row]
        if self.finish[row] == self.start[row]:
            at_finish = self.reads_as_end[row]
        return calendar.closing(position) if at_finish else calendar.opening(position)

    def _earliest(self, place: int) -> float:
        """The least position that the link allows its end at the successor, in the successor's calendar."""
        predecessor, from_finish = self.predecessor[place], self.from_finish[place]
        if self.is_sum[place]:
            return (self.finish if from_finish else self.start)[predecessor] + self.lags[place]
        clock = self.clock_of(predecessor, from_finish)
        calendar = self.calendar[self.successor[place]]
        if self.is_elapsed[place]:
            return calendar.position(clock + self.lags[place])
        return calendar.position(clock) + self.lags[place]

    def _latest(self, place: int, position: float) -> float:
        """The greatest position of its end at the predecessor with which the successor's end still keeps `position`."""
        if self.is_sum[place]:
            return position - self.lags[place]
        predecessor, successor = self.predecessor[place], self.successor[place]
        if self.is_elapsed[place]:
            clock = self.calendar[successor].opening(position) - self.lags[place]
        else:
            clock = self.calendar[successor].opening(position - self.lags[place])
        calendar = self.calendar[predecessor]
        latest = calendar.position(clock)
        is_milestone = self.finish[predecessor] == self.start[predecessor]
        as_end = self.reads_as_end[predecessor] if is_milestone else self.from_finish[place]
        if not as_end and calendar.opening(latest) > clock + EPSILON:
            return latest - _A_HAIR
        return latest

    # Passes

    def forward(self) -> None:
        terms, incoming, begins = self.terms, self.incoming, self.incoming_from
        for row in self.network.order:
            if terms.states[row] == TaskState.FINISHED:
                self.start[row], self.finish[row] = terms.actual_start[row], terms.actual_finish[row]
                self.resumes[row] = self.finish[row]
                self.reads_as_end[row] = begins[row] < begins[row + 1]
                continue
            work, at, driver = self.work[row], terms.anchor[row], -1
            for place in incoming[begins[row] : begins[row + 1]]:
                position = self._earliest(place)
                if self.to_finish[place]:
                    position -= work
                if position > at + EPSILON or (driver < 0 and position >= at - EPSILON):
                    at, driver = position, place
            if terms.least_finish[row] - work > at + EPSILON:
                at, driver = terms.least_finish[row] - work, -1
            until = terms.buffer_until[row]
            if not math.isnan(until):  # a promised finish: the buffer is what is left until then
                self.work[row] = work = min(max(until - at, 0.0), work)
            self.resumes[row], self.finish[row], self.driver[row] = at, at + work, driver
            is_started = terms.states[row] == TaskState.IN_PROGRESS
            self.start[row] = terms.actual_start[row] if is_started else at
            self.reads_as_end[row] = self._ends_a_day(row)
        self.finish_of = self._finishes()

    def _finishes(self) -> dict[int, float]:
        """{part: the last finish of its work}. Level of effort runs as long as the rest does; alone, it is the work."""
        of_work: dict[int, float] = {}
        of_effort: dict[int, float] = {}
        for row in self.network.order:
            found, part = of_effort if self.terms.is_effort[row] else of_work, self.part[row]
            clock = self.clock_of(row, True)
            if part not in found or clock > found[part]:
                found[part] = clock
        return of_effort | of_work

    def _ends_a_day(self, row: int) -> bool:
        place = self.driver[row]
        if place < 0:
            return self.terms.least_finish[row] > -math.inf
        if self.lags[place] > 0:
            return True
        predecessor = self.predecessor[place]
        if self.finish[predecessor] == self.start[predecessor]:
            return self.reads_as_end[predecessor]
        return self.from_finish[place]

    def backward(self, required_finish: float | None) -> None:
        terms, outgoing, begins = self.terms, self.outgoing, self.outgoing_from
        ends: dict[tuple[int, int], float] = {}  # by part and calendar
        states = terms.states
        for row in reversed(self.network.order):
            if states[row] == TaskState.FINISHED or terms.is_effort[row]:
                self.late_start[row], self.late_finish[row] = self.start[row], self.finish[row]
                continue
            work, part, calendar = self.work[row], self.part[row], self.calendar[row]
            if (part, id(calendar)) not in ends:
                horizon = self.finish_of[part] if required_finish is None else required_finish
                ends[part, id(calendar)] = calendar.position(horizon)
            latest = min(ends[part, id(calendar)], terms.greatest_finish[row])
            if states[row] == TaskState.NOT_STARTED:
                latest = min(latest, terms.greatest_start[row] + work)
            for place in outgoing[begins[row] : begins[row + 1]]:
                if not self._binds(place):
                    continue
                successor = self.successor[place]
                held = self.late_finish[successor] if self.to_finish[place] else self.late_start[successor]
                limit = self._latest(place, held)
                if not self.from_finish[place]:
                    limit += work
                latest = min(latest, limit)
            self.late_finish[row], self.late_start[row] = latest, latest - work

    def _binds(self, place: int) -> bool:
        """Whether anything can still move: finished work waits for nobody, and a start that happened holds nobody up."""
        successor = self.successor[place]
        if self.terms.states[successor] == TaskState.FINISHED or self.terms.is_effort[successor]:
            return False
        return self.from_finish[place] or self.terms.states[self.predecessor[place]] == TaskState.NOT_STARTED

    def delay_what_comes_late(self) -> None:
        """Tasks that come as late as possible take up their free float; the rest stays where it is."""
        for row in reversed(self.network.order):
            if self.terms.is_late[row] and self.terms.states[row] == TaskState.NOT_STARTED:
                room = min(self._room(row), max(self.late_finish[row] - self.finish[row], 0.0))
                if room > EPSILON:
                    self.start[row] += room
                    self.resumes[row] += room
                    self.finish[row] += room
                    self.driver[row] = -1

    def _room(self, row: int) -> float:
        """Working days that `row` can slip while every successor keeps its early dates; 0 at least."""
        # The project's finish binds too: whoever follows only its start says nothing about its finish.
        room = self.calendar[row].position(self.finish_of[self.part[row]]) - self.finish[row]
        for place in self.outgoing[self.outgoing_from[row] : self.outgoing_from[row + 1]]:
            if self._binds(place):
                successor = self.successor[place]
                held = self.finish[successor] if self.to_finish[place] else self.resumes[successor]
                own = self.finish[row] if self.from_finish[place] else self.start[row]
                apart = self._latest(place, held) - own
                if successor >= self.network.tasks.height:  # a knot is no task: what it has to spare is spare
                    apart += self._room(successor)
                room = min(room, apart)
        return max(room, 0.0)

    def measure_floats(self) -> None:
        for row in self.network.order:
            if self.terms.states[row] != TaskState.FINISHED and not self.terms.is_effort[row]:
                self.total_float[row] = self.late_finish[row] - self.finish[row]
                self.free_float[row] = self._room(row)

    def found(self) -> Passes:
        return Passes(**{field.name: getattr(self, field.name) for field in fields(Passes)})
