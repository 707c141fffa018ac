"""The outbox against servers of the test's own: exactly the expected messages, once each, or a reason and a wait."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import threading

import pytest

from models.errors import InputError
from pipeline.notices import (
    Fate,
    Wanted,
    add_recipient,
    edit_recipient,
    give_up,
    inbox,
    mark_read,
    not_sent,
    retire_recipient,
    send_again,
    send_test,
    send_waiting,
    unread,
)
from pipeline.notices import queueing as queueing_module
from pipeline.notices.channels import Channel
from pipeline.notices.delivery import _refusal
from pipeline.notices.wording import fitted
from pipeline.store import control
from tests.databases import on_both_databases
from tests.notices.receivers import free_port, mail_server, text_of, web_server
from tests.notices.test_queueing import NAMES
from tests.notices.told import NOW, alert_row, by_hook, by_mail, event_row, happen, outbox, settings, statuses

pytestmark = on_both_databases


@pytest.fixture(autouse=True)
def _names(monkeypatch) -> None:
    monkeypatch.setattr(queueing_module, "names_of", lambda _data_dir, _build_id: NAMES)
    monkeypatch.setenv("PLIMSOLL_ADDRESS", "https://plimsoll.example.com/")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PLIMSOLL_NOTICE_INTERNAL_HOSTS", "127.0.0.1")  # where the receivers of these tests live


COVERAGE = alert_row(
    cause={"mending": {"template": "{count} projects", "details": {"count": 3}}},  # any sentence of the catalog
    owner="陈工",
)
COST = alert_row("cost", name="cpi", kpi_key="cpi", severity="warning", value=0.9, level=0.95, since_on="2026-10-31")
BOTH = [event_row("cost", severity="warning", value=0.9, level=0.95, kind="recovered", duration_days=23), event_row()]

ENGLISH = """\
Build b-000012, data of 22 Nov 2026. Changes: 2.

■ critical · 医疗影像系统 · line coverage: 76.0\u00a0% (level 80.0\u00a0%) · 22 Nov 2026
New warning, since 8 Nov 2026
To mend it: 3 projects
Owner: 陈工
https://plimsoll.example.com/warnings?lang=en&alert=level%3Atest_coverage%7Cproject%7C%2A%7CP2025-005%7C%2A%7C%2A%7C%2A

● ended · 医疗影像系统 · cost performance index (CPI): 0.90 (level 0.95) · 22 Nov 2026
Recovered after 23 days
https://plimsoll.example.com/warnings?lang=en&alert=cost

All warnings: https://plimsoll.example.com/warnings?lang=en"""

CHINESE = """\
数据版本 b-000012，数据日期 2026年11月22日。变化 2 项。

■ 超限 · 医疗影像系统 · 代码行覆盖率：76.0\u00a0%（阈值 80.0\u00a0%） · 2026年11月22日
新预警，自2026年11月8日起
恢复办法：3 个项目
责任人：陈工
https://plimsoll.example.com/warnings?lang=zh&alert=level%3Atest_coverage%7Cproject%7C%2A%7CP2025-005%7C%2A%7C%2A%7C%2A

● 已结束 · 医疗影像系统 · 成本绩效指数 (CPI)：0.90（阈值 0.95） · 2026年11月22日
已恢复，历时 23 天
https://plimsoll.example.com/warnings?lang=zh&alert=cost

全部预警：https://plimsoll.example.com/warnings?lang=zh"""


def test_mail_and_webhook_get_exactly_the_expected_messages_in_both_languages(data_dir) -> None:
    with mail_server() as mailbox, web_server() as hook:
        by_mail(data_dir, mailbox.port, language="en")
        by_hook(data_dir, f"{hook.url}/in?key=1", language="zh")
        happen(data_dir, *BOTH, alerts=[COVERAGE, COST])
        assert send_waiting(data_dir, settings(), NOW) | {"sent": 0} == dict.fromkeys(
            ("sent", "waiting", "unknown", "failed", "left"), 0
        )
        [mail] = mailbox.messages
        assert mail["Subject"] == "[Plimsoll] critical 1, ended 1 · 医疗影像系统"
        assert (mail["From"], mail["To"]) == ("Plimsoll <plimsoll@example.com>", "chen@example.com")
        assert mail.get_content_type() == "text/plain"
        assert text_of(mail) == ENGLISH
        [posted] = hook.requests
        assert posted["path"] == "/in?key=1"
        assert posted["body"] == {
            "version": "1.0",
            "title": "[Plimsoll] 超限 1、已结束 1 · 医疗影像系统",
            "message": CHINESE,
            "attachments": [],
            "type": "info",
        }
        assert sum(send_waiting(data_dir, settings(), NOW + dt.timedelta(days=9)).values()) == 0
        assert (len(mailbox.messages), len(hook.requests)) == (1, 1)
    assert {notice["body"] for notice in inbox(data_dir)} == {ENGLISH, CHINESE}


