"""A mail server and a web server of the test's own: they keep what reaches them, and fail as they are told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """What a mail server took. answer: what it says to the next messages; break_off: it drops the line instead."""

    port: int = 0
    answer: str = "250 OK"
    break_off: bool = False
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's own name
        if self.answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.break_off:
            server.transport.abort()
        return self.answer


@contextmanager
def mail_server(port: int = 0) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()


@dataclass
class Hook:
    """What a web server took: {path, body as JSON, headers}. status, answer: what it says; break_off: it drops the line."""

    url: str = ""
    status: int = 200
    answer: str = "ok"
    break_off: bool = False
    requests: list[dict] = field(default_factory=list)


@contextmanager
def web_server() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.requests.append({"path": self.path, "body": json.loads(body), "headers": dict(self.headers)})
            if hook.break_off:
                self.close_connection = True
                return
            self.send_response(hook.status)
            self.end_headers()
            self.wfile.write(hook.answer.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hook.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def text_of(message: EmailMessage) -> str:
    return message.get_content().replace("\r\n", "\n").rstrip("\n")
