"""Labels that come from a file: opinions, which decide nothing."""

from collections.abc import Iterable

from assistant.domain.label import Label
from assistant.errors import InputRejected
from assistant.stores.judgement_port import LabelStore

OPINIONS = ("judge:", "finding:")
"""Questions that raters answer. The others are decisions about drafts, which are taken one by one and in person."""


def opinions(labels: Iterable[Label], file: str) -> list[Label]:
    """The labels of a file as opinions: a finding called wrong loses its reason, without which it overrules none.

    Args: file: its name, for the message. Raises: InputRejected for what would approve a draft or take a decision back.
    """
    found = []
    for one in labels:
        if not one.question.startswith(OPINIONS):
            raise InputRejected(
                f"'{file}' answers '{one.question}', which is no question to raters.",
                hint=f"Only answers to {' and '.join(f'{name}…' for name in OPINIONS)} can be imported.",
            )
        found.append(one.model_copy(update={"reason": ""}) if one.question.startswith("finding:") else one)
    return found


def keep_newer(store: LabelStore, workspace: str, labels: Iterable[Label]) -> int:
    """Keep labels, but for those in whose place the same rater said something since. Returns: how many were kept."""
    known = {one.id: one.at for one in store.labels(workspace)}
    newer = [one for one in labels if one.id not in known or known[one.id] < one.at]
    for one in newer:
        store.put(workspace, one)
    return len(newer)
