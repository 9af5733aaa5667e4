"""Who asks, in which workspace, and what they hear while they wait."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.access.rules import refusal
from api.deps import Service
from assistant.domain.access import Principal

Report = Callable[[float, str], Awaitable[None]]
"""Told how many steps are done, and which one begins."""


async def silent(done: float, message: str) -> None:
    """Tells nobody."""


def unnoted(run: str) -> None:
    """Remembers nothing."""


@dataclass(frozen=True)
class Caller:
    """One call of one tool."""

    service: Service
    workspace: str
    principal: Principal
    report: Report = silent
    began: Callable[[str], None] = unnoted
    """Told the id of the run that this call asked for, so that its cancelling can stop it."""

    def demand(self, method: str, path: str) -> None:
        """Refuse what the caller may not do at that address of the HTTP service either. Raises: HttpProblem 403."""
        if refused := refusal(self.principal, method, path):
            raise refused
