"""What this is, for somebody who has just come: one picture, three sentences, and what each export gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.kpis.catalogue import short_name
from models.vocabulary import KpiStatus
from ui.grid.cells import Cell, Column
from ui.kpis.bullet import Box, BulletValue, bullet, scale_of
from ui.shell.markup import Markup, joined, put
from ui.shell.tables import grid
from ui.shell.theme import INHERITED
from ui.shell.wording import _, feed_word, first_of, language, listed

NAMED = 6


def what_this_is() -> None:
    """Draws the picture and the sentences."""
    words = {"value": _("the value"), "warning": _("warning level"), "critical": _("critical level: the load line")}
    steps = [
        (
            _("Exports"),
            _("issues, timesheets, ledger, budget, contracts, schedule, coverage, tests: as your tools write them"),
        ),
        (_("Checked"), _("every row, and what is wrong is named with file and line")),
        (_("Counted"), _("KPIs, each with its rows behind it")),
        (_("Warned"), _("over a level somebody is told, and answers")),
    ]
    sentences = (
        _(
            "Plimsoll reads the exports that a project already has and says how deep the ship lies: quality, cost, "
            "schedule and labor."
        ),
        _("Every number leads to the rows it is made of; what is unknown is never a number."),
        _("Nothing leaves this machine: no internet is needed, and nothing is sent."),
    )
    boxes = joined(Markup("<li><b>{}</b><br>{}</li>").format(name, told) for name, told in steps)
    put(
        Markup(
            '<div class="first-run"><div class="first-run-mark">{}</div><ol class="first-run-steps">{}</ol><p>{}</p></div>'
        ).format(_explained(words), boxes, " ".join(sentences))
    )


def _explained(words: Mapping[str, str]) -> Markup:
    """A mark with its parts named: {"value", "warning", "critical"}."""
    reading = BulletValue(0.62, KpiStatus.WARNING, "lower", warning_at=0.5, critical_at=0.66)
    box = Box(4, 34, 352, 22)
    warning, critical = (box.left + scale_of(reading).x(level, box.width) for level in (0.5, 0.66))
    tick = Markup('<path d="M{:.1f} 22v6" stroke="currentColor"/>')
    name = Markup('<text x="{:.1f}" y="{}" font-size="12" text-anchor="{}" fill="currentColor">{}</text>')
    drawn = [Markup(bullet(reading, box, INHERITED)), tick.format(warning), tick.format(critical)]
    drawn += [
        name.format(box.left + 4, 76, "start", words["value"]),
        name.format(warning, 18, "end", words["warning"]),
        name.format(critical, 18, "start", words["critical"]),
    ]
    picture = Markup('<svg role="img" aria-label="{}" viewBox="0 0 480 84" width="100%">{}</svg>')
    return picture.format(" · ".join(words.values()), joined(drawn))


def wanted_files(given: Mapping[str, Sequence[str]], loaded: Sequence[str], key: str) -> None:
    """Draws which exports are wanted, those that give most first, what each gives, and which are there."""
    feeds = sorted(given, key=lambda feed: -len(given[feed]))

    def gives(feed: str) -> Cell:
        names = [short_name(label, language()) for label in given[feed]]
        return Cell(first_of(names, NAMED), len(names), hover=listed(names))

    def there(feed: str) -> Cell:
        is_there = feed in loaded
        return Cell(_("loaded") if is_there else "", float(is_there), KpiStatus.OK if is_there else "")

    grid(
        feeds,
        {
            "feed": Column(_("Export"), feed_word, width=160),
            "count": Column(_("KPIs"), lambda feed: len(given[feed]), width=70),
            "gives": Column(_("What it gives"), gives, width=560),
            "there": Column(_("State"), there, width=110),
        },
        key=key,
        label=_("Which files are wanted, and what each gives"),
    )
