"""The insight summary: what changed, what stands, what contradicts itself, what is only loud — on one page."""

from collections import Counter
from math import ceil
from statistics import median

from assistant.domain.draft import ClaimsBlock, Section, TableBlock, TextBlock
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.drafting.closing import competitors, evidence, questions, too_thin
from assistant.drafting.desk import Desk, listed
from assistant.drafting.drivers import Driver, driver_sentence, driver_table, drivers
from assistant.drafting.facts import narrow
from assistant.drafting.gaps import gaps
from assistant.drafting.needs import Landscape
from assistant.drafting.paragraphs import (
    LANGUAGES,
    against,
    contradiction,
    gap,
    heading,
    how_large,
    named,
    reach,
    says_praise,
    says_problem,
    share_in,
    what_fails,
    what_it_costs,
    who_has_it,
    window,
)
from assistant.drafting.profile import TOO_FEW, Profile, halves, pick, profile
from assistant.drafting.stored import Stored
from assistant.workbench import Workbench

_CLEAR = 0.75
"""Least share of a theme's passages that hold its keywords, as a part of the median over all themes; below, a theme has no
one subject. (In long reviews every theme shares most of its words with the others, so there is no fixed bound.)"""
_AT_HOME = 0.2
"""Share of the records from which a language's themes stand among all others; below, they have a section of their own."""
_THEMES = 4
"""Themes with a section of their own; the rest stands in the table."""


def insight_sections(
    bench: Workbench,
    desk: Desk,
    landscape: Landscape,
    brief: str,
    limit: int,
    stored: Stored | None = None,
) -> tuple[str, list[Section]]:
    """Title and sections. Themes are ranked by people, those that grow first.

    Args: stored: where the landscape is of stored themes; the page then also tells what goes with ratings, and what it can't say.
    """
    needs = [profile(desk, [group]) for group in landscape.groups]
    home = _home_languages(desk)
    local = [need for need in needs if need.language in home]
    least = _CLEAR * median([need.clear for need in needs] or [0.0])
    clear = [need for need in local if need.clear >= least]
    hurting = [need for need in clear if (need.is_problem or need.split) and need.people >= TOO_FEW]
    ranked = sorted(hurting, key=_weight)
    themes, shown = ranked[:limit], _shown(ranked)
    listing = [*themes, *(need for need in shown if need not in themes)]
    found = drivers(desk, listing) if stored else []
    sections = [_summary(desk, shown, ranked), _overview(desk, listing, found, is_stored=stored is not None)]
    sections += [_theme(desk, need, place, found) for place, need in enumerate(shown, start=1)]
    works = [
        need
        for need in local
        if (need.clear >= 0.8 * least or stored)
        and not need.is_problem
        and not need.split
        and need.contented >= TOO_FEW
    ]
    sections += [
        section
        for section in (_works(desk, works, is_stored=stored is not None), _languages(desk, needs, home))
        if section
    ]
    question = brief or (shown[0].label if shown else "")
    if section := competitors(bench, desk, question):
        sections.append(section)
    asked = questions(desk, shown)
    sections.append(
        Section(
            id="ask",
            title="What to ask next",
            blocks=tuple(asked) or (TextBlock(text="Nothing stands out."),),
        )
    )
    thin = too_thin(desk, [need for need in clear if need not in works])
    if silent := [*thin, *(gaps(desk, stored) if stored else ())]:
        block = ClaimsBlock(claim_ids=tuple(silent), style="list")
        title = "What this can't say" if stored else "Not enough evidence"
        sections.append(Section(id="silence", title=title, blocks=(block,)))
    sections.append(evidence(desk))
    weeks = desk.book.fact(Measure.weeks, scope=usual_scope(desk))
    about = f" about “{brief}”" if brief else ""
    return f"What {weeks} weeks of feedback say{about} — insight summary", sections


def _shown(ranked: list[Profile]) -> list[Profile]:
    """The themes with a section of their own: the first ones, the one that contradicts itself most, and the first that is only loud."""
    first = ranked[:_THEMES]
    odd = [
        _most_split(ranked),
        next((need for need in ranked if need.loud), None),
    ]
    return first + [need for need in odd if need is not None and need not in first]


