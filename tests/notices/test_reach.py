"""A notice never reaches this machine or its own network, by whatever name, unless the installation names the place."""

from __future__ import annotations

import socket

import pytest

from models.errors import InputError
from pipeline.notices.channels import Channel, checked_address
from pipeline.notices.delivery import Fate, deliver
from pipeline.notices.reach import is_internal
from tests.notices.receivers import mail_server, web_server

PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("PLIMSOLL_NOTICE_INTERNAL_HOSTS", raising=False)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "169.254.169.254", "fe80::1%eth0", "10.1.2.3", "172.16.0.9", "192.168.1.1",
     "fd00::1", "::ffff:127.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_internal_addresses(address: str) -> None:
    assert is_internal(address) and not is_internal(PUBLIC) and not is_internal("2606:4700::1111")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"],
)
def test_such_a_webhook_cannot_be_saved_and_is_not_called(host: str) -> None:
    with web_server() as hook:
        port = hook.url.rpartition(":")[2]
        with pytest.raises(InputError) as error:
            checked_address(Channel.WEBHOOK, {"url": f"http://{host}:{port}/in"})
        assert error.value.code == "notices.internal"
        told = deliver(Channel.WEBHOOK, {"url": f"http://{host}:{port}/in"}, "s", "b", 2)
        assert (told.fate, hook.requests) == (Fate.NOT_SENT, [])
        assert "PLIMSOLL_NOTICE_INTERNAL_HOSTS" in told.template


def test_a_name_that_points_inside_after_it_was_looked_at_is_not_called(monkeypatch) -> None:
    """DNS answers a public address to whoever looks first, and this machine to whoever connects."""
    real, asked = socket.getaddrinfo, []

    def rebinding(host, port, *more, **options):
        if host != "hook.example.com":
            return real(host, port, *more, **options)
        asked.append(host)
        return real(PUBLIC if len(asked) == 1 else "127.0.0.1", port, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with web_server() as hook:
        told = deliver(
            Channel.WEBHOOK, {"url": f"http://hook.example.com:{hook.url.rpartition(':')[2]}/in"}, "s", "b", 2
        )
    assert len(asked) == 2
    assert (told.fate, told.details, hook.requests) == (Fate.NOT_SENT, {"address": "127.0.0.1"}, [])


def test_mail_goes_inside_only_where_the_installation_says_so(monkeypatch) -> None:
    with mail_server() as mailbox:
        address = {"to": "a@example.com", "from": "b@example.com", "server": "127.0.0.1", "port": str(mailbox.port)}
        address |= {"security": "none"}
        assert deliver(Channel.MAIL, address, "s", "b", 2).fate == Fate.NOT_SENT and not mailbox.messages
        monkeypatch.setenv("PLIMSOLL_NOTICE_INTERNAL_HOSTS", "relay.example.com, 127.0.0.0/8")
        assert checked_address(Channel.MAIL, address)["server"] == "127.0.0.1"
        assert deliver(Channel.MAIL, address, "s", "b", 2).fate == Fate.SENT and len(mailbox.messages) == 1


def test_what_the_service_answers_is_never_shown(monkeypatch) -> None:
    monkeypatch.setenv("PLIMSOLL_NOTICE_INTERNAL_HOSTS", "127.0.0.1")
    with web_server() as hook:
        hook.status, hook.answer = 403, "AccessKey=topsecret"
        told = deliver(Channel.WEBHOOK, {"url": f"{hook.url}/in"}, "s", "b", 2)
    assert (told.fate, told.details) == (Fate.NOT_SENT, {"answer": "HTTP 403"})
