"""A draft as a file, with the records behind its numbers: read, counted again, and written."""

from assistant.domain.draft import Draft
from assistant.drafting.formats.behind import LITERAL, ROOMS, Behind, Counted, chosen, queries
from assistant.drafting.formats.render import render
from assistant.workbench import Workbench
from evals.recounting.recount import Recount, Unanswerable


def exported(bench: Workbench, draft: Draft, form: str) -> bytes:
    """The draft in a format, with the masks that the settings want. Raises: UsageError as `render` does."""
    wanted = sorted({quote.record_id for quote in draft.quotes.values()}) if form == "html" else []
    records = bench.catalog.records.get(bench.workspace, wanted)
    personal = bench.settings.show_personal_data
    behind = behind_of(bench, draft, form, show_personal=personal) if form in ROOMS and draft.facts else None
    return render(draft, form, records, behind=behind, show_personal=personal)


def behind_of(bench: Workbench, draft: Draft, form: str, *, show_personal: bool = False) -> Behind:
    """What stands behind a draft's numbers today, as much of it as a format has room for.

    Args:
        draft: as it is stored, without masks.
        form: one of `ROOMS`.
    """
    corpus = bench.corpus()
    counting = Recount(corpus, draft)
    of_fact, asked = queries(draft)
    counted: dict[str, Counted] = {}
    for name, where in asked.items():
        try:
            counted[name] = counting.behind(where)
        except Unanswerable:
            continue
    shown, listed = chosen(counted.values(), ROOMS[form])
    moments = dict(zip(corpus.record_ids, corpus.said_at, strict=True))
    shown.sort(key=lambda one: (moments[one] or 0.0, one))
    listed.sort(key=lambda one: (moments[one] or 0.0, one))
    held = bench.catalog.records.get(bench.workspace, shown)
    return Behind(
        queries=of_fact,
        counted=counted,
        again=_again(counting, draft),
        records={one: held[one] for one in shown if one in held},
        listed=tuple(listed),
        has_changed=draft.provenance.corpus != corpus.snapshot,
        show_personal=show_personal,
    )


def _again(counting: Recount, draft: Draft) -> dict[str, str]:
    told = {}
    for fact in draft.facts.values():
        if fact.measure in LITERAL:
            continue
        try:
            told[fact.id] = fact.model_copy(update={"value": counting.answer(fact)}).display
        except Unanswerable:
            told[fact.id] = ""
    return told
