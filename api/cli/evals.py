"""`voxspec eval`: the group of commands about evaluation sets. Each command is a module of its own."""

import typer

from api.cli.lazy import LazyGroup, fill

COMMANDS: dict[str, tuple[str, str]] = {
    "trust": ("api.cli.eval_trust", "Put the checks to the test: seeded defects, harmless edits."),
}
"""Command → module that defines it as a function of the same name, and its summary, as in `api/cli/lazy.py`."""


class _EvalGroup(LazyGroup):
    table = COMMANDS


eval = typer.Typer(
    cls=_EvalGroup,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@eval.callback(invoke_without_command=True)
def _group(context: typer.Context) -> None:
    """Run evaluation sets, compare runs, put the checks to the test."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


fill(eval, COMMANDS)
