"""Sentences about a need, each with its proof: who says so, since when, what it costs, what speaks against it.

A sentence is written only where something is known, so needs with different evidence don't read alike.
"""

import re
from collections import Counter

import numpy as np

from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.text import stem
from assistant.drafting.desk import Desk, listed
from assistant.drafting.facts import narrow
from assistant.drafting.profile import LOUD_ACCOUNTS, READ, TOO_FEW, Profile, halves, pick
from assistant.drafting.reader import Sentence
from assistant.drafting.segments import Lift
from assistant.drafting.sizes import stated_size
from assistant.search.cues import cues_for
from assistant.search.stance import score_of

_VARIANTS = (
    re.compile(r"\b(CSV|PDF|XLSX|PNG|JPE?G|HTML|XML|DOCX)\b"),
    re.compile(r"\b(iOS|iPhone|iPad|Android|Windows|macOS|Linux)\b"),
    re.compile(r"\b(Safari|Chrome|Firefox|Edge)\b"),
)
"""Families of things that may behave differently."""
ROLE_SEGMENTS = ("role", "job", "persona", "position", "funktion", "rolle", "type_traveller", "user_type")
PLAN_SEGMENTS = ("plan", "tier", "edition", "subscription")
DEVICE_SEGMENTS = ("device", "platform", "os", "browser")
LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "zh": "Chinese",
}
_TELLING_LIFT = 1.2
"""Those who report are on a release so many times as often as everyone; below, nearly everyone is on it and the share tells nothing."""
_COST = {"burden": 1.2, "loss": 1.0}
_TIME_LOST = re.compile(
    r"\b(?:costs?|takes?|took|taking|wait(?:s|ed|ing)?|los(?:e|es|t|ing)|spen[dt]|spending|wast(?:e|es|ed|ing))\b[^.!?]{0,40}?"
    r"\b(?:hours?|minutes|days|evenings?|weeks?|mornings?|afternoons?|nights?)\b",
    re.IGNORECASE,
)
_BY_HAND = re.compile(
    r"\b(?:by hand|manually|all over again|everything twice|retype|copy[- ]paste)\b", re.IGNORECASE
)


def named(need: Profile) -> str:
    """The need's name inside a sentence; `this` where the whole draft is about it."""
    return "this" if need.is_topic else f"“{need.label}”"


def heading(need: Profile) -> str:
    """The need's name as a heading, with what is remarkable about it."""
    marks = []
    if need.split:
        marks.append("a contradiction")
    elif need.trend.direction != "unknown":
        marks.append(need.trend.direction)
    if need.loud:
        marks.append("loud, from few accounts")
    elif need.lift:
        marks.append(need.lift.value)
    name = need.label[:1].upper() + need.label[1:]
    return f"{name} — {', '.join(marks)}" if marks else name


def window(desk: Desk, need: Profile) -> Scope:
    """The span in which the need is what it is now: since its change, or all of the scope."""
    growing = need.trend.direction == "growing" and need.trend.since is not None
    return narrow(desk.book.scope, since=need.trend.since) if growing else desk.book.scope


def reach(desk: Desk, need: Profile) -> list[str]:
    """Who reports it, in what rate, since when and from which release."""
    scope = window(desk, need)
    who = f"{desk.many(need.hurts, scope)}{desk.accounts(need.hurts, scope)}"
    shown = [desk.quote(sentence) for sentence in pick(need, need.sayings, 1, says_problem)]
    trouble = f"trouble with {named(need)}" if not need.is_topic else "this as a problem"
    if need.trend.direction == "growing" and need.trend.before is not None:
        since = desk.book.fact(Measure.first_date, need.hurts, scope)
        earlier = narrow(desk.book.scope, since=need.trend.before, until=need.trend.since)
        before = desk.many(need.hurts, earlier)
        start = desk.book.constant(need.trend.before.date().isoformat())
        have = desk.verb(need.hurts, "has", "have", scope)
        text = f"Since {since}, {who} {have} reported {trouble}; from {start} until then, {before} had."
        return [desk.claim(text, quotes=shown), *_release(desk, need)]
    if asks(need):
        verb = desk.verb(need.hurts, "asks", "ask", scope)
        text = f"{who} {verb} for {named(need)}, or for it to be better."
    else:
        text = f"{who} {desk.verb(need.hurts, 'reports', 'report', scope)} {trouble}."
    return [desk.claim(text, quotes=shown), *_rate(desk, need)]


