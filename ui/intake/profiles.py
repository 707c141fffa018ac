"""Mapping profiles on screen: how the columns of one shape of file are read, to be looked at, edited, taken elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from models import ports
from models.feeds import FEEDS
from models.intake import Profile
from models.words.columns import column_word
from models.words.numbers import instant_text
from ui.shell import boxes
from ui.shell.wording import _, feed_word, language, listed, msgid, spoken, translate

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
    st.dataframe(
        pl.DataFrame(
            {
                "name": list(by_name),
                "feed": [feed_word(profile.feed, shown) for profile in profiles],
                "columns": [len(profile.columns) for profile in profiles],
                "options": [_options_text(profile.options, shown) for profile in profiles],
                "saved_at": [instant_text(profile.saved_at, shown) for profile in profiles],
            }
        ),
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn(_("Profile")),
            "feed": st.column_config.TextColumn(_("Feed")),
            "columns": st.column_config.NumberColumn(_("Columns of the file"), format="localized"),
            "options": st.column_config.TextColumn(_("Answers kept")),
            "saved_at": st.column_config.TextColumn(_("Saved")),
        },
    )
    name = boxes.selectbox(_("Profile"), list(by_name), key="profiles_chosen")
    return by_name.get(name)


def _options_text(options: dict[str, Any], shown: str) -> str:
    return listed(f"{translate(_OPTION_WORDS.get(key, key), None, shown)} {text}" for key, text in options.items())


def editor(profile: Profile, port: ports.Intake) -> ProfileSubmission | None:
    """What the profile says of every column of the file; save, rename, download or delete it."""
    shown = language()
    name, feed = profile.name, profile.feed
    columns = [column.name for column in FEEDS[feed].columns] if feed in FEEDS else []
    headers = list(dict.fromkeys([*profile.columns, *profile.mapping]))
    edited = st.data_editor(
        pl.DataFrame(
            {
                "header": headers,
                "canonical": pl.Series(
                    [profile.mapping.get(header) or NOT_READ for header in headers], dtype=pl.String
                ),
                "said": [_said(profile.mapping, header) for header in headers],
            }
        ),
        key=f"profiles_columns_{name}",
        hide_index=True,
        width="stretch",
        column_config={
            "header": st.column_config.TextColumn(_("Column of the file")),
            "canonical": st.column_config.SelectboxColumn(
                _("is read as"),
                options=[NOT_READ, *columns],
                format_func=lambda column: column_word(str(column), shown) if column else "–",
            ),
            "said": st.column_config.TextColumn(_("Basis")),
        },
        disabled=["header", "said"],
    )
    chosen = dict(zip(edited["header"], edited["canonical"], strict=True))
    mapping = {
        header: canonical or None for header, canonical in chosen.items() if canonical or header in profile.mapping
    }
    new_name = st.text_input(_("Name of the profile"), value=name, key=f"profiles_name_{name}")
    with st.container(horizontal=True):
        save = st.button(_("Save the changes"), key="profiles_save", type="primary")
        st.download_button(
            _("Download as YAML"),
            data=port.profile_yaml(name),
            file_name="mapping-profile.yaml",
            mime="application/yaml",
            key="profiles_download",
            icon=":material/download:",
            on_click="ignore",
        )
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


def _said(mapping: dict[str, Any], header: str) -> str:
    if header not in mapping:
        return spoken(msgid("recognized by its name"))
    return spoken(msgid("this profile"))


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
