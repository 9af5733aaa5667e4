"""Which commands there are, and the one place where they are loaded.

`voxspec --help` lists names and summaries from this table and imports nothing else; a command's module, with all
that it needs, is imported when the command is called.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from typer import Typer
from typer.core import TyperGroup
from typer.main import get_command

if TYPE_CHECKING:
    from typer._click.core import Command, Context

COMMANDS = {
    "demo": ("api.cli.demo", "Ingest sample data, find its themes, write checked drafts."),
    "ingest": ("api.cli.ingesting", "Bring files with feedback or documents in."),
    "mappings": ("api.cli.mappings", "Show saved mappings of columns, or forget one."),
    "record": ("api.cli.reading", "Print one record: its raw text, byte for byte."),
    "search": ("api.cli.reading", "Find verbatim quotes for a question."),
    "draft": ("api.cli.drafts", "Write and check a draft with proven quotes and numbers."),
    "check": ("api.cli.checks", "Check a draft, or a document that was written elsewhere."),
    "edit": ("api.cli.editing", "Edit a draft: a new version, graded."),
    "undo": ("api.cli.editing", "Undo the last change of a draft."),
    "redo": ("api.cli.editing", "Do again what was undone last."),
    "stale": ("api.cli.staleness", "Show claims of drafts whose evidence changed, and why."),
    "versions": ("api.cli.editing", "List the versions of a draft and how each came about."),
    "overrule": ("api.cli.decisions", "Dismiss a finding of a draft, with a reason."),
    "approve": ("api.cli.decisions", "Accept a draft: no blocking finding may stand."),
    "withdraw": ("api.cli.decisions", "Take back an overruling, or an approval, with a reason."),
    "eval": ("api.cli.evals", "Run evaluation sets, compare runs, put the checks to the test."),
    "prioritise": ("api.cli.priorities", "Put items in order: RICE, WSJF, ICE, MoSCoW, Kano."),
    "replay": ("api.cli.checks", "Write a draft again and compare the bytes."),
    "export": ("api.cli.reading", "Write all records as JSON lines, or a draft as files."),
    "erase": ("api.cli.erasing", "Remove an author, an account or single records for good."),
    "themes": (
        "api.cli.themes",
        "Group what customers say into themes; show, export them.",
    ),
    "duplicates": ("api.cli.duplicates", "Show which records count as one voice; undo it, redo it."),
    "people": ("api.cli.people", "Show which names are one person; merge them, split them."),
    "publish": ("api.cli.publishing", "Make a draft's tickets: one for the whole, one per story."),
    "unpublish": (
        "api.cli.publishing",
        "Close the tickets of a draft that nobody wrote into.",
    ),
    "triage": ("api.cli.triaging", "Say what a ticket repeats, how bad it is and what it lacks."),
    "tracker": ("api.cli.trackers", "Connect issue systems, and see what was sent to them."),
    "tickets": ("api.cli.tickets", "List the tickets that are known, or show one."),
    "coverage": (
        "api.cli.covering",
        "Show requirements without a ticket and tickets without one.",
    ),
    "align": ("api.cli.align", "Hold a branch and its pull request against a draft."),
    "commit-status": ("api.cli.commit_status", "Show a draft's check on a commit, at GitHub or GitLab."),
    "release-notes": ("api.cli.releasing", "Write release notes from closed tickets."),
    "tell": ("api.cli.telling", "List the people who asked, and where to answer them."),
    "hook": ("api.cli.hooks", "Tell other services what happens here, signed."),
    "keys": ("api.cli.access", "Make, list and revoke keys for the HTTP service."),
    "audit": ("api.cli.access", "Show who changed what over HTTP, and whether it is whole."),
    "serve": ("api.cli.serving", "Start the HTTP service and its web pages."),
    "worker": ("api.cli.working", "Work on the jobs of the queue, without HTTP."),
    "mcp": ("api.cli.mcp", "Serve the workspace to AI clients: MCP on stdin and stdout."),
    "embedder": ("api.cli.embedding", "Show the workspace's embedder, or change it."),
    "rebuild-index": ("api.cli.upkeep", "Build the vector index anew from the catalog."),
    "schema": (
        "api.cli.upkeep",
        "Print the JSON Schema of a document, or of the service.",
    ),
    "doctor": ("api.cli.doctor", "Say what works here and what doesn't."),
}
"""Command → module that defines it as a function of the same name (with `_` for `-`), or as a group of commands; and its summary."""


class LazyGroup(TyperGroup):
    """Lists placeholders, and loads the real command when it is called."""

    table = COMMANDS

    def resolve_command(
        self, ctx: "Context", args: list[str]
    ) -> "tuple[str | None, Command | None, list[str]]":
        """Find the command that the arguments name, then load it."""
        name, placeholder, rest = super().resolve_command(ctx, args)
        return name, load(name, self.table) if name else placeholder, rest


def load(name: str, table: Mapping[str, tuple[str, str]] = COMMANDS) -> "Command":
    """Import a command's module and build the command, or the group that the module gives the name to."""
    module_name, _ = table[name]
    function = getattr(import_module(module_name), name.replace("-", "_"))
    if isinstance(function, Typer):
        return get_command(function)
    command: Command = import_module("api.cli.session").as_command(name, function)
    return command


def fill(app: Typer, table: Mapping[str, tuple[str, str]]) -> None:
    """Give a group the names and summaries of its commands."""
    for name, (_, summary) in table.items():
        app.command(name, help=summary)(_placeholder)


def _placeholder() -> None:
    """Stands for a command in the list of commands; `LazyGroup` loads the real one."""
