"""`voxspec rebuild-index` and `schema`."""

import json
from typing import Annotated

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.base import Frozen
from assistant.domain.draft import Draft
from assistant.domain.fact import Fact
from assistant.domain.finding import CheckReport
from assistant.domain.record import Record
from assistant.errors import UsageError
from assistant.stores.rebuild import rebuild_index as build_anew

SCHEMAS: dict[str, type[Frozen]] = {"draft": Draft, "record": Record, "fact": Fact, "report": CheckReport}
SERVICE = "openapi"
"""The document of the HTTP service; the others are of documents."""


def rebuild_index(session: Session) -> ExitCode:
    """Build the vector index anew from the catalog.

    The vectors are in the catalog, so nothing is embedded again.
    """
    session.saved = "The old index is still in use; nothing was lost."
    with session.bench() as bench:
        passages = build_anew(bench)
    if session.as_json:
        session.output.json({"passages": passages})
    else:
        session.output.say(f"{passages:,} passages indexed.")
    return ExitCode.ok


def schema(
    session: Session,
    name: Annotated[str, Argument(help=f"{', '.join([*SCHEMAS, SERVICE])}.", show_default=False)],
) -> ExitCode:
    """Print the JSON Schema of a document, or of the service.

    The service has an OpenAPI document: `voxspec schema openapi`."""
    if name == SERVICE:
        # Loaded here: the whole service takes two seconds.
        from api.app import openapi_document

        session.output.raw(json.dumps(openapi_document(), ensure_ascii=False, indent=1) + "\n")
        return ExitCode.ok
    if name not in SCHEMAS:
        raise UsageError(f"There is no schema '{name}'.", hint=f"Schemas: {', '.join([*SCHEMAS, SERVICE])}.")
    session.output.json(SCHEMAS[name].model_json_schema())
    return ExitCode.ok
