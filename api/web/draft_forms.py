"""What the forms of a draft's page have in common: the version they are about, who sends them, and the way back."""

from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Form
from starlette.responses import RedirectResponse, Response

from api.deps import BenchDep, DeciderDep, ServiceDep, WorkspaceDep
from api.routes.drafts import find_draft
from api.web.pages import for_readers, frame, link
from assistant.domain.draft import Draft
from assistant.errors import Conflict
from evals.editing.amend import Stale

_Made = TypeVar("_Made")

WHERE_DRAFTS_ARE = "The first page lists the drafts of the workspace."


class DraftForm:
    """What each form of a draft's page says: which version the person sees, and who sends it.

    Args:
        by: the name that they typed; empty: whose key or session it is.
    """

    def __init__(
        self,
        service: ServiceDep,
        bench: BenchDep,
        who: DeciderDep,
        workspace: WorkspaceDep,
        draft_id: str,
        version: Annotated[int, Form(ge=1, le=1_000_000)],
        by: Annotated[str, Form(max_length=200)] = "",
    ) -> None:
        self.bench = bench
        self.by = who.name(by)
        self.draft_id = draft_id
        self.version = version
        self._service = service
        self._workspace = workspace

    def draft(self) -> Draft:
        """The version. Raises: NotFound."""
        with for_readers(WHERE_DRAFTS_ARE):
            return find_draft(self._service, self.bench, self.draft_id, self.version)

    def frame(self) -> dict[str, Any]:
        """What a page that answers the form stands in."""
        return frame(self._service, self._workspace, "h")

    def back(self, anchor: str = "") -> Response:
        """To the page that the form is on. Args: anchor: `#id` of a part of it."""
        return self._back(f"?version={self.version}", anchor)

    def back_to_newest(self) -> Response:
        """To the page of what was made."""
        return self._back()

    def _back(self, query: str = "", anchor: str = "") -> Response:
        path = link(f"/drafts/{self.draft_id}{query}", self._service.settings.workspace, self._workspace)
        return RedirectResponse(path + anchor, HTTPStatus.SEE_OTHER)


DraftFormDep = Annotated[DraftForm, Depends()]


def agreed(outcome: _Made | Stale) -> _Made:
    """What was made of the version that the person saw. Raises: Conflict where another one came in between and changed the same."""
    if isinstance(outcome, Stale):
        raise Conflict(
            f"Version {outcome.newest} is the newest by now, and it changed what this is about.",
            hint=f"Open version {outcome.newest}, and make the change over it.",
        )
    return outcome
