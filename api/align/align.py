"""The use case: hold a branch against a draft. Reads the workspace, writes nothing, asks no language model."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from api.align.alignment import (
    Alignment,
    ItemAligned,
    Misfit,
    OutsideTouched,
    Sign,
    Stand,
    TicketNamed,
    Verdict,
)
from api.align.branch import Branch
from api.align.likeness import Comparison, Likeness, Wanted, of_files
from api.align.misfits import misfits
from api.align.naming import Named, Passage, Says, named_in, passages, says_none
from api.align.spec import Item, Spec, gist_of_non_goal
from api.align.tickets import Board
from api.align.weighing import (
    LEAST,
    is_clear,
    is_worth_a_look,
    misses,
    nearest,
    puts_off,
    stand_of,
    takes_away,
)
from api.shown import shown_stale
from assistant.domain.finding import Severity
from assistant.domain.personal.find import masked
from assistant.drafting.staleness.evaluate import stale_in
from assistant.drafting.staleness.standing import Standing
from assistant.errors import ModelError
from assistant.llm.port import Embedder
from assistant.search.matrix import columns_of
from assistant.workbench import Workbench

_MOST_SIGNS = 5
_ORDER = (Says.against, Says.does, Says.touches)


@dataclass
class _Found:
    """What speaks of one item."""

    signs: list[Sign] = field(default_factory=list)
    clear: bool = False
    look: bool = False


def align(
    bench: Workbench, spec: Spec, branch: Branch, pr_text: str = "", *, complete: bool = False
) -> Alignment:
    """Hold a branch and the text of its pull request against a draft.

    Ids and ticket keys come first; what isn't named is compared by words and meaning, which can say `touches` or `unclear`, never
    `does`.

    Args:
        pr_text: Markdown, the title on its first line; empty: there is none.
        complete: whether the branch has to do every item of the draft.

    Raises: StoreError. An embedder that doesn't answer leaves the comparison to words.
    """
    told = passages(branch, pr_text)
    named = [one for passage in told for one in named_in(passage)]
    board = Board(bench, spec.id if spec.draft is not None else "")
    tickets = board.named(one.name for one in named if spec.item(one.name) is None)
    items = [one for one in spec.items if not _is_carried(one, spec)]
    found = {one.id: _Found() for one in items}
    _by_name(spec, items, named, tickets, found)
    embedder, compared_by = _embedder(bench)
    outside = _by_words(spec, items, told, found, embedder)
    open_text = bench.settings.show_personal_data
    stale = _stale(bench, spec)
    aligned = tuple(
        _item(
            one, found[one.id], [stale[name] for name in (one.id, *one.claim_ids) if name in stale], open_text
        )
        for one in items
    )
    unknown = _unknown(spec, named, tickets)
    draft = Alignment(
        verdict=Verdict.aligned,
        draft_id=spec.id,
        version=spec.version,
        title=spec.title if open_text else masked(spec.title),
        branch=branch.name,
        base=branch.base,
        commits=len(branch.commits),
        files=len(branch.files),
        items=aligned,
        non_goals=tuple(outside),
        tickets=tuple(tickets),
        unknown=tuple(dict.fromkeys(one.name for one in unknown)),
        compared_by=compared_by,
        is_stored=spec.draft is not None,
    )
    problems = tuple(misfits(draft, spec, named, complete=complete))
    return draft.model_copy(
        update={"misfits": problems, "verdict": _verdict(draft, problems, none=says_none(pr_text, branch))}
    )


def _verdict(found: Alignment, problems: Sequence[Misfit], *, none: bool) -> Verdict:
    if any(one.severity is Severity.block for one in problems):
        return Verdict.misaligned
    if none or found.of(Stand.does) or found.of(Stand.touches) or any(one.elsewhere for one in found.tickets):
        return Verdict.aligned
    return Verdict.unclear


def _is_carried(item: Item, spec: Spec) -> bool:
    """Whether it is a story whose requirements speak for it."""
    return any(item.id in one.story_ids for one in spec.items)


def _by_name(
    spec: Spec,
    items: Sequence[Item],
    named: Iterable[Named],
    tickets: Sequence[TicketNamed],
    found: dict[str, _Found],
) -> None:
    doing = {one.key: one.items for one in tickets}
    for one in named:
        key = one.name.removeprefix("#")
        for item in items:
            by = "id" if one.name == item.id else ""
            by = by or (f"story {one.name}" if one.name in item.story_ids else "")
            held = doing.get(key, ())
            if not by and (item.id in held or not set(held).isdisjoint(item.story_ids)):
                by = f"ticket {key}"
            if not by:
                continue
            found[item.id].signs.append(_sign(one.passage, one.says, by))
            if by == "id" and (said := misses(item, one.passage, spec.language)):
                sign = _sign(one.passage, Says.against, "bound")
                found[item.id].signs.append(sign.model_copy(update={"words": said}))


def _by_words(
    spec: Spec,
    items: Sequence[Item],
    told: Sequence[Passage],
    found: dict[str, _Found],
    embedder: Embedder | None,
) -> list[OutsideTouched]:
    """Add what words and meaning say of items. Returns: the non-goals that the branch comes near to."""
    outside = dict(spec.non_goals)
    wanted = [Wanted(one.id, one.gist) for one in items]
    wanted += [Wanted(name, gist_of_non_goal(text)) for name, text in spec.non_goals]
    gists = {one.id: one.gist for one in wanted}
    compared = [one for one in told if one.is_said] + of_files(told)
    removing = {one for one in compared if takes_away(one)}
    near = nearest(Comparison(wanted, spec.language, embedder).near(compared, LEAST))
    touched: dict[str, list[Likeness]] = {}
    for one in near:
        clear, look = is_clear(one), is_worth_a_look(one)
        if not (clear or look) or puts_off(one.passage, gists[one.item]):
            continue
        if one.item in outside:
            touched.setdefault(one.item, []).append(one)
            continue
        held = found[one.item]
        if one.passage in removing:
            # A branch that removes an old way may do so for the requirement: that is for a person to say.
            clear, look = False, True
        held.clear, held.look = held.clear or clear, held.look or look
        held.signs.append(_sign(one.passage, Says.touches, "words", one))
    return [_outside(name, outside[name], touched[name]) for name in outside if name in touched]


def _outside(name: str, text: str, near: Sequence[Likeness]) -> OutsideTouched:
    signs = sorted(
        (_sign(one.passage, Says.touches, "words", one) for one in near),
        key=lambda one: -(one.coverage + one.cosine),
    )
    clear = any(is_clear(one) and len(one.words) > 1 for one in near)
    return OutsideTouched(name=name, text=text, is_clear=clear, signs=tuple(signs[:_MOST_SIGNS]))


def _item(item: Item, found: _Found, stale: Sequence[str], open_text: bool) -> ItemAligned:
    stand = stand_of(found.signs, clear=found.clear, look=found.look)
    signs = sorted(
        dict.fromkeys(found.signs),
        key=lambda one: (
            one.by == "words",
            one.by != "bound",
            _ORDER.index(one.says),
            -(one.coverage + one.cosine),
        ),
    )
    works = stand in (Stand.does, Stand.touches, Stand.contradicted)
    return ItemAligned(
        item=item.id,
        text=item.text if open_text else masked(item.text),
        stand=stand,
        signs=tuple(signs[:_MOST_SIGNS]),
        stale=tuple(dict.fromkeys(stale)) if works else (),
    )


def _sign(passage: Passage, says: Says, by: str, near: Likeness | None = None) -> Sign:
    return Sign(
        says=says,
        by=by,
        where=passage.where.value,
        place=passage.place,
        line=passage.line,
        text=passage.shown,
        words=near.words if near else (),
        coverage=round(near.coverage, 2) if near else 0.0,
        cosine=round(near.cosine, 2) if near else 0.0,
    )


def _unknown(spec: Spec, named: Iterable[Named], tickets: Iterable[TicketNamed]) -> Iterator[Named]:
    """Ids of requirements, by their form, that neither the draft nor a tracker holds."""
    keys = {one.key for one in tickets}
    for one in named:
        is_said = one.name.startswith(("FR-", "NFR-", "US-")) and one.passage.is_said
        if is_said and spec.item(one.name) is None and one.name not in keys:
            yield one


def _stale(bench: Workbench, spec: Spec) -> dict[str, str]:
    """Claim, story or requirement → why it no longer holds. Empty where the draft isn't stored here."""
    if spec.draft is None:
        return {}
    found = stale_in(bench, spec.draft, Standing(columns_of(bench)))
    shown = (shown_stale(bench.settings, one) for one in found)
    return {
        one.claim_id.partition(".")[0]: f"{one.claim_id}: {one.reason}"
        for one in shown
        if not one.reads_the_same
    }


def _embedder(bench: Workbench) -> tuple[Embedder | None, str]:
    """The workspace's embedder, if it answers."""
    try:
        held = bench.embedder
        held.embed(["a branch"])
    except ModelError:
        return None, "words"
    return held, "words and meaning"
