"""gate: may this project be released?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.command import GATE_STOPS, DataDirOption, JsonOption, answer, app, start

if TYPE_CHECKING:
    from models.gate.verdict import Finding
    from pipeline.cli.output.answers import GateAnswer, WordedFinding
    from pipeline.gate.asking import Asking


@app.command()
def gate(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="A project key.")],
    *,
    release: Annotated[str, typer.Option(help="The release that signatures and waivers are of.")] = "next",
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """The release verdict with its reasons, recorded; exit code 3 when the gate says stop."""
    from models.builds.snapshot import open_current  # noqa: PLC0415
    from models.gate.verdict import Verdict  # noqa: PLC0415
    from pipeline.gate import ask, nothing_published, record  # noqa: PLC0415

    folder = start(data_dir)
    found = open_current(folder)
    if found is None:
        asking = nothing_published(project, release)
    else:
        now = dt.datetime.now(dt.UTC)
        asking = ask(folder, *found, project, now=now, release=release)
        record(folder, asking, "cli")
    answer(as_json, _document(asking), _in_words)
    if asking.verdict == Verdict.STOP:
        raise typer.Exit(GATE_STOPS)


def _document(asking: Asking) -> GateAnswer:
    from pipeline.cli.output.answers import GateAnswer, NothingPublished  # noqa: PLC0415
    from pipeline.gate import NOTHING_PUBLISHED  # noqa: PLC0415

    decision = asking.decision
    reasons: list = [_worded(finding) for finding in decision.reasons]
    if asking.why == NOTHING_PUBLISHED:
        message = "Nothing is published yet: nothing is known. Load exports, then run `python -m pipeline refresh`."
        reasons = [NothingPublished(name=NOTHING_PUBLISHED, status="unknown", message=message)]
    return GateAnswer(
        build_id=asking.build_id or None,
        build_hash=asking.build_hash or None,
        project_key=asking.project_key,
        release=asking.release,
        verdict=asking.verdict,
        reasons=reasons,
        waived=[_worded(finding) for finding in decision.waived],
        checked=[_worded(finding) for finding in decision.findings],
    )


def _worded(finding: Finding) -> WordedFinding:
    from models.gate.words import condition_word, sentence  # noqa: PLC0415
    from pipeline.cli.output.answers import WordedFinding  # noqa: PLC0415

    return WordedFinding(
        **vars(finding),
        name_en=condition_word(finding.name, "en"),
        name_zh=condition_word(finding.name, "zh"),
        message=sentence(finding, "en").replace("\N{NO-BREAK SPACE}", " "),
    )


def _in_words(document: dict) -> str:
    asked = f"release {document['release']}, build {document['build_id'] or 'none'}"
    head = f"{document['project_key']}: {document['verdict'].upper()} ({asked})"
    lines = [f"  {reason['message']}" for reason in document["reasons"]]
    for waived in document["waived"]:
        waiver = waived["waiver"]
        lines.append(
            f"  waived by {waiver['approved_by']} to {waiver['expires_on']}: {waived['message']} ({waiver['reason']})"
        )
    return "\n".join([head, *lines])
