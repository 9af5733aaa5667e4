"""What a person asks for."""

from pydantic import Field

from assistant.domain.base import Frozen
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
    parent: str | None = None
    """Draft that this one is a new version of."""
