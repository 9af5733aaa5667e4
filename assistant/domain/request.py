"""What a person asks for."""

from typing import Any

from pydantic import Field

from assistant.domain.base import Frozen
from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope


class DraftRequest(Frozen):
    """A draft that somebody wants."""

    kind: str
    """Name of a kind: a prompt file under `prompts/drafting`."""
    brief: str = Field(max_length=20_000)
    """What it is about, in the person's words. Empty: everything in the scope."""
    scope: Scope = Field(default_factory=Scope)
    language: str = "en"
    max_items: int = Field(default=10, ge=1, le=50)
    """At most so many stories, needs or findings."""
    assumptions: tuple[str, ...] = Field(default=(), max_length=12, exclude_if=lambda assumed: not assumed)
    """What nobody said and the draft takes for granted; it lists them. Left out of the JSON where there are none, so that
    other requests keep their hashes."""
    parent: str | None = None
    """Draft that this one is a new version of."""
    parent_version: int | None = Field(default=None, exclude_if=lambda version: version is None)
    """Version of it that this one follows; None: the newest."""


def answered_by(draft: Draft) -> DraftRequest:
    """The request that a draft answers."""
    return DraftRequest(
        kind=draft.kind,
        brief=draft.brief,
        scope=draft.scope,
        language=draft.language,
        max_items=draft.max_items,
        assumptions=draft.assumptions,
        parent=draft.id if draft.parent_version is not None else None,
        parent_version=draft.parent_version,
    )


def another_version(draft: Draft, **changes: Any) -> DraftRequest:
    """The request for a version after this draft, like it but for the changes."""
    return answered_by(draft).model_copy(update={"parent": draft.id, "parent_version": None} | changes)
