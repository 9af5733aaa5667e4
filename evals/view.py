"""What a grader may look at besides the draft: the records it quotes, the corpus, the kind. Frozen, no I/O once built."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.domain.draft import Draft, Stance
from assistant.domain.record import Record
from assistant.errors import UnknownKind
from assistant.stores.port import CorpusRows
from assistant.workbench import Workbench
from prompts.loader import kinds

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


def view_of(bench: Workbench, draft: Draft) -> EvidenceView:
    """Read what the draft cites, each record in the revision that was quoted; ids that aren't stored are absent.

    Raises: UnknownKind.
    """
    return EvidenceView(bench.workspace, _quoted_records(bench, draft), bench.corpus(), kind_spec(draft.kind))


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


def abstains(draft: Draft) -> bool:
    """Whether the draft itself says that there is not enough evidence, or claims nothing about the world."""
    if draft.provenance.parameters.get("enough_evidence") is False:
        return True
    return not any(claim.stance in (Stance.supported, Stance.contradicted) for claim in draft.claims.values())
