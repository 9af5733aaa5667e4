"""Sections that somebody approved. An approval is about what a section says: whoever edits it withdraws it, whoever undoes the edit brings it back."""

from assistant.domain.base import digest
from assistant.domain.comment import SectionApproval
from assistant.domain.draft import PLACEHOLDER, Draft, Section
from assistant.domain.finding import Finding
from assistant.domain.label import Label, LabelVerdict
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench
from evals.check import check
from evals.release import Refusal, decision, later, with_overrulings

APPROVED = "section"
"""The question whose answer `right` approves a section."""
TAKEN_BACK = "section-withdrawn"
"""The question of labels that take all approvals of a section back; their item ends with the time of the last one."""


def approve_section(
    bench: Workbench, draft: Draft, section_id: str, *, by: str, reason: str = ""
) -> SectionApproval | Refusal:
    """Accept a section as it stands, unless a blocking finding about something in it stands.

    Raises: NotFound: no such section; UsageError: the draft is stale, or a name or reason that can't be kept; StoreError.
    """
    section = _section(draft, section_id)
    if draft.stale_reason:
        raise UsageError(f"The draft is stale: {draft.stale_reason}", hint="Write it again.")
    standing = tuple(
        one
        for one in with_overrulings(bench, draft, check(bench, draft)).standing
        if is_about(draft, section, one)
    )
    if standing:
        number = f"{len(standing)} blocking finding{'' if len(standing) == 1 else 's'}"
        return Refusal(
            f"{number} stand{'s' if len(standing) == 1 else ''} in the section '{section.title}'.",
            "Mend each, or overrule it with a reason.",
            standing,
        )
    label = decision(
        question=APPROVED,
        item=f"{draft.id}@{draft.version}#{section.id}#{state(draft, section)}",
        verdict=LabelVerdict.right,
        rater=by.strip(),
        reason=reason.strip(),
        record_ids=tuple(sorted({quote.record_id for quote in draft.quotes.values()})),
    )
    label = later(label, _labels(bench, draft))
    bench.catalog.labels.put(bench.workspace, label)
    return SectionApproval(
        section=section.id, by=label.rater, at=label.at, version=draft.version, reason=label.reason
    )


def withdraw(bench: Workbench, draft: Draft, section_id: str, *, by: str, reason: str = "") -> bool:
    """Take back every approval of a section as it stands. What was decided stays among the labels, and a label tells who took it back.

    Returns: whether there was one. Raises: NotFound; UsageError: a name or reason that can't be kept; StoreError.
    """
    section = _section(draft, section_id)
    taken = approvals(bench, draft).get(section.id)
    if taken is None:
        return False
    label = decision(
        question=TAKEN_BACK,
        item=f"{draft.id}@{draft.version}#{section.id}#{state(draft, section)}#{taken.at.isoformat()}",
        verdict=LabelVerdict.wrong,
        rater=by.strip(),
        reason=reason.strip(),
        shown=f"section, by {taken.by} on {taken.at.isoformat()}: {taken.reason}",
        record_ids=tuple(sorted({quote.record_id for quote in draft.quotes.values()})),
    )
    bench.catalog.labels.put(bench.workspace, later(label, _labels(bench, draft)))
    return True


def approvals(bench: Workbench, draft: Draft) -> dict[str, SectionApproval]:
    """The approval of each section that has one and still says what was approved; the last one where several people did."""
    states = {section.id: state(draft, section) for section in draft.sections}
    found: dict[str, SectionApproval] = {}
    for label in _labels(bench, draft):
        version, section, said = _said(label)
        if states.get(section) != said:
            continue
        if label.question == TAKEN_BACK:
            found.pop(section, None)
        else:
            found[section] = SectionApproval(
                section=section, by=label.rater, at=label.at, version=version, reason=label.reason
            )
    return found


def state(draft: Draft, section: Section) -> str:
    """Names what a section says: its blocks, their claims, the quotes and numbers in them. 16 hex digits."""
    names = {name for block in section.blocks for name in getattr(block, "claim_ids", ())}
    claims = [draft.claims[name] for name in sorted(names) if name in draft.claims]
    shown = set(PLACEHOLDER.findall(str(section) + " ".join(claim.text for claim in claims)))
    shown |= {name for claim in claims for name in (*claim.quote_ids, *claim.counter_quote_ids)}
    shown |= {name for block in section.blocks for name in getattr(block, "quote_ids", ())}
    quotes = [(name, draft.quotes[name].text) for name in sorted(shown & draft.quotes.keys())]
    facts = [(name, draft.facts[name].value) for name in sorted(shown & draft.facts.keys())]
    return digest(section, [one.model_dump(mode="json") for one in claims], quotes, facts, size=8)


def is_about(draft: Draft, section: Section, finding: Finding) -> bool:
    """Whether a finding is about something that stands in a section."""
    claims = {name for block in section.blocks for name in getattr(block, "claim_ids", ())}
    names = {section.id, *claims, *(str(getattr(block, "id", "")) for block in section.blocks)}
    names |= {name for block in section.blocks for name in getattr(block, "quote_ids", ())}
    held = [draft.claims[name] for name in claims if name in draft.claims]
    names |= {n for claim in held for n in (*claim.quote_ids, *claim.counter_quote_ids, *claim.fact_ids)}
    return finding.target in names | set(PLACEHOLDER.findall(str(section)))


def _section(draft: Draft, name: str) -> Section:
    wanted = name.removeprefix("section:")
    for section in draft.sections:
        if section.id == wanted:
            return section
    raise NotFound(
        f"Version {draft.version} of {draft.id} has no section '{name[:60]}'.",
        hint=f"Its sections: {', '.join(one.id for one in draft.sections)}.",
    )


def _labels(bench: Workbench, draft: Draft) -> list[Label]:
    """What was decided about the sections of a draft, in any version, the oldest first."""
    held = bench.catalog.labels.labels(bench.workspace, APPROVED, f"{draft.id}@")
    told = [
        one
        for one in held
        if one.question == TAKEN_BACK or (one.question == APPROVED and one.verdict is LabelVerdict.right)
    ]
    return sorted(told, key=lambda one: (one.at, one.id))


def _said(label: Label) -> tuple[int, str, str]:
    """Version, section and what it said."""
    item = label.item.rpartition("#")[0] if label.question == TAKEN_BACK else label.item
    where, section, said = item.rsplit("#", 2)
    return int(where.partition("@")[2]), section, said
