"""Work that goes on to its end when its tab is closed.

Streamlit stops a script at its next word to the page once nobody looks at it: between two files, or between loading and asking
for the refresh. So what must not be left half done runs beside the script, and says nothing to the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

Found = TypeVar("Found")
LOOKED_AT_EVERY_SECONDS = 0.2


def carried_through(
    work: Callable[[Callable[..., None]], Found], *, then: Callable[[], None], show: Callable[..., None]
) -> Found:
    """What work(say) returns, or its error. `then` follows it at once, whatever became of it; both read no session.

    say: what the work tells about its progress; the newest is handed on to `show`, which draws it.
    """
    told: list[tuple] = []

    def run() -> Found:
        try:
            return work(lambda *words: told.append(words))
        finally:
            then()

    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="carried_through")
    running = pool.submit(run)
    pool.shutdown(wait=False)  # it ends with its work
    shown = 0
    while not running.done():
        wait([running], LOOKED_AT_EVERY_SECONDS)
        if len(told) > shown:
            shown = len(told)
            show(*told[-1])
    return running.result()
