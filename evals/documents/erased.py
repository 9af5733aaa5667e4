"""What a check says of a draft whose evidence was erased on request: first that, then what still can be told."""

from collections.abc import Iterable, Iterator

from assistant.domain.draft import Draft
from assistant.domain.erasure import ERASED_RECORD
from assistant.domain.finding import Finding
from assistant.domain.redaction import erased_finding

_QUOTES = "quote_verbatim"


def after_erasure(draft: Draft, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings about a draft, with the reason why it is stale; of erased quotes it is said that they were erased."""
    gone = {name for name, quote in draft.quotes.items() if quote.record_id == ERASED_RECORD}
    if draft.stale_reason:
        yield erased_finding(draft.stale_reason)
    for one in findings:
        if one.grader == _QUOTES and one.target in gone:
            told = {"message": f"{one.target} was erased on request; nobody can verify it.", "evidence": ""}
            yield one.model_copy(update=told | {"fix": "Write the draft again."})
        else:
            yield one


def older_copy(draft: Draft) -> Finding:
    """What is said of a file that shows a draft as it was before the erasure. Args: draft: as it is stored now."""
    finding = erased_finding(
        f"{draft.stale_reason} This file may still show it: the stored draft reads otherwise."
    )
    return finding.model_copy(update={"fix": "Remove this file, and write the draft again."})
