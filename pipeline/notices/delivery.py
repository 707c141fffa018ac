"""One message to one address, and what is known afterwards: it arrived, it did not, or nobody can tell.

Yes or no is too little to promise "never lost, never twice": robots answer 200 with an error inside, and a connection may break
after the message was handed over. Tokens lie in addresses: nothing here logs one.
"""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from enum import StrEnum
from functools import cache
from typing import Any

from models.words.catalog import msgid
from pipeline.notices.channels import Channel, Security, host_of, robot_request
from pipeline.notices.reach import InternalAddressError, check_connection, internal, internal_address

_GATEWAY_TIMEOUT = 504  # what stands behind the gateway may have taken it
_GRACE_SECONDS = 2.0  # for the thread to come back by its own timeouts before it is left alone

_current = threading.local()


class Fate(StrEnum):
    """What became of a message."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # surely: it may be tried again
    UNKNOWN = "unknown"  # it may have arrived: only a person may send it again


@dataclass(frozen=True)
class Delivery:
    """template, details: why it was not sent, as a sentence; empty when it was. is_unreachable: the server did not answer."""

    fate: Fate
    template: str = ""
    details: dict = field(default_factory=dict)
    is_unreachable: bool = False

    @property
    def reason(self) -> dict | None:
        return {"template": self.template, "details": self.details} if self.template else None


class TooLateError(OSError):
    """Nobody waits for this attempt any more: it must not hand its message over now."""


class _Attempt:
    """How far one attempt has come."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds  # for each answer of the other side
        self.handed_over = False  # from here on the message may arrive
        self.is_late = False
        self.inside: Delivery | None = None  # why its connection was stopped
        self.outcome: Delivery | None = None
        self._lock = threading.Lock()

    def hand_over(self) -> None:
        with self._lock:
            if self.is_late:
                raise TooLateError("too late")
            self.handed_over = True

    def give_up(self) -> bool:
        """True if the message has not been handed over, and now never will be."""
        with self._lock:
            self.is_late = not self.handed_over
            return self.is_late


def deliver(channel: str, address: Mapping[str, str], subject: str, body: str, seconds: float) -> Delivery:
    """Sends one message as plain text and waits at most about `seconds` for it."""
    address = address or {}
    if (inside := internal_address(host_of(channel, address))) is not None:  # before a proxy is asked for it
        return _inside(inside)
    _guard_connections()
    attempt = _Attempt(seconds)

    def run() -> None:
        _current.attempt = attempt
        try:
            if channel == Channel.MAIL:
                attempt.outcome = _mailed(attempt, address, subject, body)
            else:
                attempt.outcome = _posted(attempt, channel, *robot_request(channel, address, subject, body))
        except Exception as error:
            attempt.outcome = _broken(error, attempt.handed_over)

    thread = threading.Thread(target=run, name="notice", daemon=True)
    thread.start()
    thread.join(seconds + _GRACE_SECONDS)
    if thread.is_alive():
        if attempt.give_up():
            return Delivery(Fate.NOT_SENT, _SLOW, {"seconds": round(seconds)}, is_unreachable=True)
        return Delivery(Fate.UNKNOWN, _UNKNOWN, {"reason": f"> {round(seconds)} s"})
    return attempt.inside or attempt.outcome or Delivery(Fate.UNKNOWN, _NO_REASON)


@cache
def _guard_connections() -> None:
    sys.addaudithook(_before_connecting)  # for the life of the process


def _before_connecting(event: str, arguments: tuple) -> None:
    """Stops an attempt whose socket would go inside, whichever library opens it and whatever name or redirect led there."""
    if event == "socket.connect" and (attempt := getattr(_current, "attempt", None)) is not None:
        try:
            check_connection(arguments[1])
        except InternalAddressError:
            attempt.inside = _inside(str(arguments[1][0]))
            raise


def _inside(address: str) -> Delivery:
    error = internal(address)
    return Delivery(Fate.NOT_SENT, error.template, error.details)


# ---- robots and webhooks --------------------------------------------------------------------------------------------


def _posted(attempt: _Attempt, channel: str, url: str, content: dict) -> Delivery:
    import requests  # noqa: PLC0415 - only where something is sent

    logging.getLogger("urllib3").setLevel(logging.INFO)  # below it writes the path of each request, tokens included
    attempt.hand_over()
    try:
        answer = requests.post(
            url, json=content, headers={"User-Agent": "Plimsoll"}, timeout=attempt.seconds, allow_redirects=False
        )
    except requests.RequestException as error:
        return _http_failure(error)
    return _refusal(channel, answer) or Delivery(Fate.SENT)


