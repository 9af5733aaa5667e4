"""What an import asks about before it begins: the embedder of a workspace that holds nothing yet."""

import sys
from collections.abc import Sequence
from pathlib import Path

from typer import confirm

from api.cli.session import Session
from assistant.errors import UsageError
from assistant.wiring import open_embedder
from assistant.workbench import Workbench
from ingest.embedders import MULTILINGUAL, choose_embedder, languages_of, told_languages
from ingest.options import IngestOptions


def settle_embedder(
    session: Session,
    bench: Workbench,
    paths: Sequence[Path],
    options: IngestOptions,
    named: str | None,
    *,
    yes: bool,
) -> None:
    """Choose the embedder of a workspace without records: the one that is named, else the one its first files call for.

    Where more than a tenth of the records isn't English, a person at a terminal is asked and `yes` takes the multilingual one;
    otherwise nothing is chosen, and the import says afterwards what it found. A workspace that was given its embedder keeps it.

    Raises: UsageError for an embedder that doesn't exist, EmbedderMismatch where the workspace holds vectors of another one.
    """
    settings = bench.settings
    if named is not None:
        if "embedder" in settings.model_fields_set and settings.embedder != named:
            raise UsageError(
                f"--embedder says '{named}', VOXSPEC_EMBEDDER or voxspec.toml '{settings.embedder}'.",
                hint="Name one of them.",
            )
        choose_embedder(bench, open_embedder(settings.model_copy(update={"embedder": named})))
        return
    can_ask = sys.stdin.isatty() and sys.stderr.isatty() and not session.as_json
    chosen = "embedder" in settings.model_fields_set or bench.catalog.pages.embedder(bench.workspace)
    if chosen or not (yes or can_ask):
        return
    told = told_languages(languages_of(paths, options, bench))
    if not told:
        return
    session.output.note(f"{told}; the usual embedder knows English only.")
    if yes or confirm("Use the multilingual embedder for this workspace?", default=True, err=True):
        choose_embedder(bench, open_embedder(settings.model_copy(update={"embedder": MULTILINGUAL})))
        session.output.note(f"Workspace '{bench.workspace}' uses the multilingual embedder.")