def _most_split(needs: list[Profile]) -> Profile | None:
    """Of the needs whose sources disagree, the one where most people stand on the smaller side."""
    return max(
        (need for need in needs if need.split),
        key=lambda need: min(need.people, need.contented),
        default=None,
    )


def _weight(need: Profile) -> tuple[float, str]:
    """What grows counts double; what is loud from few accounts is ranked by its people, as everything is."""
    return -need.people * (2.0 if need.trend.direction == "growing" else 1.0), need.label


def _summary(desk: Desk, themes: list[Profile], ranked: list[Profile]) -> Section:
    claims = [desk.claim(_scope_line(desk))]
    blocks: list[ClaimsBlock | TextBlock] = [ClaimsBlock(claim_ids=tuple(claims), lead="Scope:")]
    growing = [need for need in themes if need.trend.direction == "growing" and not need.split]
    standing = [
        need for need in themes if need.trend.direction == "steady" and not need.split and not need.loud
    ]
    said: list[str] = []
    if growing:
        scope = window(desk, growing[0])
        since = desk.book.fact(Measure.first_date, growing[0].hurts, scope)
        who = f"{desk.many(growing[0].hurts, scope)}{desk.accounts(growing[0].hurts, scope)}"
        said.append(
            desk.claim(f"What changed is {named(growing[0])}: since {since}, {who} have written about it.")
        )
    if standing:
        names = listed([f"{named(need)} ({desk.many(need.hurts)})" for need in standing[:2]])
        said.append(desk.claim(f"What comes up at a constant rate is {names}."))
    if split := _most_split(themes):
        said.append(
            desk.claim(
                f"What people say of {named(split)} depends on whom one asks, so ask before acting: {desk.many(split.hurts)} against {desk.many(split.works)}."
            )
        )
    if loud := next((need for need in themes if need.loud), None):
        rank = desk.book.fact(
            Measure.rank_by_people,
            loud.hurts,
            peers=tuple(sorted({need.hurts for need in ranked} - {loud.hurts})),
        )
        said.append(
            desk.claim(f"What is louder than it is wide is {named(loud)}: by people it ranks {rank}.")
        )
    if not said:
        said = [desk.claim(f"{desk.many(need.hurts)} write about {named(need)}.") for need in themes[:2]]
    if said:
        blocks.append(ClaimsBlock(claim_ids=tuple(said)))
    return Section(id="summary", title="In one breath", blocks=tuple(blocks))


def _scope_line(desk: Desk) -> str:
    parts = [f"{desk.book.fact(Measure.records)} records"]
    if desk.counts is Measure.people:
        parts.append(f"from {desk.many(None)}{desk.accounts(None)}")
    usual = usual_scope(desk)
    if desk.book.span():
        parts.append(
            f"{desk.book.fact(Measure.first_date, scope=usual)} to {desk.book.fact(Measure.last_date, scope=usual)}"
        )
    strays = (
        desk.book.fact(Measure.records, scope=narrow(desk.book.scope, until=usual.since))
        if usual.since
        else ""
    )
    early = f"; {strays} are dated long before" if strays and desk.book.number(strays) else ""
    duplicates = desk.book.fact(Measure.duplicates)
    repeated = "duplicate is" if desk.book.number(duplicates) == 1 else "duplicates are"
    return f"{', '.join(parts)}{early}; {duplicates} {repeated} counted once."


def usual_scope(desk: Desk) -> Scope:
    """The scope without records whose date is a stray, such as one of 1970."""
    span = desk.book.span()
    return narrow(desk.book.scope, since=span[0], until=span[1]) if span else desk.book.scope