def test_a_webhook_is_called_as_the_user_of_its_address_and_no_log_holds_it(data_dir, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with web_server() as hook:
        by_hook(data_dir, f"{hook.url.replace('//', '//ops:p%40w@')}/in/TOKEN?rto=999&key=SECRET")
        happen(data_dir, event_row())
        assert send_waiting(data_dir, settings(), NOW)["sent"] == 1
        [posted] = hook.requests
    assert posted["path"] == "/in/TOKEN?rto=999&key=SECRET"
    # base64 of ops:p@w
    assert (posted["headers"]["Authorization"], posted["headers"]["User-Agent"]) == ("Basic b3BzOnBAdw==", "Plimsoll")
    assert not any(secret in caplog.text for secret in ("TOKEN", "SECRET", "p@w", "p%40w"))


def test_one_change_is_told_in_the_subject(data_dir) -> None:
    happen(data_dir, event_row(value=0.7996), alerts=[alert_row(value=0.7996)])
    # 80 % against 80 % would tell nothing: then both are told exactly
    assert (
        inbox(data_dir)[0]["subject"]
        == "[Plimsoll] ■ 超限 · 医疗影像系统 · 代码行覆盖率：79.96\u00a0%（阈值 80\u00a0%） · 2026年11月22日"
    )


def test_with_the_server_down_nothing_is_lost_and_it_arrives_once(data_dir) -> None:
    port = free_port()
    by_mail(data_dir, port, language="en")
    happen(data_dir, event_row())
    assert send_waiting(data_dir, settings(), NOW)["waiting"] == 1
    [row] = outbox(data_dir)
    assert (row["status"], row["attempts"], row["next_attempt_at"]) == ("waiting", 1, "2026-11-23T06:36:00Z")
    assert row["last_error"]["details"] == {"reason": "ConnectionRefusedError"}
    assert len(inbox(data_dir)) == 2  # the recipient's own and the project office's
    assert [(told["recipient"], told["is_stuck"]) for told in not_sent(data_dir, NOW)] == [("Chen", False)]
    with mail_server(port) as mailbox:
        assert sum(send_waiting(data_dir, settings(), NOW + dt.timedelta(seconds=59)).values()) == 0
        assert send_waiting(data_dir, settings(), NOW + dt.timedelta(minutes=1))["sent"] == 1
        assert sum(send_waiting(data_dir, settings(), NOW + dt.timedelta(days=1)).values()) == 0
        assert len(mailbox.messages) == 1
    assert not_sent(data_dir, NOW) == []


def test_pauses_grow_to_a_day_and_then_it_is_given_up_but_stays_visible(data_dir) -> None:
    by_mail(data_dir, free_port())
    happen(data_dir, event_row())
    now, pauses = NOW, []
    while send_waiting(data_dir, settings(), now)["waiting"]:
        due = dt.datetime.fromisoformat(outbox(data_dir)[0]["next_attempt_at"])
        pauses.append((due - now).total_seconds() / 60)
        now = due
    assert pauses == [1, 5, 15, 60, 180, 720, 1440, 1440]
    assert statuses(data_dir) == ["failed"]
    assert [told["status"] for told in not_sent(data_dir, now)] == ["failed"]
    send_again(data_dir, 1, "tester", now)
    assert send_waiting(data_dir, settings(), now)["waiting"] == 1  # and counts its attempts anew
    give_up(data_dir, 1, "Chen")
    assert outbox(data_dir)[0]["last_error"]["details"] == {"person": "Chen"}


def test_a_refusal_waits_and_a_line_broken_after_handing_over_is_a_persons_to_decide(data_dir) -> None:
    with mail_server() as mailbox:
        by_mail(data_dir, mailbox.port)
        mailbox.answer = "451 come back later"
        happen(data_dir, event_row())
        assert send_waiting(data_dir, settings(), NOW)["waiting"] == 1
        assert outbox(data_dir)[0]["last_error"]["details"] == {"answer": "SMTP 451"}
        mailbox.answer, mailbox.break_off = "250 OK", True
        later = NOW + dt.timedelta(hours=1)
        assert send_waiting(data_dir, settings(), later)["unknown"] == 1
        assert len(mailbox.messages) == 1  # it did arrive: a second one would be one too many
        mailbox.break_off = False
        assert sum(send_waiting(data_dir, settings(), later + dt.timedelta(days=9)).values()) == 0
        [told] = not_sent(data_dir, later)
        assert (told["status"], told["is_stuck"]) == ("sending", True)
        send_again(data_dir, told["outbox_id"], "tester", later)
        assert send_waiting(data_dir, settings(), later)["sent"] == 1
        assert len(mailbox.messages) == 2
    with pytest.raises(InputError, match="was sent meanwhile"):
        send_again(data_dir, 1, "tester", later)


def test_a_web_server_that_fails_waits_and_one_that_breaks_off_does_not(data_dir) -> None:
    with web_server() as hook:
        by_hook(data_dir, hook.url)
        hook.status, hook.answer = 503, "maintenance"
        happen(data_dir, event_row())
        assert send_waiting(data_dir, settings(), NOW)["waiting"] == 1
        assert outbox(data_dir)[0]["last_error"]["details"] == {"answer": "HTTP 503"}
        hook.break_off = True
        assert send_waiting(data_dir, settings(), NOW + dt.timedelta(minutes=1))["unknown"] == 1


def test_a_silent_server_costs_one_timeout_however_many_messages_wait(data_dir) -> None:
    """It takes the connection and says nothing: the first message times out, the second is left for the next time."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        by_mail(data_dir, port, name="first")
        by_mail(data_dir, port, name="second")
        happen(data_dir, event_row())
        began = dt.datetime.now(dt.UTC)
        told = send_waiting(data_dir, settings(notice_seconds=0.3), NOW)
        assert (told["waiting"], told["left"]) == (1, 1)
        assert (dt.datetime.now(dt.UTC) - began).total_seconds() < 3
        assert send_waiting(data_dir, settings(), NOW, at_most_seconds=0)["left"] == 1
    assert statuses(data_dir) == ["waiting", "waiting"]


def test_a_crash_between_marking_and_sending_is_shown_and_never_sent_by_itself(data_dir, monkeypatch) -> None:
    with mail_server() as mailbox:
        by_mail(data_dir, mailbox.port)
        happen(data_dir, event_row())

        class Killed(BaseException):
            pass

        def killed(*_arguments: object, **_options: object):
            assert statuses(data_dir) == ["sending"]  # committed before anything is sent
            raise Killed

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr("pipeline.notices.sending.deliver", killed)
            send_waiting(data_dir, settings(), NOW)
        later = NOW + dt.timedelta(hours=1)
        assert sum(send_waiting(data_dir, settings(), later).values()) == 0
        assert mailbox.messages == []
        assert [told["is_stuck"] for told in not_sent(data_dir, NOW)] == [False]  # it may be under way
        assert [told["is_stuck"] for told in not_sent(data_dir, later)] == [True]
        send_again(data_dir, 1, "tester", later)
        assert send_waiting(data_dir, settings(), later)["sent"] == 1
        assert len(mailbox.messages) == 1


def test_two_senders_at_once_send_it_once(data_dir) -> None:
    with web_server() as hook:
        for number in range(4):
            by_hook(data_dir, f"{hook.url}/{number}", name=f"hook {number}")
        happen(data_dir, event_row())
        senders = [threading.Thread(target=send_waiting, args=(data_dir, settings(), NOW)) for _ in range(3)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert sorted(request["path"] for request in hook.requests) == ["/0", "/1", "/2", "/3"]
    assert set(statuses(data_dir)) == {"sent"}


def test_the_address_as_it_is_now_counts_and_nothing_is_sent_to_the_retired(data_dir) -> None:
    with web_server() as hook:
        moved = by_hook(data_dir, "http://127.0.0.1:1/old", name="moved")
        retired = by_hook(data_dir, f"{hook.url}/retired", name="retired")
        happen(data_dir, event_row())
        edit_recipient(data_dir, moved, Wanted("moved", channel="webhook", fields={"url": f"{hook.url}/new"}), "tester")
        retire_recipient(data_dir, retired, "tester")
        told = send_waiting(data_dir, settings(), NOW)
        assert (told["sent"], told["failed"]) == (1, 1)
        assert [request["path"] for request in hook.requests] == ["/new"]


def test_the_test_button_sends_one_message_and_says_what_came_of_it(data_dir) -> None:
    with web_server() as hook:
        recipient_id = by_hook(data_dir, f"{hook.url}/in", name="<at> all", language="zh")
        assert send_test(data_dir, recipient_id, "tester", settings()).fate == Fate.SENT
        [posted] = hook.requests
        assert posted["body"]["title"] == "[Plimsoll] 测试消息"
        assert posted["body"]["message"] == (
            "这是发给 ‹at› all 的测试消息。预警将以此方式送达：http://127.0.0.1:8501/warnings?lang=zh"
        ).replace("http://127.0.0.1:8501", settings().link_base)
        hook.status = 404
        refused = send_test(data_dir, recipient_id, "tester", settings())
        assert (refused.fate, refused.details) == (Fate.NOT_SENT, {"answer": "HTTP 404"})
    assert send_test(data_dir, recipient_id, "tester", settings()).is_unreachable
    with pytest.raises(InputError, match="nothing is sent"):
        send_test(data_dir, add_recipient(data_dir, Wanted("reader"), "tester"), "tester", settings())
    assert inbox(data_dir) == []
    with control.reading(data_dir) as connection:
        fates = [
            row.details["fate"] for row in connection.execute(control.audit.select()) if row.action == "notice test"
        ]
    assert fates == ["sent", "not_sent", "not_sent"]


class Answer:
    def __init__(self, status_code: int, text: str):
        self.status_code, self.text = status_code, text


@pytest.mark.parametrize(
    ("channel", "status", "text", "fate"),
    [
        (Channel.WECOM, 200, '{"errcode":0,"errmsg":"ok"}', None),
        (Channel.WECOM, 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', Fate.NOT_SENT),
        (Channel.DINGTALK, 200, '{"errcode":310000,"errmsg":"sign not match"}', Fate.NOT_SENT),
        (Channel.FEISHU, 200, '{"StatusCode":0,"StatusMessage":"success"}', None),
        (Channel.FEISHU, 200, '{"code":19024,"msg":"Key Words Not Found"}', Fate.NOT_SENT),
        (Channel.FEISHU, 200, "<html>please log in</html>", Fate.NOT_SENT),  # a proxy in between
        (Channel.SLACK, 200, "ok", None),
        (Channel.WEBHOOK, 204, "", None),
        (Channel.WEBHOOK, 302, "", Fate.NOT_SENT),
        (Channel.WEBHOOK, 504, "", Fate.UNKNOWN),
    ],
)
def test_a_robots_no_is_heard_though_it_comes_as_200(channel: str, status: int, text: str, fate: Fate | None) -> None:
    refusal = _refusal(channel, Answer(status, text))
    assert (refusal and refusal.fate) == fate


def test_a_robots_message_is_cut_between_changes(data_dir) -> None:
    head, item, foot = "头", "条" * 100, "尾"
    body = "\n\n".join([head, *[item] * 9, foot])
    shorter = fitted(body, 1_000, "en")
    # 302 bytes per change with its blank line: three of them and what stands around them fit into 1,000
    assert shorter == "\n\n".join([head, *[item] * 3, "6 more: see the inbox.", foot])
    assert fitted(body, None, "en") == body


def test_read_marks(data_dir) -> None:
    happen(data_dir, event_row())
    [notice] = inbox(data_dir)
    assert unread(data_dir) == {notice["recipient_id"]: 1}
    mark_read(data_dir, [notice["notice_id"]], NOW)
    mark_read(data_dir, [notice["notice_id"]], NOW + dt.timedelta(days=1))
    assert inbox(data_dir)[0]["read_at"] == "2026-11-23T06:35:00Z"
    assert unread(data_dir) == {}
