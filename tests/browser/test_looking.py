"""The measurements themselves, on a page that is as it should be and on one fault planted in it at a time."""

import pytest

from tests.browser.looks import looking

GOOD = """<main style="font: 16px/1.5 sans-serif; width: 380px; color: #1f2430; background: #fff">
<h1 class="page-title">Portfolio</h1><span class="page-scope">8 projects, Nov 2026</span>
<p class="page-sentence">5 of 8 projects are late.</p>{}</main>"""
CUT = "width: 80px; overflow: hidden; white-space: nowrap"
DIALOG = '<div style="position: absolute; top: 140px; left: 0; background: {}">Traffic<br>Traffic</div>'
# {a fault: (what is planted, the check that finds it, a part of its words)}
FAULTS = {
    "an end cut off": (f'<p style="{CUT}">Hospital imaging</p>', "cut", "Hospital imaging"),
    "a line cut through": ('<p style="height: 10px; overflow: hidden">Hospital imaging</p>', "cut", "Hospital imaging"),
    "a field too short": ('<input aria-label="Phase" style="width: 40px" value="Testing and integration">', "cut", "Phase"),
    "text over text": ("<p>Bank</p><p style='margin-top: -36px'>Traffic</p>", "overlap", '"Bank" over "Traffic"'),
    "a dialog without a ground": (f"<p>Bank</p>{DIALOG.format('none')}", "overlap", '"Traffic" over "Bank"'),
    "labels of a chart over each other": (
        '<svg width="300" height="60"><text x="10" y="30">ERP</text><text x="20" y="32">CRM</text></svg>', "overlap", "ERP"),
    "too wide": ('<div style="width: 700px">A grid</div>', "sideways", "the page"),
    "scrolls inside": ('<div style="overflow: auto"><p style="width: 700px">A grid</p></div>', "sideways", "700 wide"),
    # #949494 on white: 0.296 of luminance, so 1.05 / 0.346 = 3.03
    "too faint": ('<p style="color: #949494">late</p>', "contrast", "3.03 (#949494 on #ffffff)"),
    # half black, half white: ((0.5 + 0.055) / 1.055) ** 2.4 = 0.214 of luminance, so 1.05 / 0.264 = 3.98
    "faded": ('<p style="color: #000; opacity: 0.5">late</p>', "contrast", "3.98 (#808080 on #ffffff)"),
    "dark on a dark bar of a chart": (
        '<svg width="300" height="60"><rect width="200" height="40" fill="#333"/><text x="9" y="25">late</text></svg>',
        "contrast", "on #333333"),
    "a picture without words": ('<img src="data:," width="9" height="9">', "axe", "image-alt"),
}  # fmt: skip
ALLOWED = {
    "cut, with the whole on hover": f'<p title="Hospital imaging" style="{CUT}">Hospital imaging</p>',
    "for screen readers alone": '<p style="position: absolute; width: 1px; height: 1px; overflow: hidden">Hospital imaging</p>',
    "folded away": "<p>Bank</p><details><summary>More</summary>Traffic<p>Traffic</p></details><p>Imaging</p>",
    "large and gray": '<p style="color: #949494; font-size: 24px">late</p>',
    "slanted labels of an axis": '<svg width="300" height="90"><text transform="translate(10 20) rotate(30)">2026-07</text>'
    '<text transform="translate(40 20) rotate(30)">2026-09</text></svg>',
    "a dialog over the page": f"<p>Bank</p>{DIALOG.format('#fff')}",
}
LOOK = looking.Look("en", 390, 844, "light")


@pytest.fixture(scope="module")
def tab(visitor):
    return visitor()


def found(tab, planted: str, inside: str = GOOD) -> list[tuple[str, str]]:
    looking.dressed(tab, LOOK)
    tab.set_content(
        f"<!doctype html><html lang=en><title>Plimsoll</title><body style='margin: 0'>{inside.format(planted)}"
    )
    return [(finding.check, finding.words) for finding in looking.read_off(tab, "portfolio", LOOK)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(tab, fault):
    planted, check, words = FAULTS[fault]
    told = found(tab, planted)
    assert {of for of, _words in told} == {check} and any(words in text for _check, text in told), told


def test_a_fault_under_a_shadow_root_is_found(tab):
    planted, check, _words = FAULTS["an end cut off"]
    told = found(tab, f"<div id=host><template shadowrootmode=open>{planted}</template></div>")
    assert tab.evaluate("() => Boolean(host.shadowRoot)")
    assert [of for of, _words in told] == [check]


@pytest.mark.parametrize("planted", ALLOWED.values(), ids=ALLOWED)
def test_what_is_no_fault_is_not_found(tab, planted):
    assert found(tab, planted) == []


def test_a_page_without_its_head_or_with_its_answer_below_the_fold(tab):
    assert found(tab, "", "<main>{}Words alone</main>") == [
        ("title", "no title"), ("title", "no scope"), ("title", "no sentence"), ("fold", "no sentence, grid or chart"),
    ]  # fmt: skip
    assert found(tab, "", GOOD.replace("Nov 2026", "now").replace("8 projects", "all")) == [
        ("title", 'no period in "Portfolio all, now"')
    ]
    below = GOOD.replace('<h1 class="page-title">', '<h1 class="page-title" style="padding-top: 844px">')
    assert [check for check, _words in found(tab, "", below)] == ["fold"]
