"""`voxspec eval`: the group of commands about evaluation sets. Each command is a module of its own."""

import typer

from api.cli.lazy import LazyGroup, fill

COMMANDS = {
    "run": ("api.cli.eval_run", "Run evaluation sets: which cases pass, and why others don't."),
    "sets": ("api.cli.eval_sets", "List evaluation sets: the workspace's and Voxspec's own."),
    "promote": ("api.cli.eval_sets", "Keep a draft as a case of a set of the workspace."),
    "export": ("api.cli.eval_sets", "Write a set as a folder, for promptfoo or inspect-ai."),
    "import": ("api.cli.eval_sets", "Keep a folder, promptfoo tests or inspect samples as a set."),
    "compare": ("api.cli.eval_compare", "Compare two runs case by case: what changed, how surely."),
    "label": ("api.cli.eval_label", "Label claims or findings, one at a time."),
    "agreement": ("api.cli.eval_label", "Show how far raters agree, by question."),
    "judge": ("api.cli.eval_judge", "Ask a model about a draft, or calibrate it on labels."),
    "trust": ("api.cli.eval_trust", "Put the checks to the test: seeded defects, harmless edits."),
}
"""Command → module that defines it as a function of the same name, and its summary, as in `api/cli/lazy.py`."""


class _EvalGroup(LazyGroup):
    table = COMMANDS


eval = typer.Typer(
    name="eval",
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