def _overview(desk: Desk, themes: list[Profile], found: list[Driver], *, is_stored: bool) -> Section:
    """All themes with their numbers, so that the order of the page can be checked at a glance."""
    if not themes:
        text = TextBlock(text="No theme reaches enough people to be named.")
        return Section(id="themes", title="Themes", blocks=(text,))
    noun = "people" if desk.counts is Measure.people else "reports"
    windows = halves(desk)
    rows = []
    for need in themes:
        mark = (
            "sources disagree"
            if need.split
            else "few accounts"
            if need.loud
            else need.lift.value
            if need.lift
            else ""
        )
        works = desk.book.fact(desk.counts, need.works or desk.book.nobody())
        shares = [share_in(desk, need, half) for half in windows or ()]
        everyone = FactFilter(scope=desk.book.scope)
        of_all = (desk.share(everyone.model_copy(update={"selection": need.about}), everyone),)
        hurts = desk.book.fact(desk.counts, need.hurts)
        rows.append((need.label, *(of_all if is_stored else ()), hurts, works, *shares, mark))
    later = windows[1].since if windows else None
    cut = desk.book.constant(later.date().isoformat()) if later else ""
    share = (f"share of all until {cut}", "share after") if later else ()
    table = TableBlock(
        header=("theme", *((f"share of {noun}",) if is_stored else ()), f"{noun} troubled", f"{noun} content", *share, "note"),
        rows=tuple(rows),
    )  # fmt: skip
    told = TextBlock(
        text="Told in detail below: the leading themes, and such as contradict themselves or are louder than they are wide."
    )
    return Section(id="themes", title="Themes", blocks=(table, *driver_table(desk, found), told))


def _theme(desk: Desk, need: Profile, place: int, found: list[Driver]) -> Section:
    blocks: list[ClaimsBlock] = []
    if need.split:
        first = [*contradiction(desk, need), *who_has_it(desk, need)]
    else:
        first = [*reach(desk, need), *who_has_it(desk, need)]
    blocks.append(ClaimsBlock(claim_ids=tuple(first)))
    detail = [*what_fails(desk, need), *how_large(desk, need), *what_it_costs(desk, need)]
    detail += [driver_sentence(desk, one) for one in found if one.need is need]
    if detail:
        blocks.append(ClaimsBlock(claim_ids=tuple(detail)))
    if not need.split and (other := against(desk, need, _least_against(need))):
        blocks.append(ClaimsBlock(claim_ids=tuple(other), lead="Against:"))
    unknown, _ = gap(desk, need)
    if unknown:
        blocks.append(ClaimsBlock(claim_ids=tuple(unknown), lead="What we don't know:"))
    return Section(id=f"theme-{place}", title=heading(need), level=3, blocks=tuple(blocks))


def _least_against(need: Profile) -> int:
    """How many must speak against it to be heard: a tenth of the troubled, and never more than make a need."""
    return min(TOO_FEW, ceil(0.1 * need.people))


def _works(desk: Desk, needs: list[Profile], *, is_stored: bool) -> Section | None:
    needs = sorted(needs, key=lambda need: (-need.contented, need.label))[:4]
    claims = []
    for need in needs:
        # A theme holds what was said around it too.
        shown = pick(need, need.praise, 1, says_praise, on_subject=is_stored)
        quote = f": {{{desk.quote(shown[0])}}}" if shown else "."
        claims.append(desk.claim(f"{desk.many(need.works)} speak well of {named(need)}{quote}"))
    return (
        Section(id="works", title="What works", blocks=(ClaimsBlock(claim_ids=tuple(claims), style="list"),))
        if claims
        else None
    )


def _home_languages(desk: Desk) -> frozenset[str]:
    """Languages whose needs are told among all others: English, and those that much of the scope is written in."""
    codes = [desk.reader.matrix.rows.language[row] for row in desk.book.rows(None, desk.book.scope).tolist()]
    counts = Counter(code for code in codes if code != "und")
    return frozenset(
        {"en", "und", *(code for code, count in counts.items() if count >= _AT_HOME * counts.total())}
    )


def _languages(desk: Desk, needs: list[Profile], home: frozenset[str]) -> Section | None:
    claims = []
    for need in sorted((n for n in needs if n.language not in home), key=lambda n: (-n.people, n.label)):
        if need.people < TOO_FEW:
            continue
        rows = desk.reader.matrix.rows
        own = [saying for saying in need.sayings if rows.language[saying.row] == need.language]
        shown = pick(need, own, 1, says_problem, on_subject=True) or pick(need, own, 1, says_problem)
        quote = f": {{{desk.quote(shown[0])}}}" if shown else "."
        language = LANGUAGES.get(need.language, f"the language “{need.language}”")
        who = desk.many(need.about, narrow(desk.book.scope, languages=(need.language,)))
        claims.append(desk.claim(f"In {language}, {who} write about {named(need)}{quote}"))
    return (
        Section(
            id="languages",
            title="In other languages",
            blocks=(ClaimsBlock(claim_ids=tuple(claims[:5]), style="list"),),
        )
        if claims
        else None
    )
