"""The models that the facade offers: one per kind of draft, and one that goes by what is asked."""

from http import HTTPStatus

from api.errors import HttpProblem
from prompts.loader import kinds

CHAT = "voxspec-chat"
_NAMES = {"prd": "voxspec-prd", "user_stories": "voxspec-stories", "insight_summary": "voxspec-insight"}
_CREATED = 1_767_225_600
"""2026-01-01; clients only show it."""


def names() -> dict[str, str | None]:
    """Model → kind of draft; None for the one that goes by what is asked. Kinds of others are there as `voxspec-<kind>`."""
    own = {name: kind for kind, name in _NAMES.items()}
    more = {f"voxspec-{kind.replace('_', '-')}": kind for kind in kinds() if kind not in _NAMES}
    return {**own, CHAT: None, **more}


def kind_of(model: str) -> str | None:
    """The kind that a model writes; None for the chat. Raises: HttpProblem (404)."""
    known = names()
    if model not in known:
        raise HttpProblem(
            HTTPStatus.NOT_FOUND,
            "model_not_found",
            f"The model '{model[:60]}' does not exist.",
            f"Use one of: {', '.join(known)}.",
            param="model",
        )
    return known[model]


def card(model: str) -> dict[str, str | int]:
    """A model as the list shows it."""
    return {"id": model, "object": "model", "created": _CREATED, "owned_by": "voxspec"}