def asks(need: Profile) -> bool:
    """Whether people ask for something rather than report a failure."""
    asking = sum(1 for saying in need.sayings if any(_is_request(sentence) for sentence in saying.sentences))
    return asking > sum(1 for saying in need.sayings if saying.symptom_ids)


def _is_request(sentence: Sentence) -> bool:
    return any(phrase.kind in {"want", "thing"} for phrase in sentence.phrases)


def _release(desk: Desk, need: Profile) -> list[str]:
    if not need.release:
        return []
    name, fresh = need.release
    scope = window(desk, need)
    every = tuple(sorted(str(value) for value in desk.reader.matrix.segment(name).known))
    share = desk.share(
        FactFilter(scope=narrow(scope, segments={name: fresh}), selection=need.hurts),
        FactFilter(scope=narrow(scope, segments={name: every}), selection=need.hurts),
    )
    everyone = desk.share(
        FactFilter(scope=narrow(scope, segments={name: fresh})),
        FactFilter(scope=narrow(scope, segments={name: every})),
    )
    first = desk.book.fact(Measure.first_date, scope=narrow(desk.book.scope, segments={name: fresh}))
    versions = listed([desk.book.constant(version) for version in fresh], "or")
    text = f"The feedback first names {versions} on {first}."
    if desk.book.number(share) < _TELLING_LIFT * desk.book.number(everyone):
        known = f"Of everyone who wrote since and whose release is known, {everyone} were on one of these"
        return [desk.claim(f"{text} {known}: the dates point at the release, the shares can't.")]
    text = f"{text} Of those whose release is known, {share} were on one of these"
    return [desk.claim(f"{text}, against {everyone} of everyone who wrote since.")]


def share_in(desk: Desk, need: Profile, window: Scope) -> str:
    """The need's share of all that was said in a window, as a placeholder."""
    part = FactFilter(scope=window, selection=need.hurts)
    return desk.book.fact(
        Measure.share_of_records, need.hurts, window, of=part.model_copy(update={"selection": None})
    )


def _rate(desk: Desk, need: Profile) -> list[str]:
    """For a standing need: its share of what is said in the earlier and the later half."""
    windows = halves(desk)
    if need.trend.direction not in {"steady", "fading"} or windows is None:
        return []
    before, after = windows
    if need.trend.direction == "fading" and need.trend.since:
        before, after = (
            half.model_copy(update=change)
            for half, change in ((before, {"until": need.trend.since}), (after, {"since": need.trend.since}))
        )
    start, cut = (
        desk.book.constant(moment.date().isoformat()) for moment in (before.since, after.since) if moment
    )
    what = (
        "a standing need rather than a trend"
        if need.trend.direction == "steady"
        else "heard of less often than before"
    )
    early, late = share_in(desk, need, before), share_in(desk, need, after)
    return [desk.claim(f"It is {what}: {early} of what was said from {start} to {cut}, {late} after it.")]


def who_has_it(desk: Desk, need: Profile) -> list[str]:
    """The segment that stands out, against everyone; and whether few accounts are behind it."""
    claims = []
    scope = window(desk, need)
    if need.lift:
        name = need.lift.segment
        known = narrow(
            scope, segments={name: tuple(sorted(str(v) for v in desk.reader.matrix.segment(name).known))}
        )
        within = narrow(scope, segments={name: (need.lift.value,)})
        share = desk.share(
            FactFilter(scope=within, selection=need.hurts), FactFilter(scope=known, selection=need.hurts)
        )
        everyone = narrow(desk.book.scope, segments=known.segments)
        base = desk.share(FactFilter(scope=need.lift.scope), FactFilter(scope=everyone))
        plain = name.replace("_", " ")
        claims.append(
            desk.claim(
                f"Of those whose {plain} is known, {share} {segment_words(need.lift)}, against {base} of everyone."
            )
        )
    if need.loud:
        claims.append(_loud(desk, need))
    return claims


