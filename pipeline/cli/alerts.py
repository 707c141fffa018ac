"""alerts: what is open."""

from __future__ import annotations

from pipeline.cli.command import DataDirOption, JsonOption, answer, app

_COLUMNS = ("severity", "state", "project_key", "name", "value", "level", "since", "days", "owner", "answer")


@app.command()
def alerts(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """The open alerts, critical first."""
    from pipeline.alerts.answering import alerts_now, last_evaluation  # noqa: PLC0415
    from pipeline.alerts.listing import listed  # noqa: PLC0415
    from pipeline.cli.kpis import published  # noqa: PLC0415
    from pipeline.cli.output.answers import AlertsAnswer  # noqa: PLC0415
    from pipeline.cli.output.tables import table_in_words  # noqa: PLC0415
    from pipeline.refresh.result import Problem  # noqa: PLC0415

    folder, snapshot = published(data_dir)
    evaluated = last_evaluation(folder)
    document = AlertsAnswer(
        build_id=snapshot.build_id,
        evaluated_build=evaluated["build_id"] if evaluated else None,
        problems=[Problem(**problem) for problem in evaluated["problems"]] if evaluated else [],
        alerts=listed(snapshot, [alert for alert in alerts_now(folder) if alert.is_open]),
    )

    def in_words(answered: dict) -> str:
        lines = [table_in_words(answered["alerts"], _COLUMNS, "No open alert.")]
        if answered["evaluated_build"] != answered["build_id"]:
            lines.append(f"Build {answered['build_id']} has not been evaluated yet: refresh to evaluate it.")
        lines += [f"Not evaluated: {problem['alert_key']}: {problem['message']}" for problem in answered["problems"]]
        return "\n".join(lines)

    answer(as_json, document, in_words)
