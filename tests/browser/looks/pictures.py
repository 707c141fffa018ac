"""`make look`: every page in every language, size and theme, as pictures and as a table of what is wrong with them.

It fails nothing: the tests do. PLIMSOLL_DATA names a portfolio to look at, which is copied; without it the
sample is built. PLIMSOLL_LOOK names the folder for the pictures.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from models.builds.data_dir import DataDir
from tests.browser.dashboards import QUIET_FLAGS, browser_executable, serving
from tests.browser.looks import looking
from tests.browser.looks.looking import Finding
from tests.browser.reading import PATIENCE_MS, opened
from tests.worlds import sample_portfolio


def pictures(browser: Browser, address: str, folder: Path, pages: Sequence[str]) -> list[Finding]:
    """One picture for each page and look in `folder`, and the page on paper; what was found."""
    findings = []
    tab = browser.new_context().new_page()
    tab.set_default_timeout(PATIENCE_MS)
    for theme in looking.THEMES:
        for language in looking.LANGUAGES:
            for page in pages:
                looks = [look for look in looking.EVERY_LOOK if (look.theme, look.language) == (theme, language)]
                looking.dressed(tab, looks[0])
                looking.turned(tab, address, page, language)
                for look in looks:
                    findings += looking.measured(tab, page, look)
                    tab.screenshot(path=folder / f"{page}-{look.language}-{look.width}-{look.theme}.png")
                tab.pdf(path=folder / f"{page}-{language}.pdf", prefer_css_page_size=True, print_background=True)
                print(f"{page} {language} {theme}", file=sys.stderr)
    opened(tab, address, "", lang="en")
    last = looking.EVERY_LOOK[-1]
    return findings + [
        Finding(looking.FIRST_PAGE, last, "keyboard", words) for words in looking.reached_by_keyboard(tab)
    ]


def report(findings: Sequence[Finding]) -> str:
    """Markdown: how often each check found something on each page, then each finding once with the looks it was met at."""
    checks = (*looking.CHECKS, "keyboard")
    of_page = Counter((finding.page, finding.check) for finding in findings)
    lines = ["| page | " + " | ".join(checks) + " |", "|---" * (len(checks) + 1) + "|"]
    for page in looking.PAGES:
        counts = (str(of_page[page, check] or "") for check in checks)
        lines.append(f"| {page} | " + " | ".join(counts) + " |")
    by_words: dict[tuple[str, str, str], list[str]] = {}
    for finding in findings:
        by_words.setdefault((finding.check, finding.page, finding.words), []).append(str(finding.look))
    lines += ["", "| check | page | finding | at |", "|---|---|---|---|"]
    for (check, page, words), looks in sorted(by_words.items()):
        at = "everywhere" if len(looks) == len(looking.EVERY_LOOK) else ", ".join(looks)
        told = words.replace("|", "\\|").replace("<", "&lt;")
        lines.append(f"| {check} | {page} | {told} | {at} |")
    lines += ["", "Left out:", ""]
    lines += [f"- {check}, `{pattern}`: {reason}" for check, pattern, reason in looking.LEFT_OUT]
    return "\n".join(lines) + "\n"


def main(pages: Sequence[str]) -> None:
    folder = Path(os.environ.get("PLIMSOLL_LOOK") or "test-results/look").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        data = DataDir(Path(scratch) / "data")
        if os.environ.get("PLIMSOLL_DATA"):
            shutil.copytree(os.environ["PLIMSOLL_DATA"], data.root)
        else:
            data.root.mkdir()
            sample_portfolio(data)
        browser = playwright.chromium.launch(
            executable_path=browser_executable(playwright), args=list(QUIET_FLAGS), timeout=PATIENCE_MS
        )
        with serving(data) as address:
            findings = pictures(browser, address, folder, pages or list(looking.PAGES))
        browser.close()
    (folder / "findings.md").write_text(report(findings), encoding="utf-8")
    print(f"{len(findings)} findings: {folder / 'findings.md'}")


if __name__ == "__main__":
    main(sys.argv[1:])
