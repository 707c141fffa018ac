"""The ways a notice can leave, and the plain fields that each of them asks for.

The fields are kept as a person gave them, cleaned. Secrets are masked in everything that shows an address.
"""

from __future__ import annotations

import base64
import hmac
import html
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

from models.errors import InputError
from models.words.catalog import msgid
from models.words.number_tokens import clause
from pipeline.notices.reach import internal, internal_address


class Channel(StrEnum):
    INBOX = "inbox"  # in the dashboard only: nothing leaves this machine
    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    SLACK = "slack"
    WEBHOOK = "webhook"


class Security(StrEnum):
    """How the connection to a mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class Field:
    """One thing a channel asks for. label: msgid."""

    name: str
    label: str
    is_secret: bool = False
    is_needed: bool = True
    choices: tuple[str, ...] = ()


CHANNEL_NAMES: dict[str, str] = {
    Channel.INBOX: msgid("inbox only"),
    Channel.MAIL: msgid("mail"),
    Channel.WECOM: msgid("WeCom robot"),
    Channel.DINGTALK: msgid("DingTalk robot"),
    Channel.FEISHU: msgid("Feishu robot"),
    Channel.SLACK: "Slack",
    Channel.WEBHOOK: msgid("webhook (JSON)"),
}
FIELDS: dict[str, tuple[Field, ...]] = {
    Channel.INBOX: (),
    Channel.MAIL: (
        Field("to", msgid("Mail address of the recipient")),
        Field("from", msgid("Mail address of the sender")),
        Field("server", msgid("Mail server")),
        Field("port", msgid("Port"), is_needed=False),
        Field("security", msgid("Encryption"), choices=tuple(Security)),
        Field("user", msgid("User at the mail server"), is_needed=False),
        Field("password", msgid("Password"), is_secret=True, is_needed=False),
    ),
    Channel.WECOM: (Field("key", msgid("Key of the robot, or its whole address"), is_secret=True),),
    Channel.DINGTALK: (
        Field("token", msgid("Token of the robot, or its whole address"), is_secret=True),
        Field("secret", msgid("Secret for signing (SEC…)"), is_secret=True, is_needed=False),
    ),
    Channel.FEISHU: (Field("token", msgid("Token of the robot, or its whole address"), is_secret=True),),
    Channel.SLACK: (Field("url", msgid("Address of the incoming webhook"), is_secret=True),),
    Channel.WEBHOOK: (Field("url", msgid("Address that takes JSON by POST"), is_secret=True),),
}
# WeCom takes 2,048 bytes, DingTalk and Feishu 20,000; Slack cuts a text at 4,000 characters. Of mail and webhooks: none.
MOST_BYTES = {Channel.WECOM: 2_000, Channel.DINGTALK: 18_000, Channel.FEISHU: 18_000, Channel.SLACK: 3_900}

_MAIL_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}
_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"'()\[\]\\]+@[^\s@<>,;:\"'()\[\]\\]+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_LONGEST = 1_000


def checked_address(channel: str, fields: Mapping[str, object], before: Mapping | None = None) -> dict[str, str]:
    """The fields of this channel, cleaned and looked at; nothing is sent for it.

    before: what the recipient has; a secret left blank stays as it was. Raises: InputError 'notices.*'.
    """
    if channel not in FIELDS:
        raise InputError("notices.channel", "'{channel}' is no way to send a notice.", channel=channel)
    channel, address = Channel(channel), {}
    for field in FIELDS[channel]:
        text = str(fields.get(field.name) or "").strip()
        if not text and field.is_secret and before:
            text = str(before.get(field.name) or "")
        if len(text) > _LONGEST or any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
            raise _wrong(field)
        if text:
            address[field.name] = text
        elif field.is_needed and not field.choices:
            raise InputError("notices.blank", "This is missing: {reason}. Fill it in.", reason=clause(field.label))
    _tidied(channel, address)
    if (inside := internal_address(host_of(channel, address))) is not None:
        raise internal(inside)
    return address


def masked(channel: str, address: Mapping | None) -> str:
    """What may be shown and logged of an address: whom it reaches, never a secret."""
    address = address or {}
    if channel == Channel.INBOX:
        return ""
    if channel == Channel.MAIL:
        return f"{address.get('to', '')} · {address.get('server', '')}:{address.get('port', '')}"
    if channel in (Channel.SLACK, Channel.WEBHOOK):
        parts = urlsplit(str(address.get("url", "")))
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or ''}{port}/••••"
    secret = str(address.get("key") or address.get("token") or "")
    return f"••••{secret[-4:]}" if len(secret) >= 12 else "••••"


def open_fields(channel: str, address: Mapping | None) -> dict[str, str]:
    """The fields that are no secrets, to fill a form with."""
    shown = {field.name for field in FIELDS.get(channel, ()) if not field.is_secret}
    return {name: str(value) for name, value in (address or {}).items() if name in shown}


def host_of(channel: str, address: Mapping) -> str:
    """The machine that a person named for this channel; empty where the service itself says which."""
    if channel == Channel.MAIL:
        return str(address.get("server") or "")
    return urlsplit(str(address.get("url") or "")).hostname or "" if channel == Channel.WEBHOOK else ""


def reached_server(channel: str, address: Mapping) -> str:
    """What must answer for this channel: two recipients of one mail server share it."""
    if channel == Channel.MAIL:
        return f"mail {address.get('server')}:{address.get('port')}"
    if channel == Channel.WEBHOOK:
        return f"webhook {urlsplit(str(address.get('url', ''))).netloc.rpartition('@')[2]}"
    return channel


def robot_request(channel: str, address: Mapping[str, str], subject: str, body: str) -> tuple[str, dict]:
    """Where the message is posted, and the JSON that this robot takes, as its maker describes it."""
    text = f"{subject}\r\n{body}"  # most know no title of their own
    if channel == Channel.WECOM:
        url = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={address['key']}"
        return url, {"msgtype": "text", "text": {"content": text}}
    if channel == Channel.DINGTALK:
        url = f"https://oapi.dingtalk.com/robot/send?access_token={address['token']}"
        if secret := address.get("secret"):
            instant = str(round(time.time() * 1000))
            signed = hmac.digest(secret.encode(), f"{instant}\n{secret}".encode(), "sha256")
            url += "&" + urlencode({"timestamp": instant, "sign": base64.b64encode(signed)})
        return url, {"msgtype": "text", "text": {"content": text}}
    if channel == Channel.FEISHU:
        url = f"https://open.feishu.cn/open-apis/bot/v2/hook/{address['token']}"
        return url, {"msg_type": "text", "content": {"text": text}}
    if channel == Channel.SLACK:
        shown = {"title": html.escape(subject, quote=False), "text": html.escape(body, quote=False)}
        attachment = shown | {"color": "#3AA3E3", "footer": "Plimsoll"}
        url = f"https://hooks.slack.com{urlsplit(address['url']).path}"
        return url, {"mrkdwn": False, "attachments": [attachment]}
    return address["url"], {"version": "1.0", "title": subject, "message": body, "attachments": [], "type": "info"}


def _tidied(channel: Channel, address: dict[str, str]) -> None:
    """Fills what has a usual value, takes keys out of pasted addresses; raises InputError on what cannot be."""
    fields = {field.name: field for field in FIELDS[channel]}
    if channel == Channel.MAIL:
        address.setdefault("security", Security.STARTTLS)
        if address["security"] not in set(Security):
            raise _wrong(fields["security"])
        port = address.setdefault("port", str(_MAIL_PORTS[Security(address["security"])]))
        if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
            raise _wrong(fields["port"])
        if not _HOST.fullmatch(address["server"]):
            raise _wrong(fields["server"])
        for name in ("to", "from"):
            if not _MAIL_ADDRESS.fullmatch(address[name]):
                raise _wrong(fields[name])
    elif channel in (Channel.SLACK, Channel.WEBHOOK):
        try:
            parts = urlsplit(address["url"])
            _ = parts.port
        except ValueError:
            raise _wrong(fields["url"]) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", address["url"]):
            raise _wrong(fields["url"])
        if channel == Channel.SLACK and not re.fullmatch(r"/services(/[A-Za-z0-9]+){3}", parts.path):
            raise _wrong(fields["url"])
    elif channel in (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU):
        name = "key" if channel == Channel.WECOM else "token"
        if "://" in address[name]:
            parts = urlsplit(address[name])
            asked = dict(parse_qsl(parts.query))
            address[name] = asked.get("key") or asked.get("access_token") or parts.path.rstrip("/").rpartition("/")[2]
        written = r"[A-Za-z0-9]+" if channel == Channel.DINGTALK else r"[A-Za-z0-9_-]+"
        for field_name, text in address.items():
            if not re.fullmatch(written, text):
                raise _wrong(fields[field_name])


def _wrong(field: Field) -> InputError:
    return InputError("notices.field", "This cannot be read: {reason}. Look at it again.", reason=clause(field.label))
