"""`voxspec embedder`: which embedder a workspace has, and the change to another."""

from typing import Annotated

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.errors import UsageError
from assistant.wiring import open_embedder
from ingest.embedders import choose_embedder, switch_embedder

_NAME = "minilm (English), use-multilingual (16 languages), minilm:FOLDER or openai:NAME; without one: say what it has."


def embedder(
    session: Session, name: Annotated[str | None, Argument(help=_NAME, show_default=False)] = None
) -> ExitCode:
    """Show the workspace's embedder, or change it.

    A change embeds every passage anew. The old vectors serve until all new ones are there; broken off, the same command goes on
    where it stopped, and the name of the one in use gives it up. From then on every command uses the new one; nothing needs to be set.
    """
    settings = session.settings()
    session.saved = "The old embedder is still in use; run the same command again and it goes on from there."
    with session.bench() as bench:
        if name is None:
            held = bench.catalog.pages.embedder(bench.workspace) or bench.embedder.identity
            passages, changed = len(bench.corpus().passage_ids), False
        else:
            if "embedder" in settings.model_fields_set and settings.embedder != name:
                raise UsageError(
                    f"VOXSPEC_EMBEDDER (or voxspec.toml) says '{settings.embedder}', which the workspace would refuse afterwards.",
                    hint="Take that setting away first; a workspace remembers its embedder.",
                )
            wanted = open_embedder(settings.model_copy(update={"embedder": name}))
            held = wanted.identity
            changed = bench.catalog.pages.embedder(bench.workspace) != held
            passages = len(bench.corpus().passage_ids)
            if passages:
                with session.output.progress("embedding anew") as on_progress:
                    passages = switch_embedder(bench, wanted, on_progress)
            elif changed:
                choose_embedder(bench, wanted)
    if session.as_json:
        session.output.json({"embedder": held, "passages": passages, "changed": changed})
    else:
        verb = "is now" if changed else "is"
        session.output.say(
            f"The embedder of workspace '{settings.workspace}' {verb} {held}; {passages:,} passages."
        )
    return ExitCode.ok
