"""What every command shares: --data-dir and --json, one JSON document on stdout, errors with an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.builds.data_dir import DataDir
from models.errors import InputError, PlimsollError

if TYPE_CHECKING:
    from models.document import Document

FAILED, WRONG_INPUT, GATE_STOPS = 1, 2, 3

app = typer.Typer(
    name="python -m pipeline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _commands() -> None:
    """Plimsoll's pipeline: land exports, build and publish the warehouse, ask it questions."""


DataDirOption = Annotated[
    Path | None, typer.Option("--data-dir", help="The data folder (default: PLIMSOLL_DATA, else data/).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]


def chosen_data_dir(option: Path | None) -> DataDir:
    from pipeline.settings import Settings  # noqa: PLC0415 - 0.1 s that `--help` need not wait for

    return Settings().data_dir(option)


def start(option: Path | None, program: str = "pipeline", *, aloud: bool = False) -> DataDir:
    """The chosen data folder, with the log of this command started in its logs/; aloud: on stderr too.

    Raises: PlimsollError where its control store is damaged or another program's: no command answers as if it were empty.
    """
    from pipeline.logs import start_logs  # noqa: PLC0415
    from pipeline.store.health import store_trouble  # noqa: PLC0415

    data_dir = chosen_data_dir(option)
    start_logs(data_dir.logs, program, quiet=not aloud)
    trouble = store_trouble(data_dir)
    if (
        trouble is not None and trouble.code != "control.lost"
    ):  # of a lost one a refresh and `status` speak; readers go on
        raise trouble
    return data_dir


def answer(as_json: bool, answered: Document | dict, in_words: Callable[[dict], str]) -> None:
    """Prints the answer as JSON, or as people read it."""
    document = answered if isinstance(answered, dict) else answered.as_json()
    print(
        json.dumps(document, ensure_ascii=False, indent=1, default=str) if as_json else plain_text(in_words(document))
    )


def plain_text(text: str) -> str:
    """Text for a terminal: what files hold must not move the cursor, color or retitle anything."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def run(command: typer.Typer) -> int:
    """Runs the command line; returns its exit code. Errors go to stderr, and with --json to stdout as {"error": …} too."""
    as_json = "--json" in sys.argv
    try:
        exit_code = typer.main.get_command(command)(standalone_mode=False)
    except PlimsollError as error:
        _print_error(as_json, error.as_json())
        return WRONG_INPUT if isinstance(error, InputError) else FAILED
    except (KeyboardInterrupt, typer.Abort):
        _print_error(as_json, {"code": "interrupted", "message": "Interrupted."})
        return 130
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # typer's own: the words of the command
            _print_error(as_json, {"code": "usage", "message": error.format_message()})
            return error.exit_code
        return _refused_or_unexpected(as_json, error)
    return exit_code if isinstance(exit_code, int) else 0


def _refused_or_unexpected(as_json: bool, error: Exception) -> int:
    import structlog  # noqa: PLC0415

    from pipeline.logs import start_logs, unexpected  # noqa: PLC0415
    from pipeline.store.storage_errors import REFUSALS, as_sentence  # noqa: PLC0415

    if not structlog.is_configured():  # it failed before the command could start its log
        start_logs(chosen_data_dir(None).logs, "pipeline", quiet=True)
    if isinstance(error, REFUSALS):
        _print_error(as_json, as_sentence(error, "The data folder").as_json())
        return FAILED
    failed = unexpected(error)
    _print_error(as_json, failed.as_json() | failed.details)
    return FAILED


def _print_error(as_json: bool, message: dict) -> None:
    print(plain_text(message["message"]), file=sys.stderr)
    if as_json:
        print(json.dumps({"error": message}, ensure_ascii=False, indent=1, default=str))
