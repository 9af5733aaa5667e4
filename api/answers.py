"""What routes that make their answers themselves tell of them in the OpenAPI document."""

from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from assistant.domain.job import Job

Told = dict[int | str, dict[str, Any]]
JOB: Told = {202: {"model": Job, "description": "The job; its address is in Location"}}
HAS_ALL: Told = {204: {"description": "The reader has all events: there is no need to come again"}}


class EventStream(Response):
    """Server-sent events."""

    media_type = "text/event-stream"


class Run(BaseModel):
    """The writing of a draft that was begun."""

    id: str
    """Stands for the draft until its own id is known."""
    state: str
    job: str
    events: str
    draft_id: str | None


class TurnAccepted(BaseModel):
    """A turn that will be answered."""

    id: str
    thread: str
    state: str
    events: str
    cancel: str


class Readiness(BaseModel):
    """Whether the service can serve, part by part."""

    ready: bool
    parts: dict[str, dict[str, Any]]


def files(*media_types: str) -> dict[str, Any]:
    """Content of an answer that may be a file. Args: media_types: without their parameters; JSON is told by the route's model."""
    kinds = [kind.partition(";")[0] for kind in media_types]
    return {kind: {"schema": {"type": "string"}} for kind in kinds if kind != "application/json"}
