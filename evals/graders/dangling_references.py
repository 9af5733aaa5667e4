"""Each wish and requirement can be read alone: it points at nothing that stands elsewhere, or nowhere."""

from collections.abc import Iterable, Iterator

from assistant.domain.draft import Draft, RequirementBlock, TableBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.references import Reference, at_documents, at_earlier, numbered
from evals.language.wording import DANGLING_START
from evals.reading.prose import places, stories
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "dangling_references"
_ALONE = frozenset(["want", "benefit", "text"])
"""Fields of stories and requirements that somebody reads without the rest."""


def dangling_references(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Advise on a requirement that starts with `it` or `this`, on words that point elsewhere (`the above`, `as in the old release`,
    `per the attached sheet`) in wishes, requirements and steps, and anywhere on a section, table or story that the draft doesn't hold.
    """
    requirements = {block.id: block for block in draft.blocks() if isinstance(block, RequirementBlock)}
    asks = {*requirements, *(story.id for story in stories(draft))}
    held = _parts(draft)
    found = []
    for place in places(draft):
        refs = [ref for ref in numbered(place.text) if not _held(ref, held)]
        if place.target in asks and place.field in {*_ALONE, "criterion"}:
            refs += at_documents(place.text)
        if place.target in asks and place.field in _ALONE:
            refs += at_earlier(place.text)
        found += [_finding(place.target, ref.said, place.text) for ref in _first(refs)]
    for name, block in requirements.items():
        if start := DANGLING_START.match(block.text.strip()):
            found.append(_finding(name, start.group(), block.text))
    return found


def _first(refs: Iterable[Reference]) -> Iterator[Reference]:
    """The first of those that share words."""
    end = 0
    for ref in sorted(refs):
        if ref.start >= end:
            yield ref
            end = ref.end


def _parts(draft: Draft) -> frozenset[tuple[str, str]]:
    """What a number may point at: ids by themselves, tables by their order, stories and requirements by their numbers."""
    ids = {str(getattr(block, "id", "")) for block in draft.blocks()}
    parts = {("id", name) for name in ids}
    parts |= {("story" if name.startswith("US") else "requirement", name.rsplit("-", 1)[-1]) for name in ids}
    tables = sum(isinstance(block, TableBlock) for block in draft.blocks())
    parts |= {("table", str(number)) for number in range(1, tables + 1)}
    most = max((len(story.criteria) for story in stories(draft)), default=0)
    return frozenset(
        parts | {(name, str(number)) for number in range(1, most + 1) for name in ("scenario", "criterion")}
    )


def _held(ref: Reference, held: frozenset[tuple[str, str]]) -> bool:
    return (ref.part, ref.number) in held


def _finding(target: str, words: str, text: str) -> Finding:
    return Finding(
        grader=_NAME,
        severity=Severity.advise,
        target=target,
        message=f"{target} says '{words}': read alone, it doesn't say what that is.",
        evidence=text,
        fix="Name the thing.",
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="This timetable, which US-1 asks for, shall stay on the phone.")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="It shall keep the timetable that was mentioned above.")


GRADER = Grader(_NAME, 0, Severity.advise, dangling_references, _good, _bad)
