"""The one way from text to HTML on a page: whatever is put into it is escaped, only what was made here is drawn.

`Markup("<b>{}</b>").format(text)` escapes its text. A link made here opens a page of this dashboard in one rerun, in this tab and
session; with a modifier key, or from a copied address, like any other link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

import streamlit as st
from markupsafe import Markup

from ui.shell.filters import url_parameters

__all__ = ["Markup", "address", "addresses", "joined", "link", "put", "style"]
_quoted = lru_cache(maxsize=4096)(quote_plus)
IN_APP = "in-app"  # the class of links that ui/frame/in_app_links.js opens without loading the app anew


def put(markup: Markup, **look: Any) -> None:
    """Draws it. Raises TypeError for plain text, which nobody has escaped."""
    if not isinstance(markup, Markup):
        raise TypeError("text goes through Markup, which escapes it")
    if "<svg" not in markup:
        st.html(str(markup), **look)
        return
    # st.html draws no SVG. In markdown a block of HTML ends at a blank line: it has none
    st.markdown(f"<div class='drawn'>{' '.join(markup.split())}</div>", unsafe_allow_html=True, **look)


def style(rules: str) -> None:
    """Style rules of our own for the whole page. Raises ValueError where they would end their element."""
    if "<" in rules:
        raise ValueError("rules of style hold no element")
    st.html(f"<style>{rules}</style>")


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    return Markup(between).join(parts)


def address(page: str, **parameters: str) -> str:
    """Where a page stands, with what the session sees. page: its path in `pages/`, or "" for the first."""
    return f"{page.rpartition('/')[2] or './'}?{urlencode(url_parameters(**parameters), doseq=True)}"


def addresses(page: str, **common: str) -> Callable[..., str]:
    """`address` for many links to one page: what the session sees, and what they have in common, is asked once.

    Their own parameters are those that the session does not hold.
    """
    base = address(page, **common)
    return lambda **parameters: base + "".join(f"&{name}={_quoted(value)}" for name, value in parameters.items())


def link(words: str | Markup, page: str, *, hover: str = "", css: str = "", **parameters: str) -> Markup:
    """A link to a page. css: more classes. parameters: query parameters beside what the session sees."""
    return Markup('<a class="{} {}" href="{}" title="{}">{}</a>').format(
        IN_APP, css, address(page, **parameters), hover, words
    )