def segment_words(lift: Lift) -> str:
    """What a segment value says of people, as the end of «they …»."""
    name, value = lift.segment.casefold(), lift.value
    if name in PLAN_SEGMENTS:
        return f"are on the {value} plan"
    if name in DEVICE_SEGMENTS:
        return f"use {value}"
    if name in ROLE_SEGMENTS:
        return f"write as {value}"
    return f"have {lift.segment.replace('_', ' ')} “{value}”"


def _loud(desk: Desk, need: Profile) -> str:
    top = desk.book.constant(str(LOUD_ACCOUNTS))
    share = desk.book.fact(Measure.top_accounts_share, need.hurts, param=str(LOUD_ACCOUNTS))
    records = desk.book.fact(Measure.records, need.hurts)
    return desk.claim(
        f"It is louder than it is wide: {share} of the {records} reports come from {top} accounts."
    )


def what_fails(desk: Desk, need: Profile) -> list[str]:
    """The symptoms that many name, with how many name each, and one of them in their words; else just the words of one."""
    # «Doesn't work» says less than what else they name.
    facets = sorted(need.marked, key=lambda facet: facet.symptom.id == "broken")[:3]
    if not facets:
        # Where sources disagree, both sides are shown already.
        typical = [] if need.split else pick(need, need.sayings, 1, says_problem, on_subject=True)
        return [desk.claim(f"In the words of one of them: {{{desk.quote(one)}}}") for one in typical]
    parts = [f"{facet.symptom.noun} ({desk.many(facet.selection)})" for facet in facets]
    shown = pick(
        need,
        desk.reader.read(facets[0].passages[:READ].tolist()),
        1,
        lambda sentence: float(facets[0].symptom in sentence.symptoms),
    )
    example = f": {{{desk.quote(shown[0])}}}" if shown else "."
    return [desk.claim(f"What they name is {listed(parts)}{example}")]


def how_large(desk: Desk, need: Profile) -> list[str]:
    """The largest size that somebody names."""
    # A theme may hold a passage of its neighbour; the topic of a brief holds only what is about it.
    words = () if need.is_topic else need.keywords
    size = stated_size(desk, need.sayings, words)
    return [desk.claim(f"The sizes that they name go up to {size}.")] if size else []


def what_it_costs(desk: Desk, need: Profile) -> list[str]:
    """What people do instead, or lose, in the words of one of them."""
    shown = pick(need, need.sayings, 1, lambda sentence: _cost(sentence, need.keywords))
    return (
        [desk.claim(f"What it costs them, in the words of one of them: {{{desk.quote(shown[0])}}}")]
        if shown
        else []
    )


def against(desk: Desk, need: Profile, least: int = 1) -> list[str]:
    """Those for whom it works, or who found a way round; nothing where they are fewer than `least`."""
    if need.works is None or need.contented < least:
        return []
    shown = pick(need, need.praise, 1, says_praise, on_subject=True)
    quotes = [desk.quote(sentence) for sentence in shown]
    one = need.contented == 1
    text = f"{desk.many(need.works)} {'says' if one else 'say'} that it works for them, or that they found a way round"
    return [desk.claim(f"{text}: {{{quotes[0]}}}" if quotes else f"{text}.", counter=quotes)]


