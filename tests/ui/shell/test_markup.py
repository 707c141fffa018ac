"""Text becomes HTML through one module, and stays text there."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.shell import markup


def test_what_is_put_into_markup_is_escaped():
    shown = markup.Markup("<b>{}</b>").format("<img src=x onerror=alert(1)> & co")
    assert shown == "<b>&lt;img src=x onerror=alert(1)&gt; &amp; co</b>"


def test_plain_text_is_not_drawn():
    with pytest.raises(TypeError):
        markup.put("<b>of a file</b>")


def test_rules_of_style_cannot_end_their_element():
    with pytest.raises(ValueError):
        markup.style("p { color: red } </style><script>")


def test_addresses_of_one_page_are_those_made_one_by_one():
    whose = {"kpi": "test_coverage", "of": "ERP 迁移&x=1"}
    assert markup.addresses("overview/evidence")(**whose) == markup.address("overview/evidence", **whose)


def test_markup_with_a_drawing_has_no_blank_line_at_which_markdown_would_begin():
    def page() -> None:
        from ui.shell import markup

        markup.put(markup.Markup("<svg></svg><p>{}</p>").format("a\n\n# **b**"))

    (drawn,) = AppTest.from_function(page, default_timeout=60).run().markdown
    assert drawn.value == "<div class='drawn'><svg></svg><p>a # **b**</p></div>"
