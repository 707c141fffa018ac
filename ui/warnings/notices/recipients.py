"""Recipients on screen: who is told of what and how it reaches them, and the form that adds, changes, tests or retires one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from models.alerts.vocabulary import AlertLevel, RecipientRole
from models.alerts.words import role_word, severity_word
from models.document import Row
from ui.shell import boxes
from ui.shell.tables import table, text
from ui.shell.wording import LANGUAGES, _, language, listed, safe, spoken

_NEW = 0
_INBOX = "inbox"
_SEVERITIES = (AlertLevel.WARNING.value, AlertLevel.CRITICAL.value)
_SECURITY_LABELS = {"none": "–", "starttls": "STARTTLS", "tls": "TLS"}


@dataclass(frozen=True)
class Channels:
    """What pipeline offers: names {channel: word}, fields {channel: what it asks for}, and what the first recipient is called."""

    names: Mapping[str, str]
    fields: Mapping[str, Sequence]
    default_name: str

    def word(self, channel: str) -> str:
        return spoken(self.names.get(channel, channel))

    def name(self, recipient: str) -> str:
        return role_word(RecipientRole.PROJECT_OFFICE, language()) if recipient == self.default_name else recipient


@dataclass(frozen=True)
class RecipientSubmission:
    """What somebody wants: save (wanted), test, retire or restore; of recipient_id, None for a new one."""

    act: str
    person: str
    recipient_id: int | None = None
    wanted: Row | None = None


def recipients(rows: Sequence[Mapping], channels: Channels, projects: Mapping[str, str]) -> None:
    """One row per recipient; addresses are masked."""
    shown = language()
    table(
        rows,
        {
            "name": text(_("Recipient"), lambda row: channels.name(row["name"]) + _mark(row), width=130),
            "role": text(_("Role"), lambda row: role_word(row["role"], shown), width=110),
            "projects": text(
                _("Projects"),
                lambda row: listed(projects.get(key, key) for key in row["projects"]) or _("All"),
                width=140,
            ),
            "sites": text(_("Site"), lambda row: listed(row["sites"]) or _("All"), width=70),
            "severity": text(_("Told of"), lambda row: _from_severity(row["least_severity"]), width=95),
            "channel": text(_("Way"), lambda row: channels.word(row["channel"]), width=100),
            "address": text(_("Address"), lambda row: row["shown"], width=185),
            "language": text(_("Language"), lambda row: LANGUAGES[row["language"]].name, width=85),
        },
        key="notices_recipients",
    )


def form(rows: Sequence[Mapping], channels: Channels, projects: Mapping[str, str]) -> RecipientSubmission | None:
    """Chooses a recipient, or a new one, and everything about it. Secrets are never filled in: left blank they stay."""
    by_id = {row["recipient_id"]: row for row in rows}
    labels = {_NEW: _("a new recipient")} | {key: channels.name(row["name"]) for key, row in by_id.items()}
    with st.container(border=True):
        chosen = boxes.selectbox(_("Add or change"), labels, key="notices_chosen")
        row = by_id.get(chosen, {})
        place = (
            f"{chosen}_{row.get('edited_at', len(rows))}"  # once saved, the fields begin anew: no secret stays in them
        )
        who = _person_fields(row, place)
        scope = _scope_fields(row, place, projects)
        ways = {channel: channels.word(channel) for channel in channels.names}
        index = list(ways).index(row.get("channel", _INBOX))
        channel = boxes.selectbox(_("Way"), ways, index=index, key=f"notices_channel_{place}")
        kept = row.get("fields", {}) if row.get("channel") == channel else None
        fields = _address_fields(channels.fields[channel], kept, f"{place}_{channel}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            person = st.text_input(_("Changed by"), key="notices_person", max_chars=100)
            act = _buttons(row)
    if act is None:
        return None
    wanted = {**who, **scope, "channel": channel, "fields": fields}
    return RecipientSubmission(act, person, row.get("recipient_id"), wanted if act == "save" else None)


def _person_fields(row: Mapping, place: str) -> dict:
    name, role, shown = st.columns([2, 2, 1])
    roles = {role.value: role_word(role, language()) for role in RecipientRole}
    languages = {code: locale.name for code, locale in LANGUAGES.items()}
    return {
        "name": name.text_input(_("Name"), row.get("name", ""), key=f"notices_name_{place}", max_chars=100),
        "role": boxes.selectbox(
            _("Role"),
            roles,
            index=list(roles).index(row.get("role", RecipientRole.PROJECT_MANAGER)),
            key=f"notices_role_{place}",
            help=_(
                "Project managers and the project office hear of everything in their projects, finance of cost, the quality lead "
                "of quality, the data steward of data, site leads of sites. Escalations go to the project office."
            ),
            at=role,
        ),
        "language": boxes.selectbox(
            _("Language"),
            languages,
            index=list(languages).index(row.get("language", language())),
            key=f"notices_language_{place}",
            at=shown,
        ),
    }


def _scope_fields(row: Mapping, place: str, projects: Mapping[str, str]) -> dict:
    where, sites, severity = st.columns([2, 2, 1])
    known = dict(projects) | {key: key for key in row.get("projects", ()) if key not in projects}
    return {
        "projects": boxes.multiselect(
            _("Projects"),
            known,
            default=list(row.get("projects", ())),
            placeholder=_("All"),
            key=f"notices_projects_{place}",
            at=where,
        ),
        "sites": boxes.multiselect(
            _("Site"),
            list(row.get("sites", ())),
            default=list(row.get("sites", ())),
            accept_new_options=True,
            placeholder=_("All"),
            key=f"notices_sites_{place}",
            at=sites,
        ),
        "least_severity": boxes.selectbox(
            _("Told of"),
            {severity: _from_severity(severity) for severity in _SEVERITIES},
            index=_SEVERITIES.index(row.get("least_severity", _SEVERITIES[0])),
            key=f"notices_severity_{place}",
            at=severity,
        ),
    }


def _address_fields(asked: Sequence, kept: Mapping[str, str] | None, place: str) -> dict[str, str]:
    """One input per field of the channel, two in a row. kept: what the recipient has of it; None if it has another channel."""
    told, has_secrets, kept = {}, kept is not None, kept or {}
    for first in range(0, len(asked), 2):
        for column, field in zip(st.columns(2), asked[first : first + 2], strict=False):
            key, label = f"notices_{field.name}_{place}", spoken(field.label)
            if field.choices:
                choices = {str(choice): _SECURITY_LABELS.get(choice, str(choice)) for choice in field.choices}
                usual = kept.get(field.name, "starttls")
                told[field.name] = boxes.selectbox(
                    label,
                    choices,
                    index=list(choices).index(usual) if usual in choices else 0,
                    key=key,
                    at=column,
                )
            else:
                told[field.name] = column.text_input(
                    label,
                    kept.get(field.name, ""),
                    type="password" if field.is_secret else "default",
                    placeholder=_("stays as it is") if field.is_secret and has_secrets else None,
                    autocomplete="off",
                    key=key,
                )
    return told


def _buttons(row: Mapping) -> str | None:
    act = "save" if st.button(_("Save"), key="notices_save", type="primary") else None
    is_active = bool(row and row["is_active"])
    if (
        is_active
        and row["channel"] != _INBOX
        and st.button(_("Send a test"), key="notices_test", icon=":material/send:")
    ):
        act = "test"
    if is_active and st.button(_("Retire"), key="notices_retire"):
        act = "retire"
    if row and not is_active and st.button(_("Bring back"), key="notices_restore"):
        act = "restore"
    return act


def _mark(row: Mapping) -> str:
    return "" if row["is_active"] else _(" (retired)")


def _from_severity(severity: str) -> str:
    if severity == AlertLevel.CRITICAL:
        return _("{severity} only", severity=severity_word(severity, language()))
    return _("everything")


def tested(fate: str, reason: str) -> None:
    """What came of a test message, in words."""
    if fate == "sent":
        st.success(_("The test message was taken. Look whether it has arrived."), icon=":material/check:")
    else:
        st.error(safe(reason), icon=":material/error:")
