"""One message through apprise, and what is known afterwards: it arrived, it did not, or nobody can tell.

Apprise answers yes or no. That is too little to promise "never lost, never twice": robots answer 200 with an error inside, and
a connection may break after the message was handed over. So the two libraries that apprise sends with are watched, inside
apprise's own modules only. Nothing of apprise reaches our logs: it would write tokens there.
"""

from __future__ import annotations

import json
import logging
import smtplib
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import SimpleNamespace
from typing import TYPE_CHECKING

from models.words.catalog import msgid
from pipeline.notices.channels import Channel, apprise_arguments, host_of
from pipeline.notices.reach import InternalAddressError, check_connection, internal, internal_address

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

_GATEWAY_TIMEOUT = 504  # what stands behind the gateway may have taken it
_GRACE_SECONDS = 2.0  # for the thread to come back by its own timeouts before it is left alone

_lock = threading.Lock()
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


class _Watch:
    """What one attempt saw of its connection."""

    def __init__(self, channel: str):
        self.channel = channel
        self.handed_over = False  # from here on the message may arrive
        self.is_late = False
        self.delivery: Delivery | None = None  # the first thing that went wrong
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

    def failed(self, delivery: Delivery) -> None:
        self.delivery = self.delivery or delivery


def deliver(channel: str, address: Mapping[str, str], subject: str, body: str, seconds: float) -> Delivery:
    """Sends one message as plain text and waits at most about `seconds` for it."""
    try:
        notifier = service(channel, address, seconds)
    except Exception as error:
        return Delivery(Fate.NOT_SENT, _BROKEN, {"kind": type(error).__name__})
    if notifier is None:
        return Delivery(Fate.NOT_SENT, _UNUSABLE)
    if (inside := internal_address(host_of(channel, address))) is not None:  # before a proxy is asked for it
        return _inside(inside)
    watch, outcome = _Watch(channel), {}

    def attempt() -> None:
        _current.watch = watch
        try:
            outcome["sent"] = notifier.notify(body=body, title=subject, body_format="text", overflow="upstream")
        except Exception as error:
            watch.failed(_broken(error, watch.handed_over))

    thread = threading.Thread(target=attempt, name="notice", daemon=True)
    thread.start()
    thread.join(seconds + _GRACE_SECONDS)
    if thread.is_alive():
        if watch.give_up():
            return Delivery(Fate.NOT_SENT, _SLOW, {"seconds": round(seconds)}, is_unreachable=True)
        return Delivery(Fate.UNKNOWN, _UNKNOWN, {"reason": f"> {round(seconds)} s"})
    if watch.delivery is not None:
        return watch.delivery
    if outcome.get("sent"):
        return Delivery(Fate.SENT)
    return Delivery(Fate.UNKNOWN if watch.handed_over else Fate.NOT_SENT, _NO_REASON)


def service(channel: str, address: Mapping[str, str], seconds: float) -> NotifyBase | None:
    """Apprise's service for this address, its connections watched; None if apprise does not take the address. Sends nothing."""
    logger = logging.getLogger("apprise")
    logger.propagate, logger.disabled = False, True  # it words its warnings with tokens in them
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - brings requests and every service it knows

    asset = AppriseAsset(app_id="Plimsoll", app_desc="Plimsoll", app_url="", storage_mode="memory", secure_logging=True)
    made = Apprise.instantiate(apprise_arguments(channel, address, seconds), asset=asset)
    if made is not None:
        _watch_connections_of(made)
    return made


# ---- watching -------------------------------------------------------------------------------------------------------


def _before_connecting(event: str, arguments: tuple) -> None:
    """Stops an attempt whose socket would go inside, whichever library opens it and whatever name or redirect led there."""
    if event == "socket.connect" and (watch := getattr(_current, "watch", None)) is not None:
        try:
            check_connection(arguments[1])
        except InternalAddressError:
            watch.failed(_inside(str(arguments[1][0])))
            raise


def _inside(address: str) -> Delivery:
    error = internal(address)
    return Delivery(Fate.NOT_SENT, error.template, error.details)


_is_guarded = False


def _watch_connections_of(notifier: NotifyBase) -> None:
    """Puts the watched clients where the module of this service looks for its libraries; once per module."""
    global _is_guarded  # noqa: PLW0603 - an audit hook stays for the life of the process
    with _lock:
        if not _is_guarded:
            sys.addaudithook(_before_connecting)
            _is_guarded = True
        for owner in type(notifier).__mro__:
            module = sys.modules[owner.__module__]
            requests = getattr(module, "requests", None)
            if requests is not None and not isinstance(requests, _WatchedLibrary):
                module.requests = _WatchedLibrary(
                    requests, post=_watched(requests.post), request=_watched(requests.request)
                )
        mail = sys.modules.get("apprise.plugins.email.smtp")
        if mail is not None and not isinstance(mail.smtplib, _WatchedLibrary):
            mail.smtplib = _WatchedLibrary(smtplib, SMTP=_WatchedSMTP, SMTP_SSL=_WatchedSMTPOverTLS)


class _WatchedLibrary(SimpleNamespace):
    """A library with some of its names replaced."""

    def __init__(self, library: object, **replaced: object):
        super().__init__(**replaced)
        self._library = library

    def __getattr__(self, name: str) -> object:
        return getattr(self._library, name)


def _watched(send: Callable) -> Callable:
    def watched(*arguments: object, **options: object):
        watch: _Watch | None = getattr(_current, "watch", None)
        if watch is None:
            return send(*arguments, **options)
        import requests  # noqa: PLC0415 - apprise has brought it by now

        watch.hand_over()
        try:
            answer = send(*arguments, **options)
        except requests.RequestException as error:
            watch.failed(_http_failure(error))
            raise
        if (refusal := _refusal(watch.channel, answer)) is not None:
            watch.failed(refusal)
        return answer

    return watched


def _http_failure(error: Exception) -> Delivery:
    import requests  # noqa: PLC0415 - apprise has brought it by now

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
            told = json.loads(answer.text)
            code = next(told[name] for name in ("errcode", "code", "StatusCode") if name in told)
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


class _WatchedMail:
    """Mixed into smtplib's clients: says what went wrong, and whether the message was handed over by then."""

    def __init__(self, *arguments: object, **options: object):
        self._seen(super().__init__, *arguments, **options)

    def starttls(self, *arguments: object, **options: object):
        return self._seen(super().starttls, *arguments, **options)

    def login(self, *arguments: object, **options: object):
        return self._seen(super().login, *arguments, **options)

    def sendmail(self, *arguments: object, **options: object):
        watch: _Watch | None = getattr(_current, "watch", None)
        if watch is not None:
            watch.hand_over()
        return self._seen(super().sendmail, *arguments, **options)

    def _seen(self, act: Callable, *arguments: object, **options: object):
        watch: _Watch | None = getattr(_current, "watch", None)
        try:
            return act(*arguments, **options)
        except (OSError, smtplib.SMTPException) as error:  # an SMTPException is an OSError; both are named to be plain
            if watch is not None:
                watch.failed(_mail_failure(error, watch.handed_over))
            raise


class _WatchedSMTP(_WatchedMail, smtplib.SMTP):
    pass


class _WatchedSMTPOverTLS(_WatchedMail, smtplib.SMTP_SSL):
    pass


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
_UNUSABLE = msgid("The address of this recipient cannot be used. Edit the recipient.")
_BROKEN = msgid("The message could not be made ({kind}). The log holds the details.")
_NO_REASON = msgid("The service did not take it, and gave no reason.")
