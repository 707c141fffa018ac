"""The head of a page: whose numbers, of which period, and what they say; text of files stays text."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest


def drawn(**asked: object) -> str:
    def page(asked: dict) -> None:
        from ui.frame.head import page_head

        page_head(**asked)

    app = AppTest.from_function(page, args=(asked,), default_timeout=60).run()
    assert not app.exception
    return " ".join(element.proto.body for element in app.get("html"))


def test_title_scope_and_the_period_of_most_stand_first_the_others_are_folded():
    shown = drawn(sentence="■ late", title="Cost", scope="8 projects", periods=["Oct 2026", "Sep 2026: A"])
    assert '<h1 class="page-title">Cost · 8 projects · Oct 2026</h1>' in shown
    assert re.search(r"<details class=\"page-periods\"><summary>[^<]+</summary>Sep 2026: A</details>", shown)
    assert '<p class="page-sentence">■ late</p>' in shown


def test_a_page_of_everything_says_so_and_one_that_compares_says_with_what():
    assert '<span class="page-scope">all projects</span>' in drawn(sentence="calm")
    assert "compared with: Previous period" in drawn(sentence="calm", title="A", is_compared=True)


def test_names_from_files_are_escaped():
    shown = drawn(sentence="<script>x</script>", title="<b>A</b>", scope="a & b")
    assert "<script>" not in shown and "&lt;b&gt;A&lt;/b&gt; · a &amp; b" in shown
