"""`voxspec serve`: the HTTP service."""

from typing import Annotated

from typer import Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.server import serve as serve_forever


def serve(
    session: Session,
    host: Annotated[str | None, Option(help="Address to listen on; default: this machine only.")] = None,
    port: Annotated[int | None, Option(min=0, max=65535, help="Port; 0 takes a free one.")] = None,
) -> ExitCode:
    """Start the HTTP service and its web pages."""
    session.saved = "The service has stopped."
    return ExitCode(serve_forever(session.settings(host=host, port=port)))
