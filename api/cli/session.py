"""What every command shares: the options after its name, the settings, the opened workbench, the output."""

import inspect
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import ExitCode
from api.cli.output import Output
from assistant.errors import Cancelled, UsageError
from assistant.settings import Settings
from assistant.telemetry import configure_logs
from assistant.wiring import open_workbench
from assistant.workbench import Workbench

if TYPE_CHECKING:
    from typer._click.core import Command


class Session:
    """One call of one command.

    Args:
        workspace, home: as given on the command line; None leaves them to environment, file and default.
        as_json: exactly one JSON object on stdout.
        show_personal: texts without masks for personal data; None leaves it to environment, file and default.
    """

    def __init__(
        self,
        *,
        workspace: str | None = None,
        home: str | None = None,
        as_json: bool = False,
        verbose: bool = False,
        show_personal: bool | None = None,
    ) -> None:
        self.workspace = workspace
        self.show_personal = show_personal
        self.home = home
        self.output = Output(as_json=as_json, verbose=verbose)
        self.saved = "Nothing was changed."
        """What a person who interrupts is told; a command keeps it up to date."""

    @property
    def as_json(self) -> bool:
        return self.output.as_json

    def settings(self, **flags: str | int | Path | None) -> Settings:
        """Settings with this call's flags on top. Raises: UsageError."""
        home = Path(self.home).expanduser() if self.home else None
        shown = {"show_personal_data": self.show_personal}
        try:
            return Settings.load(**({"workspace": self.workspace, "home": home} | shown | flags))
        except tomllib.TOMLDecodeError as problem:
            raise UsageError(
                f"voxspec.toml can't be read: {problem}.",
                hint="Correct the file, or move it out of this folder.",
            ) from problem

    @contextmanager
    def bench(self, settings: Settings | None = None) -> Iterator[Workbench]:
        """The opened workspace, closed at the end."""
        with open_workbench(settings or self.settings()) as bench:
            yield bench


def _shared(
    workspace: Annotated[str | None, typer.Option("-w", "--workspace", help="Which workspace.")] = None,
    home: Annotated[str | None, typer.Option(help="Folder of the data (VOXSPEC_HOME).")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on stdout, chatter on stderr.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say what happens, on stderr.")] = False,
    show_personal: Annotated[
        bool | None,
        typer.Option(
            "--show-personal-data/--mask-personal-data", help="Texts without or with masks; default: masked."
        ),
    ] = None,
) -> None:
    """The options that every command takes after its name; they win over the same ones before it."""


def as_command(name: str, function: Callable[..., ExitCode | None]) -> "Command":
    """Make a command of a function whose first parameter is the Session and whose others are Typer parameters."""

    def call(
        context: typer.Context,
        workspace: str | None = None,
        home: str | None = None,
        as_json: bool = False,
        verbose: bool = False,
        show_personal: bool | None = None,
        **values: object,
    ) -> None:
        # Between the root and a command there may be a group, which has no options of its own.
        before = context.find_root().params
        session = Session(
            workspace=before.get("workspace") if workspace is None else workspace,
            home=home or before.get("home"),
            as_json=as_json or before.get("as_json", False),
            verbose=verbose or before.get("verbose", False),
            show_personal=show_personal,
        )
        configure_logs(verbose=session.output.verbose)
        try:
            code = function(session, **values)
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough (`| head`). Python would complain once more when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = ExitCode.ok
        except KeyboardInterrupt as problem:
            raise Cancelled("Interrupted.", hint=session.saved) from problem
        raise typer.Exit(code or ExitCode.ok)

    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    shared = list(inspect.signature(_shared, eval_str=True).parameters.values())
    context = inspect.signature(call, eval_str=True).parameters["context"]
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own + shared]
    vars(call)["__signature__"] = inspect.Signature([context, *keyword])
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name, help=function.__doc__, context_settings={"help_option_names": ["-h", "--help"]})(
        call
    )
    return typer.main.get_command(single)
