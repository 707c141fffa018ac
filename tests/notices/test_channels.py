"""Addresses: what is asked for, what is refused, what is shown of them, and what is made of them. Nothing leaves here."""

from __future__ import annotations

import json
import logging

import pytest

from models.errors import InputError
from models.words.catalog import sentence
from pipeline.notices import FIELDS, Channel, Wanted, add_recipient, edit_recipient, recipients, retire_recipient
from pipeline.notices import delivery as delivery_module
from pipeline.notices.channels import checked_address, masked, robot_request
from pipeline.notices.delivery import Fate, deliver
from pipeline.store import alert_tables, control

ADDRESSES = {
    Channel.MAIL: (
        {
            "to": "li@example.com",
            "from": "pmo@example.com",
            "server": "mail.example.com",
            "user": "a@b",
            "password": "p%41 ss",
        },
        "li@example.com · mail.example.com:587",
    ),
    Channel.WECOM: (
        {"key": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"},
        "••••5aaa",
    ),
    Channel.DINGTALK: (
        {"token": "https://oapi.dingtalk.com/robot/send?access_token=abc123def456", "secret": "SECfedcba"},
        "••••f456",
    ),
    Channel.FEISHU: ({"token": "https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb-cccc"}, "••••cccc"),
    Channel.SLACK: (
        {"url": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"},
        "https://hooks.slack.com/••••",
    ),
    Channel.WEBHOOK: (
        {"url": "https://ops:pw@hook.example.com:8443/in/SECRET?key=SECRET"},
        "https://hook.example.com:8443/••••",
    ),
}


@pytest.mark.parametrize("channel", ADDRESSES)
def test_an_address_is_taken_as_people_paste_it_and_no_secret_is_shown(channel: Channel) -> None:
    fields, shown = ADDRESSES[channel]
    address = checked_address(channel, fields)
    assert masked(channel, address) == shown
    # a secret left blank in the form stays as it was
    blank = {field.name: "" if field.is_secret else fields.get(field.name, "") for field in FIELDS[channel]}
    assert checked_address(channel, blank, before=address) == address


# As the makers describe their robots: developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com (custom robots),
# open.feishu.cn (custom bot guide), api.slack.com/messaging/webhooks.
POSTED = {
    Channel.WECOM: (
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa",
        {"msgtype": "text", "text": {"content": "主题 <a>\r\n■ a & b"}},
    ),
    Channel.DINGTALK: (
        # printf '1796040644784\nSECfedcba' | openssl dgst -sha256 -hmac SECfedcba -binary | base64
        # gives QGAbPoVEMTZh42+hWDPJVis7yztLRbsqAR/bHp0KMQ0=, whose + / = are quoted once
        "https://oapi.dingtalk.com/robot/send?access_token=abc123def456&timestamp=1796040644784"
        "&sign=QGAbPoVEMTZh42%2BhWDPJVis7yztLRbsqAR%2FbHp0KMQ0%3D",
        {"msgtype": "text", "text": {"content": "主题 <a>\r\n■ a & b"}},
    ),
    Channel.FEISHU: (
        "https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb-cccc",
        {"msg_type": "text", "content": {"text": "主题 <a>\r\n■ a & b"}},
    ),
    Channel.SLACK: (
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        {
            "mrkdwn": False,
            "attachments": [
                {"title": "主题 &lt;a&gt;", "text": "■ a &amp; b", "color": "#3AA3E3", "footer": "Plimsoll"}
            ],
        },
    ),
    Channel.WEBHOOK: (
        "https://ops:pw@hook.example.com:8443/in/SECRET?key=SECRET",
        {"version": "1.0", "title": "主题 <a>", "message": "■ a & b", "attachments": [], "type": "info"},
    ),
}


@pytest.mark.parametrize("channel", POSTED)
def test_each_robot_is_posted_what_its_maker_asks_for(channel: Channel, monkeypatch) -> None:
    monkeypatch.setattr("pipeline.notices.channels.time.time", lambda: 1796040644.784)
    address = checked_address(channel, ADDRESSES[channel][0])
    assert robot_request(channel, address, "主题 <a>", "■ a & b") == POSTED[channel]


def test_slack_is_reached_at_slack_whatever_host_was_pasted() -> None:
    address = checked_address(Channel.SLACK, {"url": "https://evil.example.com/services/T1/A1/x?to=all"})
    assert robot_request(Channel.SLACK, address, "s", "b")[0] == "https://hooks.slack.com/services/T1/A1/x"


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_mail_goes_to_the_server_that_was_named_as_the_user_that_was_named(security: str, monkeypatch) -> None:
    said: list[tuple] = []

    class Server:
        def __init__(self, name: str):
            self.name = name

        def __call__(self, **server: object) -> Server:
            context = server.pop("context", None)
            said.append((self.name, server, context is not None and context.check_hostname))
            return self

        def __getattr__(self, step: str):
            return lambda *words, **options: said.append((step, *words))

    for name in ("SMTP", "SMTP_SSL"):
        monkeypatch.setattr(delivery_module.smtplib, name, Server(name))
    # smtp.qq.com is a domain that libraries have opinions on, %41 in a password is no A
    fields = ADDRESSES[Channel.MAIL][0] | {"server": "smtp.qq.com", "security": security}
    assert deliver(Channel.MAIL, checked_address(Channel.MAIL, fields), "主题", "■", 3).fate == Fate.SENT
    port = {"tls": 465, "starttls": 587, "none": 25}[security]
    assert said.pop(0) == (
        "SMTP_SSL" if security == "tls" else "SMTP",
        {"host": "smtp.qq.com", "port": port, "timeout": 3},
        security == "tls",  # certificate and host name are looked at
    )
    assert [step for step, *_ in said] == [
        *(["starttls"] if security == "starttls" else []),
        "login",
        "send_message",
        "putcmd",
        "close",
    ]
    assert ("login", "a@b", "p%41 ss") in said


@pytest.mark.parametrize(
    ("channel", "change"),
    [
        (Channel.MAIL, {"to": ""}),
        (
            Channel.MAIL,
            {"to": "li@example.com, wang@example.com"},
        ),  # of two, one may be refused: that could not be sent again
        (Channel.MAIL, {"to": "li@example.com\r\nBcc: all@example.com"}),
        (Channel.MAIL, {"server": "mail.example.com/x"}),
        (Channel.MAIL, {"port": "70000"}),
        (Channel.MAIL, {"security": "rot13"}),
        (Channel.WECOM, {"key": "has a blank"}),
        (Channel.DINGTALK, {"token": "no-dashes"}),
        (Channel.SLACK, {"url": "https://hooks.slack.com/elsewhere"}),
        (Channel.WEBHOOK, {"url": "file:///etc/passwd"}),
        (Channel.WEBHOOK, {"url": "https://"}),
    ],
)
def test_what_cannot_be_used_is_refused_in_both_languages(channel: Channel, change: dict) -> None:
    with pytest.raises(InputError) as refused:
        checked_address(channel, ADDRESSES[channel][0] | change)
    assert sentence(refused.value.template, None, "zh") != refused.value.template


def test_a_secret_is_in_no_list_no_audit_and_no_log(data_dir, caplog, capsys) -> None:
    caplog.set_level(logging.DEBUG)
    wanted = Wanted(name="robots", channel=Channel.DINGTALK, fields=ADDRESSES[Channel.DINGTALK][0])
    recipient_id = add_recipient(data_dir, wanted, "tester")
    edit_recipient(data_dir, recipient_id, Wanted(name="robot", channel=Channel.DINGTALK, fields={}), "tester")
    with pytest.raises(InputError):
        edit_recipient(
            data_dir, recipient_id, Wanted(name="r", channel=Channel.WECOM, fields={"key": "SEC! def456"}), "tester"
        )
    with control.reading(data_dir) as connection:
        audited = [dict(row) for row in connection.execute(control.audit.select()).mappings()]
        kept = (
            connection.execute(alert_tables.recipients.select().order_by(alert_tables.recipients.c.recipient_id))
            .mappings()
            .all()
        )
    assert kept[-1]["address"] == {"token": "abc123def456", "secret": "SECfedcba"}
    assert [row["action"] for row in audited] == ["recipient added", "recipient edited"]
    said = json.dumps([recipients(data_dir), audited]) + caplog.text + "".join(capsys.readouterr())
    assert "abc123def456" not in said and "SECfedcba" not in said and "SEC!" not in said


def test_the_project_office_is_there_from_the_start_and_one_of_it_stays(data_dir) -> None:
    assert recipients(data_dir) == []  # no folder is made by looking
    control.engine(data_dir)
    [office] = recipients(data_dir)
    assert (office["role"], office["channel"], office["projects"]) == ("project_office", "inbox", [])
    with pytest.raises(InputError, match="its inbox is the record"):
        retire_recipient(data_dir, office["recipient_id"], "tester")
    with pytest.raises(InputError, match="its inbox is the record"):
        edit_recipient(data_dir, office["recipient_id"], Wanted("o", role="project_office", projects=["P1"]), "tester")
    add_recipient(data_dir, Wanted("second office", role="project_office"), "tester")
    with pytest.raises(InputError, match="already"):
        add_recipient(data_dir, Wanted(" second  office "), "tester")
    retire_recipient(data_dir, office["recipient_id"], "tester")
    assert [row["is_active"] for row in recipients(data_dir)] == [1, 0]
