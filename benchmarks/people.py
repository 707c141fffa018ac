"""So many people at work at once, each with a tab: `python -m benchmarks.people PEOPLE [PORT]` against a dashboard that runs.

A person opens the portfolio, then changes page, period or comparison every five seconds (half of it to one and a half, each for
themselves), by Streamlit's own protocol, as a browser speaks it; one in twelve uploads 10,000 issues instead. What is timed is
from the click to the end of the run on the server.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
import urllib.request
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.jira_csv import write_jira_csv
from benchmarks.measuring import REPOSITORY

BETWEEN_CLICKS_SECONDS = 5.0
CLICKS = 12
UPLOADS_ONE_IN = 12
UPLOADED_ROWS = 10_000
QUERIES = ("", "compare=year", "period=week", "lang=en", "lang=zh")


@dataclass
class Seen:
    """Seconds of each click by what it was, and what went wrong."""

    seconds: list[tuple[str, float]] = field(default_factory=list)
    wrong: Counter = field(default_factory=Counter)


class Tab:
    """One person's open page."""

    def __init__(self, socket, base: str, token: str, cookies: str) -> None:
        self._socket, self._base, self._token, self._cookies = socket, base, token, cookies
        self._pages: dict[str, str] = {}  # {address: hash}
        self._session = ""

    @classmethod
    async def opened(cls, port: int) -> Tab:
        from websockets.asyncio.client import connect  # noqa: PLC0415  comes with Streamlit

        base = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{base}/_stcore/health") as answer:
            given = answer.headers.get_all("set-cookie") or []
        cookies = dict(cookie.split(";")[0].split("=", 1) for cookie in given)
        token = cookies.get("_streamlit_xsrf", "none")
        carried = "; ".join(f"{name}={value}" for name, value in cookies.items())
        socket = await connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=["streamlit", token],
            origin=base,
            max_size=None,
            additional_headers={"Cookie": carried},
            compression=None,
            proxy=None,
        )
        return cls(socket, base, token, carried)

    async def run(self, page: str = "", query: str = "") -> float:
        """Seconds until the run of this page has ended on the server. Raises: RuntimeError where the page says so."""
        from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: PLC0415
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: PLC0415

        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_script_hash = self._pages.get(page, "")
        asked.rerun_script.page_name = "" if self._pages else page
        asked.rerun_script.context_info.locale = "en"
        began = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        told = ForwardMsg()
        failed = ""
        while True:
            told.ParseFromString(await asyncio.wait_for(self._socket.recv(), 60))
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self._pages = {known.url_pathname: known.page_script_hash for known in told.navigation.app_pages}
            elif kind == "new_session":
                self._session = told.new_session.initialize.session_id
            elif kind == "delta" and told.delta.new_element.WhichOneof("type") in ("exception", "alert"):
                element = told.delta.new_element
                failed = element.exception.message or (element.alert.body if "rror" in element.alert.body else failed)
            elif kind == "script_finished" and told.script_finished in (0, 2):
                if failed:
                    raise RuntimeError(failed)
                return time.perf_counter() - began

    async def upload(self, content: bytes) -> None:
        """The bytes of one file, to the session of this tab."""

        def put() -> None:
            address = f"{self._base}/_stcore/upload_file/{self._session}/{uuid.uuid4()}"
            boundary = uuid.uuid4().hex
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="issues.csv"\r\n\r\n'.encode()
            )
            request = urllib.request.Request(
                address, data=head + content + f"\r\n--{boundary}--\r\n".encode(), method="PUT"
            )
            request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
            request.add_header("X-Xsrftoken", self._token)
            request.add_header("Cookie", self._cookies)
            urllib.request.urlopen(request, timeout=60).close()

        await asyncio.to_thread(put)

    @property
    def pages(self) -> list[str]:
        return [page for page in self._pages if page not in ("start", "wall")]


async def person(number: int, port: int, content: bytes, seen: Seen) -> None:
    """Opens a tab and works in it; every click is timed or its fault counted."""
    chance = random.Random(number)
    await asyncio.sleep(chance.random() * BETWEEN_CLICKS_SECONDS)
    try:
        tab = await Tab.opened(port)
        seen.seconds.append(("first page", await tab.run()))
    except Exception as error:
        seen.wrong[f"{type(error).__name__}: {error}"] += 1
        return
    for _ in range(CLICKS):
        await asyncio.sleep(BETWEEN_CLICKS_SECONDS * (0.5 + chance.random()))
        try:
            if chance.randrange(UPLOADS_ONE_IN) == 0:
                began = time.perf_counter()
                await tab.upload(content)
                await tab.run("uploads")
                seen.seconds.append(("upload", time.perf_counter() - began))
            else:
                seen.seconds.append(("click", await tab.run(chance.choice(tab.pages), chance.choice(QUERIES))))
        except Exception as error:
            seen.wrong[f"{type(error).__name__}: {error}"] += 1


async def at_work(people: int, port: int) -> Seen:
    """All of them at once."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "issues.csv"
        write_jira_csv(path, UPLOADED_ROWS)
        content = path.read_bytes()
    await asyncio.gather(*(person(number, port, content, seen) for number in range(people)))
    return seen


def lines_of(people: int, port: int) -> list[tuple[str, str]]:
    """Lines of the report."""
    seen = asyncio.run(at_work(people, port))
    found = []
    for what in ("first page", "click", "upload"):
        times = sorted(seconds for kind, seconds in seen.seconds if kind == what)
        if times:
            median, p95 = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
            found.append(
                (
                    f"{people} people, {what} ({len(times)} times)",
                    f"median {median:.2f} s, p95 {p95:.2f} s",
                )
            )
    return [*found, ("errors (0)", json.dumps(dict(seen.wrong), ensure_ascii=False) if seen.wrong else "0")]


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))
    for name, value in lines_of(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8501):
        print(f"{name}: {value}")