def contradiction(desk: Desk, need: Profile) -> list[str]:
    """Two sources that say the opposite, side by side."""
    if need.split is None or need.works is None:
        return []
    rows = desk.reader.matrix.rows
    bad = [saying for saying in need.sayings if rows.source[saying.row] == need.split.complaining_source]
    good = [saying for saying in need.praise if rows.source[saying.row] == need.split.content_source]
    low = [desk.quote(sentence) for sentence in pick(need, bad, 1, says_problem)]
    high = [desk.quote(sentence) for sentence in pick(need, good, 1, says_praise)]
    judging = np.union1d(
        desk.book.rows(need.hurts, desk.book.scope), desk.book.rows(need.works, desk.book.scope)
    )
    judges = desk.book.select(
        judging, f"of those close to «{need.label}»: the ones that complain, ask or praise"
    )
    happy = desk.share(
        FactFilter(scope=need.split.content, selection=need.works),
        FactFilter(scope=need.split.content, selection=judges),
    )
    answers = desk.many(judges, need.split.content)
    blame = desk.many(need.hurts, need.split.complaining)
    first = desk.claim(
        f"In {readable(need.split.complaining_source)}, {blame} {desk.verb(need.hurts, 'complains', 'complain', need.split.complaining)} about it.",
        quotes=low,
        counter=high,
    )
    second = desk.claim(
        f"In {readable(need.split.content_source)} it is the other way round: {happy} of the {answers} who judge it are content.",
        quotes=high,
        counter=low,
    )
    return [first, second]


def gap(desk: Desk, need: Profile) -> tuple[list[str], str]:
    """What the evidence doesn't say: claims, and a question that would close the gap (empty where none stands out)."""
    claims, question = variant_gap(desk, need)
    if question or need.people < TOO_FEW:
        return claims, question
    if any(_cost(sentence, need.keywords) > 0 for saying in need.sayings for sentence in saying.sentences):
        return [], ""
    claim = desk.assume("What it costs them isn't said anywhere in the evidence.")
    return [claim], "What do you do when it happens, and how long does it take you?"


def variant_gap(desk: Desk, need: Profile) -> tuple[list[str], str]:
    """Things that may behave differently, such as formats or browsers, where most people don't say which they mean."""
    for family in _VARIANTS if need.all_read else ():
        tellers = [saying for saying in need.sayings if family.search(saying.text)]
        named_by = Counter(word for saying in tellers for word in set(family.findall(saying.text)))
        common = sorted(
            (word for word in named_by if named_by[word] >= 2), key=lambda word: (-named_by[word], word)
        )
        if len(common) < 2:
            continue
        rows = np.array(sorted({saying.row for saying in tellers}), dtype=np.int64)
        selection = desk.book.select(rows, f"of those: the ones that name {listed(sorted(named_by), 'or')}")
        if desk.how_many(selection) <= 0.5 * need.people:
            say = desk.verb(selection, "says", "say")
            text = (
                f"Whether {listed(common[:2])} are affected alike is open: "
                f"only {desk.many(selection)} {say} which one they mean."
            )
            return [desk.claim(text)], f"Is it {listed(common[:2], 'or')}, or both?"
    return [], ""


def readable(source: str) -> str:
    """A source's name as a person would say it."""
    return f"“{source.replace('_', ' ').replace('-', ' ')}”"


def says_problem(sentence: Sentence) -> float:
    """How plainly a sentence says what hurts."""
    if sentence.stance == "praise":
        return 0.0
    return 0.3 + 0.5 * (sentence.stance == "problem") + 0.25 * min(2, len(sentence.symptoms))


def says_praise(sentence: Sentence) -> float:
    """How plainly a sentence says that it works, without naming a failure."""
    return (
        0.0
        if sentence.stance != "praise" or sentence.symptoms
        else min(score_of(sentence.text, sentence.language), 3.0) / 2
    )


def _cost(sentence: Sentence, keywords: tuple[str, ...]) -> float:
    """How plainly a sentence says what people do instead, or lose; doing the thing itself is no cost."""
    if sentence.stance == "praise":
        return 0.0
    if cues := cues_for(sentence.language, sentence.text):
        lower = sentence.text.casefold()
        return 1.1 if cues.time_lost.search(lower) else 0.7 if cues.by_hand.search(lower) else 0.0
    own = {stem(word) for word in keywords}
    worth = 1.1 if _TIME_LOST.search(sentence.text) else 0.7 if _BY_HAND.search(sentence.text) else 0.0
    for phrase in sentence.phrases:
        verb = stem(phrase.text.split()[0].casefold())
        if phrase.kind in _COST and verb not in own:
            worth = max(worth, _COST[phrase.kind] * phrase.weight)
    return worth
