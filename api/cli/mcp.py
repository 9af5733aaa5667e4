"""`voxspec mcp`: the workspace for AI clients that start programs."""

from api.cli.exits import ExitCode
from api.cli.session import Session


def mcp(session: Session) -> ExitCode:
    """Serve the workspace to AI clients: MCP on stdin and stdout.

    Clients start it themselves: docs/mcp.md says how to add it. A running `voxspec serve` offers the same at /mcp.
    """
    # Loaded here, so that --help is quick: the vendor's code takes a second.
    from api.mcp.stdio import serve_stdio

    session.saved = "The client is cut off; a draft that was being written is finished by whoever works next."
    return ExitCode(serve_stdio(session.settings()))
