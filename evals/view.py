"""What a grader may look at besides the draft: the records it quotes, the corpus, the kind. Frozen, no I/O once built."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.domain.draft import Draft, Stance
from assistant.domain.record import Record
from assistant.errors import UnknownKind
from assistant.search.instructions import is_instruction_like
from assistant.stores.port import CorpusRows
from assistant.workbench import Workbench
from prompts.loader import kinds

_MOST_BARRED = 1000
"""Most of what may not be quoted says nothing at all (`👍`)."""
_MOST_SUSPECTS = 200
Records = Mapping[tuple[str, str], Record]
"""(record id, revision) → that revision of the record."""


@dataclass(frozen=True)
class KindSpec:
    """What a kind of draft must hold, from its prompt file's front matter."""

    name: str
    sections: tuple[str, ...] = ()
    """Ids of the sections that must be there, with something in them."""
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Section id → block types that may stand in it; empty: any."""
    graders: tuple[str, ...] = ()
    """Names of the graders that apply; empty: all."""


def kind_spec(name: str) -> KindSpec:
    """What the prompt file of a kind asks for. Raises: UnknownKind."""
    known = kinds()
    if name not in known:
        raise UnknownKind(
            f"There is no kind of draft called '{name}'.", hint=f"Kinds here: {', '.join(sorted(known))}."
        )
    prompt = known[name]
    return KindSpec(
        name=name,
        sections=tuple(section.id for section in prompt.sections if section.required),
        blocks={section.id: section.blocks for section in prompt.sections},
        graders=prompt.graders,
    )


@dataclass(frozen=True)
class EvidenceView:
    """The context of every grader.

    Example:
        >>> grader.grade(draft, EvidenceView("default", records, corpus, KindSpec("prd")))
        []
    """

    workspace: str
    records: Records
    corpus: CorpusRows
    kind: KindSpec = field(default_factory=lambda: KindSpec(""))
    suspects: tuple[str, ...] = ()
    """Passages of the corpus that give orders to a machine: nothing of the draft may come from them. At most 200."""


def view_of(bench: Workbench, draft: Draft) -> EvidenceView:
    """Read what the draft cites, each record in the revision that was quoted; ids that aren't stored are absent.

    Raises: UnknownKind.
    """
    corpus = bench.corpus()
    return EvidenceView(
        bench.workspace,
        _quoted_records(bench, draft),
        corpus,
        kind_spec(draft.kind),
        _suspects(bench, corpus, draft),
    )


def _quoted_records(bench: Workbench, draft: Draft) -> dict[tuple[str, str], Record]:
    wanted = sorted({(quote.record_id, quote.revision) for quote in draft.quotes.values()})
    current = bench.catalog.records.get(bench.workspace, sorted({record_id for record_id, _ in wanted}))
    found = {(record_id, record.revision): record for record_id, record in current.items()}
    for record_id, revision in wanted:
        if (record_id, revision) not in found:
            older = bench.catalog.records.get(bench.workspace, [record_id], revision)
            if record_id in older:
                found[record_id, revision] = older[record_id]
    return {key: found[key] for key in wanted if key in found}


def _suspects(bench: Workbench, corpus: CorpusRows, draft: Draft) -> tuple[str, ...]:
    """What may not be quoted although it has words: first what was found for the draft, then the rest by id."""
    # The mark `u` says that a passage may be quoted; reading 100,000 of them takes a few milliseconds.
    barred = [
        name
        for name, mark in zip(corpus.passage_ids, corpus.marks, strict=False)
        if mark and not mark.endswith("u")
    ]
    if not barred:
        return ()
    found = frozenset(draft.provenance.retrieved)
    first = sorted(barred, key=lambda name: name not in found)[:_MOST_BARRED]
    passages = bench.catalog.records.passages(bench.workspace, first)
    held = bench.catalog.records.get(bench.workspace, sorted({one.record_id for one in passages.values()}))
    texts = (
        held[one.record_id].raw[one.start : one.end]
        for name in first
        if (one := passages.get(name)) and one.record_id in held
    )
    return tuple(text for text in texts if is_instruction_like(text))[:_MOST_SUSPECTS]


def abstains(draft: Draft) -> bool:
    """Whether the draft itself says that there is not enough evidence, or claims nothing about the world."""
    if draft.provenance.parameters.get("enough_evidence") is False:
        return True
    return not any(claim.stance in (Stance.supported, Stance.contradicted) for claim in draft.claims.values())
