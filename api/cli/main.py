"""The entry of the command line: options that stand before the command, and the one boundary where errors end.

What a command does is in its own module; `api/cli/lazy.py` lists them. This module is kept light: it is what
`voxspec --help` pays for.
"""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer import TyperException

from api.cli.exits import ExitCode, report
from api.cli.lazy import COMMANDS, LazyGroup, fill
from assistant.errors import Cancelled, VoxspecError

app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 ok, 1 a check failed, 2 usage, 3 unavailable or inconclusive, 4 a check that can't be trusted, 130 interrupted.",
)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    workspace: Annotated[str | None, typer.Option("-w", "--workspace", help="Which workspace.")] = None,
    home: Annotated[str | None, typer.Option(help="Folder of the data (VOXSPEC_HOME).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say what happens, on stderr.")] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Voice of the customer in, specifications out: every quote and every number proven by code.

    Start with `voxspec demo`, or with your own file: `voxspec ingest reviews.csv`.
    """
    if show_version:
        typer.echo(f"voxspec {version('voxspec')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


fill(app, COMMANDS)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code. Every error ends here, as one sentence and a hint."""
    # onnxruntime 1.31 keeps a device id and reports to its maker unless told so before it loads. Nothing leaves the machine.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = given[: given.index("--")] if "--" in given else given
    as_json, verbose = "--json" in options, "--verbose" in options
    try:
        outcome = typer.main.get_command(app).main(args=given, prog_name="voxspec", standalone_mode=False)
    except KeyboardInterrupt:
        outcome = ExitCode.interrupted
    except (VoxspecError, TyperException, OSError) as problem:
        return report(problem, as_json=as_json)
    except Exception as problem:  # noqa: BLE001 - outermost frame: a bug is told as one, without a traceback that may quote a record
        return report(problem, as_json=as_json, verbose=verbose)
    if outcome == ExitCode.interrupted:
        # Before the command began: what it says itself when it is interrupted comes as a Cancelled.
        return report(Cancelled("Interrupted.", hint="Nothing was changed."), as_json=as_json)
    return int(outcome or ExitCode.ok)


if __name__ == "__main__":
    sys.exit(run())
