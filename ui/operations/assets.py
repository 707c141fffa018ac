"""Streamlit's own code on its way to a fresh tab: sixty files, which its server opens anew each time and names one after another.

They carry their content's hash in their names, so what was sent once may be kept in memory, and every part that all pages want
can be named with the page itself.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(st.__file__).parent / "static" / "static"
_HASHED = re.compile(r"^/static/[\w/]+/[\w.-]+\.[\w-]{8}\.(js|css|woff2)$")
# what the frame of every page is drawn with; the browser learns of them only from the first message otherwise
PARTS = (
    *("BidiComponent", "_arrayReduce", "serialization", "recordbatch", "Html", "purify.es"),
    *("rehype-raw", "hastscript", "web-namespaces"),  # marks stand in HTML within markdown
)
ICONS = "MaterialSymbols-Rounded"


class Assets:
    """Middleware. Answers for hashed files from memory once they were sent whole; adds to HTML what to load beside it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[str, tuple[Message, bytes]] = {}
        self._ahead = (b"link", ", ".join(_links()).encode("ascii"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
        elif not _HASHED.match(scope["path"]):
            await self._app(scope, receive, self._naming(send))
        elif any(name in {b"range", b"if-none-match", b"if-modified-since"} for name, _ in scope["headers"]):
            await self._app(scope, receive, send)
        else:
            await self._from_memory(scope, receive, send)

    def _naming(self, send: Send) -> Send:
        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and dict(message["headers"]).get(
                b"content-type", b""
            ).startswith(b"text/html"):
                message = {**message, "headers": [*message["headers"], self._ahead]}
            await send(message)

        return named

    async def _from_memory(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path not in self._kept:
            sent: list[Message] = []

            async def heard(message: Message) -> None:
                sent.append(message)

            await self._app(scope, receive, heard)
            start, body = sent[0], b"".join(message.get("body", b"") for message in sent[1:])
            if start["status"] != 200:
                for message in sent:
                    await send(message)
                return
            self._kept[path] = (start, body)
        start, body = self._kept[path]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _links() -> list[str]:
    scripts = [f"<./static/js/{name}>; rel=modulepreload" for part in PARTS for name in _named("js", part, "js")]
    fonts = _named("media", ICONS, "woff2")
    return [
        *scripts,
        *(f"<./static/media/{name}>; rel=preload; as=font; type=font/woff2; crossorigin" for name in fonts),
    ]


def _named(folder: str, part: str, ending: str) -> list[str]:
    return [path.name for path in STATIC.glob(f"{folder}/{part}.????????.{ending}")]