def _http_failure(error: Exception) -> Delivery:
    import requests  # noqa: PLC0415

    # urllib3 says MaxRetryError when no connection came about: refused, no such name, no certificate it trusts
    before_handing_over = (
        isinstance(error, requests.ConnectTimeout)
        or (
            isinstance(error, requests.ConnectionError)
            and type(error.args[0] if error.args else None).__name__ == "MaxRetryError"
        )
        or not isinstance(error, requests.ConnectionError | requests.Timeout | requests.exceptions.ChunkedEncodingError)
    )
    kind = type(getattr(error.args[0], "reason", None) or error).__name__ if error.args else type(error).__name__
    if before_handing_over:
        return Delivery(Fate.NOT_SENT, _UNREACHABLE, {"reason": kind}, is_unreachable=True)
    return Delivery(Fate.UNKNOWN, _UNKNOWN, {"reason": kind})


def _refusal(channel: str, answer) -> Delivery | None:
    """Why this answer is no yes; None where it is one. Robots say in the body what is wrong, under status 200."""
    # What it says is never shown: an address that a person may type must not read pages for them. A number is not a page.
    if answer.status_code == _GATEWAY_TIMEOUT:
        return Delivery(Fate.UNKNOWN, _UNKNOWN, {"reason": f"HTTP {answer.status_code}"})
    if not 200 <= answer.status_code < 300:
        return Delivery(Fate.NOT_SENT, _ANSWERED, {"answer": f"HTTP {answer.status_code}"})
    if channel in (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU):
        try:
            document = json.loads(answer.text)
            code = next(document[name] for name in ("errcode", "code", "StatusCode") if name in document)
        except (ValueError, TypeError, StopIteration):
            return Delivery(Fate.NOT_SENT, _NO_REASON)  # a proxy's page, not the robot
        if code == 0:
            return None
        return (
            Delivery(Fate.NOT_SENT, _ANSWERED, {"answer": str(code)})
            if isinstance(code, int)
            else Delivery(Fate.NOT_SENT, _NO_REASON)
        )
    if channel == Channel.SLACK and (answer.text or "").strip() != "ok":
        return Delivery(Fate.NOT_SENT, _NO_REASON)
    return None


# ---- mail -----------------------------------------------------------------------------------------------------------


def _mailed(attempt: _Attempt, address: Mapping[str, str], subject: str, body: str) -> Delivery:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, f"Plimsoll <{address['from']}>", address["to"]
    message["Date"], message["Message-ID"] = localtime(), make_msgid(domain=address["from"].rpartition("@")[2])
    message.set_content(body, cte="base64")  # servers that take seven bits only break nothing then
    server: dict[str, Any] = {
        "host": address["server"].strip("[]"),
        "port": int(address["port"]),
        "timeout": attempt.seconds,
    }
    security, context, client = address["security"], ssl.create_default_context(), None
    try:
        client = smtplib.SMTP_SSL(**server, context=context) if security == Security.TLS else smtplib.SMTP(**server)
        if security == Security.STARTTLS:
            client.starttls(context=context)
        if address.get("user") and address.get("password"):
            client.login(address["user"], address["password"])
        attempt.hand_over()
        client.send_message(message)
    except (OSError, smtplib.SMTPException) as error:  # an SMTPException is an OSError; both are named to be plain
        return _mail_failure(error, attempt.handed_over)
    finally:
        if client is not None:
            with suppress(OSError):
                client.putcmd("quit")  # nobody waits for its goodbye: what was taken is taken
            client.close()
    return Delivery(Fate.SENT)


def _mail_failure(error: Exception, handed_over: bool) -> Delivery:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({int(code) for code, _ in error.recipients.values()})
        return Delivery(Fate.NOT_SENT, _ANSWERED, {"answer": ", ".join(f"SMTP {code}" for code in codes)})
    if isinstance(error, smtplib.SMTPResponseException):
        return Delivery(Fate.NOT_SENT, _ANSWERED, {"answer": f"SMTP {error.smtp_code}"})
    if isinstance(error, smtplib.SMTPNotSupportedError):  # the words are smtplib's own
        return Delivery(Fate.NOT_SENT, _ANSWERED, {"answer": str(error)})
    kind = type(error).__name__
    if handed_over:
        return Delivery(Fate.UNKNOWN, _UNKNOWN, {"reason": kind})
    return Delivery(Fate.NOT_SENT, _UNREACHABLE, {"reason": kind}, is_unreachable=True)


def _broken(error: Exception, handed_over: bool) -> Delivery:
    kind = type(error).__name__
    if handed_over and not isinstance(error, TooLateError):
        return Delivery(Fate.UNKNOWN, _UNKNOWN, {"reason": kind})
    return Delivery(Fate.NOT_SENT, _BROKEN, {"kind": kind})


_UNREACHABLE = msgid("The server could not be reached ({reason}). It is tried again by itself.")
_SLOW = msgid("The server did not answer within {seconds} seconds. It is tried again by itself.")
_ANSWERED = msgid("The service did not take it. It answered: {answer}")
_UNKNOWN = msgid(
    "The connection broke after the message was handed over ({reason}): it may have arrived. "
    "Ask the recipient before sending it again."
)
_BROKEN = msgid("The message could not be made ({kind}). The log holds the details.")
_NO_REASON = msgid("The service did not take it, and gave no reason.")
