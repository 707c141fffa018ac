"""The web server around the dashboard: who may ask at all, and how much may lie in memory of what people upload.

Streamlit itself holds its list of allowed hosts for sockets alone, limits one file and not their number, keeps every upload of a
tab until that tab has gone, and until `st.navigation` has run once takes a folder named `pages` for its older kind of app: the
first deep link on a fresh server would meet a dialog "Page not found" over its page.
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
import socket
from asyncio import base_events
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager

from ui.operations.assets import Assets

ALLOWED_HOSTS = ["127.0.0.1", "localhost"]  # anything wider needs sign-in
_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)$")
_MEGABYTE = 1 << 20
_FORGET_EVERY_SECONDS = 20


class UploadLimits:
    """Refuses an upload with 413 where the files of its tab, or of all tabs, would hold more than so many bytes."""

    def __init__(self, app: ASGIApp, per_tab: int, in_all: int) -> None:
        self._app, self._per_tab, self._in_all = app, per_tab, in_all
        self._coming: dict[tuple[str, str], int] = {}  # (session, file): bytes of uploads under way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _UPLOAD.search(scope.get("path", "")) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"").decode("ascii", "replace")
        if not stated.isdigit():
            await PlainTextResponse("The length of the upload must be stated.", 411)(scope, receive, send)
            return
        session, coming = found["session"], int(stated)
        held, held_in_all = _held(session)
        held += sum(size for (other, _), size in self._coming.items() if other == session)
        held_in_all += sum(self._coming.values())
        if held + coming > self._per_tab or held_in_all + coming > self._in_all:
            text = "Too many uploads are held. Load or remove some first, or load them from the command line."
            await PlainTextResponse(text, 413)(scope, receive, send)
            return
        upload = (session, found["file"])
        self._coming[upload] = coming
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming.pop(upload, None)


def _held(session: str) -> tuple[int, int]:
    """Bytes of uploads that this tab, and all tabs, hold."""
    storage = Runtime.instance()._uploaded_file_mgr.file_storage  # type: ignore[attr-defined]  # private to Streamlit
    sizes = {key: sum(len(file.data) for file in list(files.values())) for key, files in list(storage.items())}
    return sizes.get(session, 0), sum(sizes.values())


def _send_at_once(connection: socket.socket) -> None:
    """The listening socket that Streamlit makes names no protocol: asyncio leaves Nagle's algorithm on for its connections,
    and every small answer of the server waits some 40 ms for the browser's delayed acknowledgment.
    """
    if connection.family in {socket.AF_INET, socket.AF_INET6} and connection.type == socket.SOCK_STREAM:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


base_events._set_nodelay = _send_at_once  # type: ignore[attr-defined]  # private to asyncio
PagesManager.uses_pages_directory = False  # pages are those of st.navigation from the first run on


def _limit(name: str, usual: int) -> int:
    return int(os.environ.get(name) or usual) * _MEGABYTE


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Streamlit keeps a closed tab for two minutes, and then until another one comes: its uploads with it."""

    async def forget() -> None:
        while True:
            await asyncio.sleep(_FORGET_EVERY_SECONDS)
            kept = Runtime.instance()._session_mgr._session_storage  # type: ignore[attr-defined]  # private to Streamlit
            for _session_id, closed in kept._cache.expire():
                closed.session.shutdown()
                closed.session.session_state.clear()  # the loop of the runtime holds on to the last session it served
            gc.collect()

    task = asyncio.create_task(forget())
    yield
    task.cancel()


MIDDLEWARE = (
    Middleware(TrustedHostMiddleware, allowed_hosts=ALLOWED_HOSTS, www_redirect=False),
    Middleware(Assets),
    Middleware(
        UploadLimits,
        per_tab=_limit("PLIMSOLL_UPLOADS_PER_TAB_MB", 400),
        in_all=_limit("PLIMSOLL_UPLOADS_IN_ALL_MB", 1_000),
    ),
)
