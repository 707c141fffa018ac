"""profiles list, export NAME, import FILE, delete NAME: what was said once of an export, kept and handed on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from models.builds.data_dir import DataDir
from models.errors import InputError
from pipeline.cli.command import DataDirOption, JsonOption, answer, app, start

ACTOR = "cli"


@app.command()
def profiles(
    action: Annotated[
        Literal["list", "export", "import", "delete"],
        typer.Argument(metavar="ACTION", help="list, export, import or delete."),
    ],
    subject: Annotated[
        str | None, typer.Argument(metavar="NAME_OR_FILE", help="The profile; for import, a YAML file.")
    ] = None,
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mapping profiles: list, export NAME (as YAML), import FILE, delete NAME."""
    folder = start(data_dir)
    if action == "list":
        _list(folder, as_json)
        return
    if subject is None:
        raise InputError(
            "profiles.of_what",
            "Say what to {action}: a profile by its name, or for import a YAML file. `profiles list` shows the names.",
            action=action,
        )
    from pipeline.cli.output.answers import ProfileAnswer  # noqa: PLC0415

    match action:
        case "export":
            from pipeline.ingest import profile_yaml  # noqa: PLC0415

            written = ProfileAnswer(name=subject, yaml=profile_yaml(folder, subject))
            answer(as_json, written, lambda document: document["yaml"].rstrip("\n"))
        case "import":
            _import(folder, Path(subject), as_json)
        case "delete":
            from pipeline.ingest import delete_profile  # noqa: PLC0415

            delete_profile(folder, subject, ACTOR)
            deleted = ProfileAnswer(name=subject, status="deleted")
            answer(as_json, deleted, lambda _: f"The profile {subject} is deleted; what it read stays.")


def _list(folder: DataDir, as_json: bool) -> None:
    from pipeline.cli.output.answers import ProfilesAnswer  # noqa: PLC0415
    from pipeline.cli.output.tables import table_in_words  # noqa: PLC0415
    from pipeline.ingest import profiles as saved_profiles  # noqa: PLC0415

    rows = saved_profiles(folder)
    shown = ("name", "feed", "columns", "saved_at")
    counted = [profile.as_json() | {"columns": len(profile.columns)} for profile in rows]
    document = ProfilesAnswer(profiles=rows)
    answer(as_json, document, lambda _: table_in_words(counted, shown, "No mapping profile is saved yet."))


def _import(folder: DataDir, file: Path, as_json: bool) -> None:
    from pipeline.cli.output.answers import ProfileAnswer  # noqa: PLC0415
    from pipeline.ingest import save_profile_yaml  # noqa: PLC0415

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "profiles.unreadable",
            "{file} cannot be read as text: {reason}. Name a file that `profiles export` wrote.",
            file=file.name,
            reason=str(error)[:200],
        ) from error
    name = save_profile_yaml(folder, text, ACTOR)
    answer(as_json, ProfileAnswer(name=name), lambda _: f"The profile {name} is saved.")
