"""The web server around the dashboard: foreign host names are refused on plain HTTP too, and uploads are bounded."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from starlette.middleware.trustedhost import TrustedHostMiddleware

import app
from ui.operations import server

MEGABYTE = 1 << 20


def answer(app, path: str, method: str = "GET", **headers: str) -> int:
    """The status that an ASGI app answers with. In a thread of its own: a browser test before may have left a loop running."""
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
    return said[0]["status"]


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


def test_the_dashboard_is_served_behind_both() -> None:
    used = {middleware.cls for middleware in app.app._user_middleware}
    assert used == {TrustedHostMiddleware, server.UploadLimits}
