"""Mapping profiles on screen: how the columns of one shape of file are read, to be looked at, edited, taken elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from models import ports
from models.feeds import FEEDS
from models.intake import Profile
from ui.shell import boxes
from ui.shell.numbers import instant_text
from ui.shell.tables import choice, edit, number, save_button, table, text
from ui.shell.wording import _, column_word, feed_word, language, listed, msgid, translate

NOT_READ = ""  # in a choice: the column is left out
_OPTION_WORDS = {
    "date_order": msgid("order of day, month and year"),
    "decimal": msgid("decimal mark"),
    "unit": msgid("unit of columns that name none"),
    "time_zone": msgid("time zone"),
    "encoding": msgid("encoding"),
}


@dataclass(frozen=True)
class ProfileSubmission:
    """What somebody wants of a profile: save (mapping, options), rename (new_name), delete, import (text)."""

    act: str
    name: str = ""
    feed: str = ""
    mapping: dict[str, str | None] | None = None
    header: tuple[str, ...] = ()
    options: dict[str, str] | None = None
    new_name: str = ""
    text: str = ""


def chosen_profile(profiles: Sequence[Profile]) -> Profile | None:
    """The list of profiles, and the one to look at."""
    shown = language()
    if not profiles:
        st.info(_("No profile is saved yet. Correct the columns of a file on the upload page, and save them there."))
        return None
    by_name = {profile.name: profile for profile in profiles}
    table(
        profiles,
        {
            "name": text(_("Profile"), lambda profile: profile.name),
            "feed": text(_("Feed"), lambda profile: feed_word(profile.feed)),
            "columns": number(_("Columns of the file"), lambda profile: len(profile.columns)),
            "options": text(_("Answers kept"), lambda profile: _options_text(profile.options, shown)),
            "saved_at": text(
                _("Saved"), lambda profile: instant_text(profile.saved_at), value=lambda profile: profile.saved_at
            ),
        },
        key="profiles_list",
    )
    name = boxes.selectbox(_("Profile"), list(by_name), key="profiles_chosen")
    return by_name.get(name)


def _options_text(options: dict[str, str], shown: str) -> str:
    return listed(f"{translate(_OPTION_WORDS.get(key, key), None, shown)} {text}" for key, text in options.items())


def editor(profile: Profile, port: ports.Intake) -> ProfileSubmission | None:
    """What the profile says of every column of the file; save, rename, download or delete it."""
    name, feed = profile.name, profile.feed
    columns = [column.name for column in FEEDS[feed].columns] if feed in FEEDS else []
    headers = list(dict.fromkeys([*profile.columns, *profile.mapping]))
    edited = edit(
        [{"header": header} for header in headers],
        {
            "header": text(_("Column of the file")),
            "canonical": choice(
                _("is read as"),
                [NOT_READ, *columns],
                lambda row: profile.mapping.get(row["header"]) or NOT_READ,
                words=lambda column: column_word(column) if column else "–",
            ),
            "said": text(
                _("Basis"),
                lambda row: _("this profile") if row["header"] in profile.mapping else _("recognized by its name"),
            ),
        },
        key=f"profiles_columns_{name}",
    )
    chosen = dict(zip(edited["header"], edited["canonical"], strict=True))
    mapping = {
        header: canonical or None for header, canonical in chosen.items() if canonical or header in profile.mapping
    }
    new_name = st.text_input(_("Name of the profile"), value=name, key=f"profiles_name_{name}")
    with st.container(horizontal=True):
        save = st.button(_("Save the changes"), key="profiles_save", type="primary")
        profile_yaml, look = port.profile_yaml(name).encode(), {"mime": "application/yaml", "key": "profiles_download"}
        save_button(_("Download as YAML"), profile_yaml, "mapping-profile.yaml", **look)
        delete = st.button(_("Delete the profile"), key="profiles_delete", icon=":material/delete:")
    if delete:
        return ProfileSubmission("delete", name)
    if save:
        return ProfileSubmission(
            "save",
            name,
            feed=feed,
            mapping=mapping,
            header=tuple(profile.columns),
            options=profile.options,
            new_name=new_name,
        )
    return None


def yaml_upload() -> ProfileSubmission | None:
    """A profile that was downloaded here or elsewhere, to be saved here."""
    with st.expander(_("Load a profile from YAML")):
        text = st.text_area(_("Text of the profile"), key="profiles_yaml", height=200)
        if st.button(_("Save this profile"), key="profiles_import") and text.strip():
            return ProfileSubmission("import", text=text)
    return None


def carry_out(asked: ProfileSubmission, port: ports.Intake) -> None:
    """Does what was asked. Raises: what the port raises, in words."""
    if asked.act == "import":
        port.save_profile_yaml(asked.text)
    elif asked.act == "delete":
        port.delete_profile(asked.name)
    else:
        port.save_profile(asked.name, asked.feed, asked.mapping or {}, asked.header, **(asked.options or {}))
        if asked.new_name.strip() and asked.new_name.strip() != asked.name:
            port.rename_profile(asked.name, asked.new_name)
