"""What the forms of a draft's page have in common: the version they are about, who sends them, and the way back."""

from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from api.deps import Service
from api.web.pages import link
from assistant.errors import Conflict
from evals.editing.amend import Stale

_Made = TypeVar("_Made")

FormVersion = Annotated[int, Form(ge=1, le=1_000_000)]
"""The version that the person sees."""
FormBy = Annotated[str, Form(max_length=200)]
"""The name that they typed; empty: whose key or session it is."""


def agreed(outcome: _Made | Stale) -> _Made:
    """What was made of the version that the person saw. Raises: Conflict where another one came in between and changed the same."""
    if isinstance(outcome, Stale):
        raise Conflict(
            f"Version {outcome.newest} is the newest by now, and it changed what this is about.",
            hint=f"Open version {outcome.newest}, and make the change over it.",
        )
    return outcome


def back_to_draft(
    service: Service, workspace: str, draft_id: str, version: int | None = None, place: str = ""
) -> Response:
    """Back to the page. Args: version: None: the newest. place: `#id` of a part of it."""
    path = f"/drafts/{draft_id}" + (f"?version={version}" if version else "")
    return RedirectResponse(link(path, service.settings.workspace, workspace) + place, HTTPStatus.SEE_OTHER)
