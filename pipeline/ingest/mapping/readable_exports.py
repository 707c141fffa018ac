"""What is still refused says which exports of its tool are read."""

from __future__ import annotations

from models.errors import InputError
from models.words.number_tokens import clause
from pipeline.ingest.dialects import dialects

_NAMED = "exports"


def naming_exports(error: InputError, tool: str | None) -> InputError:
    """The refusal and, in the reader's language, what is read of the tool; as it is where nobody knows the tool, or says it.

    Its code and details stay: what happened is the same.
    """
    exports = dialects().exports_of(tool) if tool else []
    if not tool or not exports or _NAMED in error.details:
        return error
    return InputError(
        error.code,
        "{refusal} Of {tool} these exports are read: {exports}.",
        **error.details
        | {
            "refusal": clause(error.template, **error.details),
            "tool": dialects().names[tool],
            _NAMED: [dict(name) for name in exports],
        },
    )
