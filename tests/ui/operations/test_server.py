"""The web server around the dashboard: foreign host names are refused on plain HTTP too, and uploads are bounded."""

from __future__ import annotations

import asyncio
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from starlette.middleware.trustedhost import TrustedHostMiddleware

import app
from ui.operations import assets, server

MEGABYTE = 1 << 20


def answer(app, path: str, method: str = "GET", **headers: str) -> int:
    """The status that an ASGI app answers with."""
    return answers(app, path, method, **headers)[0]["status"]


def answers(app, path: str, method: str = "GET", **headers: str) -> list[dict]:
    """All that an ASGI app sends. In a thread of its own: a browser test before may have left a loop running."""
    said: list[dict] = []

    async def call() -> None:
        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict) -> None:
            said.append(message)

        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": named, "query_string": b""}
        await app(scope, receive, send)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(call())).result()
    return said


@pytest.fixture
def storage(monkeypatch) -> dict[str, dict]:
    """What Streamlit holds of uploads: {session: {file: record with its data}}."""
    held: dict[str, dict] = {}
    runtime = SimpleNamespace(_uploaded_file_mgr=SimpleNamespace(file_storage=held))
    monkeypatch.setattr(server.Runtime, "instance", lambda: runtime)
    return held


async def taken(_scope, _receive, send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def held(megabytes: int) -> SimpleNamespace:
    return SimpleNamespace(data=bytes(megabytes * MEGABYTE))


def upload(limits, session: str, megabytes: float) -> int:
    return answer(limits, f"/_stcore/upload_file/{session}/new", "PUT", content_length=str(int(megabytes * MEGABYTE)))


def test_uploads_are_bounded_by_tab_and_in_all(storage) -> None:
    """At most 3 MB a tab and 5 MB in all."""
    limits = server.UploadLimits(taken, per_tab=3 * MEGABYTE, in_all=5 * MEGABYTE)
    assert upload(limits, "a", 3) == 204 and upload(limits, "a", 3.1) == 413
    storage["a"] = {"x": held(2)}
    assert upload(limits, "a", 1) == 204 and upload(limits, "a", 1.1) == 413  # 2 + 1 = 3
    assert upload(limits, "b", 3) == 204  # 2 + 3 = 5
    storage["b"] = {"x": held(2)}
    assert upload(limits, "c", 1) == 204 and upload(limits, "c", 1.1) == 413  # 2 + 2 + 1 = 5
    del storage["a"]["x"]
    assert upload(limits, "c", 3) == 204  # 2 + 3 = 5


def test_uploads_under_way_count(storage) -> None:
    """While 2 MB of tab a are still coming, another 2 MB of it would make 4 of its 3."""
    second: list[int] = []

    async def slow(scope, receive, send) -> None:
        async def say(message: dict) -> None:
            second.extend([message["status"]] if message["type"] == "http.response.start" else [])

        await limits(scope | {"path": scope["path"] + "2"}, receive, say)
        await taken(scope, receive, send)

    limits = server.UploadLimits(slow, per_tab=3 * MEGABYTE, in_all=5 * MEGABYTE)
    assert upload(limits, "a", 2) == 204
    assert second == [413] and limits._coming == {}


def test_an_upload_without_a_length_is_refused_and_other_requests_pass(storage) -> None:
    limits = server.UploadLimits(taken, per_tab=1, in_all=1)
    assert answer(limits, "/_stcore/upload_file/a/b", "PUT") == 411
    assert answer(limits, "/_stcore/upload_file/a/b", "DELETE") == 204
    assert answer(limits, "/portfolio") == 204


@pytest.mark.parametrize("host", ["evil.example.com", "evil.example.com:8501", "127.0.0.1.example.com", ""])
def test_foreign_host_names_are_refused(host: str) -> None:
    guarded = TrustedHostMiddleware(taken, allowed_hosts=server.ALLOWED_HOSTS, www_redirect=False)
    assert answer(guarded, "/_stcore/health", host=host) == 400
    assert answer(guarded, "/_stcore/health", host="127.0.0.1:8501") == 204


def test_the_dashboard_is_served_behind_all_of_them() -> None:
    used = {middleware.cls for middleware in app.app._user_middleware}
    assert used == {TrustedHostMiddleware, assets.Assets, server.UploadLimits}


def test_a_hashed_file_is_read_once_and_sent_whole() -> None:
    asked: list[str] = []

    async def files(scope, _receive, send) -> None:
        asked.append(scope["path"])
        status = 404 if "gone" in scope["path"] else 200
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/javascript")]}
        )
        await send({"type": "http.response.body", "body": b"first ", "more_body": True})
        await send({"type": "http.response.body", "body": b"second"})

    kept = assets.Assets(files)
    hashed, gone = "/static/js/index.DormvYxC.js", "/static/js/gone.DormvYxC.js"
    for _ in range(2):
        start, body = answers(kept, hashed)
        assert (start["status"], body["body"]) == (200, b"first second")
        assert answer(kept, gone) == 404
    answers(kept, hashed, if_none_match='"x"')
    answers(kept, "/media/report.csv")
    assert asked == [hashed, gone, gone, hashed, "/media/report.csv"]


def test_a_page_names_what_every_page_wants_and_nothing_else_does() -> None:
    async def page(scope, _receive, send) -> None:
        kind = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/plain"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": b""})

    named = dict(answers(assets.Assets(page), "/")[0]["headers"])[b"link"].decode()
    for part in (*assets.PARTS, assets.ICONS):  # a part that a new Streamlit no longer has would be named in vain
        assert named.count(f"/{part}.") == 1, part
    for file in re.findall(r"<\./static/([^>]+)>", named):
        assert (assets.STATIC / file).is_file()
    assert b"link" not in dict(answers(assets.Assets(page), "/health")[0]["headers"])


def test_small_answers_do_not_wait_for_an_acknowledgment() -> None:
    """The socket is made as Streamlit makes its own: without a protocol."""

    async def connected() -> int:
        listening = socket.socket(socket.AF_INET)
        listening.bind(("127.0.0.1", 0))
        seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def serve(_reader, writer) -> None:
            seen.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(serve, sock=listening):
            _reader, writer = await asyncio.open_connection(*listening.getsockname())
            found = await seen
            writer.close()
        return found

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: asyncio.run(connected())).result() != 0
