"""What a grader may look at besides the draft: the records it quotes, the corpus, the kind. Frozen, no I/O once built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

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


class _Barred:
    """What of a corpus may not be quoted although it has words, and which of it was read so far."""

    def __init__(self, corpus: CorpusRows) -> None:
        self._corpus = corpus
        self.read: dict[str, str] = {}
        """Passage id → its text if it reads like an order to a machine, else nothing. A passage never changes its text."""

    @cached_property
    def names(self) -> dict[str, None]:
        """Passage ids, in their order."""
        # The mark `u` says that a passage may be quoted. Few combinations of marks occur.
        barred = {mark for mark in set(self._corpus.marks) if mark and not mark.endswith("u")}
        pairs = zip(self._corpus.passage_ids, self._corpus.marks, strict=False)
        return {name: None for name, mark in pairs if mark in barred} if barred else {}


def _suspects(bench: Workbench, corpus: CorpusRows, draft: Draft) -> tuple[str, ...]:
    """What may not be quoted although it has words: first what was found for the draft, then the rest by id."""
    # Kept on the corpus itself, so that it goes when the snapshot goes: reading 1,000 passages for every check took 50 ms.
    barred: _Barred = vars(corpus).setdefault("_barred", _Barred(corpus))
    found = {name for name in draft.provenance.retrieved if name in barred.names}
    rest = islice((name for name in barred.names if name not in found), max(0, _MOST_BARRED - len(found)))
    first = [*sorted(found)[:_MOST_BARRED], *rest]
    missing = [name for name in first if name not in barred.read]
    if missing:
        barred.read.update(_orders(bench, missing))
    return tuple(text for name in first if (text := barred.read[name]))[:_MOST_SUSPECTS]


def _orders(bench: Workbench, names: Sequence[str]) -> dict[str, str]:
    passages = bench.catalog.records.passages(bench.workspace, names)
    held = bench.catalog.records.get(bench.workspace, sorted({one.record_id for one in passages.values()}))
    texts = {
        name: held[one.record_id].raw[one.start : one.end]
        for name, one in passages.items()
        if one.record_id in held
    }
    return {name: text if is_instruction_like(text := texts.get(name, "")) else "" for name in names}


def abstains(draft: Draft) -> bool:
    """Whether the draft itself says that there is not enough evidence, or claims nothing about the world."""
    if draft.provenance.parameters.get("enough_evidence") is False:
        return True
    return not any(claim.stance in (Stance.supported, Stance.contradicted) for claim in draft.claims.values())
