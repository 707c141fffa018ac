"""What was asked of builds, kept for whoever asks again in this process: by a plain key, the oldest forgotten first.

An answer is shared, not copied: nobody changes it where it stands. Who asks while it is being found waits for it; a question
that failed is asked anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any


@dataclass
class _Answer:
    finding: Lock = field(default_factory=Lock)
    is_known: bool = False
    value: Any = None


class Answers:
    """At most so many answers, of those that `keeps` lets in. Safe for any number of threads."""

    def __init__(self, most: int, keeps: Callable[[Any], bool] = lambda value: True) -> None:
        self._most, self._keeps = most, keeps
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._choosing = Lock()

    def of(self, key: Hashable, ask: Callable[[], Any]) -> Any:
        """The answer under this key; `ask` finds it where there is none. What `ask` raises is raised, and nothing is kept."""
        with self._choosing:
            answer = self._kept.setdefault(key, _Answer())
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if not answer.is_known:
            with answer.finding:
                if not answer.is_known:
                    value = ask()
                    if not self._keeps(value):
                        return value
                    answer.value, answer.is_known = value, True
        return answer.value


def plain(argument: Any) -> Hashable:
    """What a key holds of an argument: lists and mappings by what is in them."""
    if isinstance(argument, Mapping):
        return tuple((name, plain(value)) for name, value in argument.items())
    return tuple(map(plain, argument)) if isinstance(argument, list | tuple) else argument
