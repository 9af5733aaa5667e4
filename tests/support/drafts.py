"""A valid draft over real records, in memory or in a workspace, for tests of whatever shows, keeps or checks drafts."""

from assistant.domain.base import Frozen
from assistant.domain.draft import Draft
from assistant.domain.record import Record
from evals.check import grade
from evals.registry import OWN
from evals.sample import sample_draft, sample_records, sample_view
from evals.view import EvidenceView


def valid_draft(*, checked: bool = False) -> Draft:
    """A PRD of the workspace `default` that every grader passes. Args: checked: with its CheckReport."""
    draft = sample_draft()
    return draft.model_copy(update={"report": grade(draft, sample_view(), OWN)}) if checked else draft


def valid_records() -> tuple[Record, ...]:
    """The records that the draft quotes and counts, in the order of their ids."""
    return sample_records()


def valid_view() -> EvidenceView:
    """What graders look at beside the draft."""
    return sample_view()


def rebuilt(draft: Draft) -> Draft:
    """The draft after a round through JSON: refuses what `model_copy` let through."""
    return Draft.model_validate_json(draft.model_dump_json())


def same_json(one: Frozen, other: Frozen) -> bool:
    """Whether two models have the same JSON."""
    return one.model_dump_json() == other.model_dump_json()
