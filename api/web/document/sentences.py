"""Texts and sentences of a draft as HTML: placeholders filled, flaws underlined, proof behind each sentence. All text is escaped."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import escape

from api.keyed import KeyedFinding
from assistant.domain.draft import PLACEHOLDER, Claim, Draft, Stance
from assistant.domain.fact import Fact, Measure
from assistant.domain.finding import Severity
from assistant.drafting.claim_trends import ClaimTrend

_LABELS = {
    Stance.assumption: "assumption",
    Stance.target: "target, proposed",
    Stance.contradicted: "contradicted",
}


@dataclass
class Shown:
    """A draft while its page is written.

    Args:
        link: quote id → address of its passage; fact id → address of its query and records.
        flaws: target → findings about it that nobody overruled.
        trends: claim id → how what it counts came in, where code can tell.
    """

    draft: Draft
    link: Callable[[str], str]
    flaws: Mapping[str, Sequence[KeyedFinding]]
    trends: Mapping[str, ClaimTrend] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """Claims that stand on the page already: an id names one element."""

    def is_locked(self, target: str) -> bool:
        """Whether a person typed or locked what the target names, or what it stands in."""
        return any(target == one or target.startswith(f"{one}.") for one in self.draft.locks)

    def blocking(self, names: Iterable[str]) -> list[KeyedFinding]:
        """The findings about these targets that keep the draft from being ready."""
        return [
            one
            for name in dict.fromkeys(names)
            for one in self.flaws.get(name, ())
            if one.severity is Severity.block
        ]


def passage(shown: Shown, target: str, text: str, *, spans_of: str = "", tag: str = "span") -> str:
    """A text that a person may change.

    Args:
        spans_of: the target whose findings' spans count characters of this text; empty: none do.
    """
    locked = ' data-locked=""' if shown.is_locked(target) else ""
    words = filled(shown, text, shown.flaws.get(spans_of, ()) if spans_of else ())
    return f'<{tag} data-target="{escape(target)}"{locked}>{words}</{tag}>'


def filled(shown: Shown, text: str, flaws: Sequence[KeyedFinding] = ()) -> str:
    """A text with its placeholders filled and its flaws underlined."""
    spans = [(*(one.span or (0, len(text))), one) for one in flaws]
    edges = {0, len(text), *(min(edge, len(text)) for low, high, _ in spans for edge in (low, high))}
    parts: list[str] = []
    position = 0
    for match in [*PLACEHOLDER.finditer(text), None]:
        start, end = match.span() if match else (len(text), len(text))
        cuts = sorted(edge for edge in {*edges, position, start} if position <= edge <= start)
        for low, high in pairwise(cuts):
            parts.append(_marked(str(escape(text[low:high])), low, high, spans))
        if match:
            parts.append(_marked(_placed(shown, match[1], match[0]), start, end, spans))
        position = end
    return "".join(parts)


def sentence(shown: Shown, name: str, tag: str = "span") -> str:
    """A claim: its text, its citations, its label, and the chip that says on how many people it rests."""
    claim = shown.draft.claims[name]
    first = name not in shown.seen
    shown.seen.add(name)
    own = f' id="{escape(name)}"' if first else ""
    about = passage(shown, name, claim.text, spans_of=name)
    flaw = " flawed" if shown.blocking([name]) else ""
    return (
        f'<{tag} class="claim {claim.stance.value}{flaw}"{own} data-claim="{escape(name)}">'
        f"{about}{_cites(shown, claim)}{_label(claim)}{chip(shown, claim)}</{tag}>"
    )


def proof(shown: Shown, claim_ids: Iterable[str]) -> str:
    """The citations of the claims that something rests on."""
    names = dict.fromkeys(
        quote
        for name in claim_ids
        if name in shown.draft.claims
        for quote in shown.draft.claims[name].quote_ids
        if quote in shown.draft.quotes
    )
    return "".join(f" {_cite(shown, name)}" for name in names)


def chip(shown: Shown, claim: Claim) -> str:
    """How many people, whether it rises, and whether code found every quote and number again."""
    draft = shown.draft
    if claim.stance in (Stance.assumption, Stance.target):
        return ""
    facts = [draft.facts[one] for one in claim.fact_ids if one in draft.facts]
    course = shown.trends.get(claim.id)
    told = [_people(draft, claim, facts), _course(course) if course else _since(facts)]
    broken = shown.blocking([claim.id, *claim.quote_ids, *claim.fact_ids])
    told.append("needs a fix" if broken else "verified")
    state = "broken" if broken else "good"
    more = "".join(f' <span class="warns">{escape(one)}</span>' for one in _warnings(draft, claim, facts))
    words = " · ".join(str(escape(one)) for one in told if one)
    numbers = f' data-trend="{escape(_numbers(course))}"' if course else ""
    return f' <span class="proof {state}" data-proof="{escape(claim.id)}"{numbers}>{words}</span>{more}'


def _people(draft: Draft, claim: Claim, facts: Sequence[Fact]) -> str:
    counted = next((one for one in facts if one.measure in (Measure.people, Measure.records)), None)
    if counted is not None:
        noun = "people" if counted.measure is Measure.people else "records"
        return f"{counted.display} {noun if counted.value != 1 else {'people': 'person'}.get(noun, 'record')}"
    quoted = [draft.quotes[one] for one in claim.quote_ids if one in draft.quotes]
    people = {one.person or one.record_id for one in quoted}
    if not people:
        return ""
    return "1 voice" if len(people) == 1 else f"{len(people)} voices"


def _course(trend: ClaimTrend) -> str:
    return f"{trend.direction} since {trend.since}" if trend.since else trend.direction


def _numbers(trend: ClaimTrend) -> str:
    """What bears the word out."""
    spans = ", ".join(
        f"{one.told:,} of {one.heard:,} records ({100 * one.value:.1f} %) from {one.first} to before {one.until}"
        for one in (trend.before, trend.after)
    )
    return f"{_course(trend)}: {spans}"


def _since(facts: Sequence[Fact]) -> str:
    first = next((one for one in facts if one.measure is Measure.first_date), None)
    return f"since {first.display}" if first else ""


def _warnings(draft: Draft, claim: Claim, facts: Sequence[Fact]) -> list[str]:
    told = []
    against = [one for one in claim.counter_quote_ids if one in draft.quotes]
    if against:
        told.append(f"{len(against)} against")
    if loud := next((one for one in facts if one.measure is Measure.top_accounts_share), None):
        told.append(f"loud minority: {loud.display} from few accounts")
    return told


def _cites(shown: Shown, claim: Claim) -> str:
    inline = set(PLACEHOLDER.findall(claim.text))
    more = [one for one in claim.quote_ids if one not in inline and one in shown.draft.quotes]
    against = [
        one
        for one in claim.counter_quote_ids
        if one not in inline and one not in claim.quote_ids and one in shown.draft.quotes
    ]
    parts = [f" {_cite(shown, one)}" for one in more]
    if against:
        parts.append(
            f' <span class="against">against{"".join(f" {_cite(shown, one)}" for one in against)}</span>'
        )
    return "".join(parts)


def _label(claim: Claim) -> str:
    return f" <em>({_LABELS[claim.stance]})</em>" if claim.stance in _LABELS else ""


def _placed(shown: Shown, name: str, as_written: str) -> str:
    draft = shown.draft
    if name in draft.facts:
        words = escape(draft.facts[name].display)
        return f'<a class="fact" data-fact="{escape(name)}" href="{escape(shown.link(name))}">{words}</a>'
    if name in draft.quotes:
        return f'<q dir="auto">{escape(draft.quotes[name].text)}</q> {_cite(shown, name)}'
    return str(escape(as_written))


def _cite(shown: Shown, name: str) -> str:
    address = escape(shown.link(name))
    return f'<a class="cite" data-quote="{escape(name)}" href="{address}">{escape(name)}</a>'


def _marked(words: str, low: int, high: int, spans: Sequence[tuple[int, int, KeyedFinding]]) -> str:
    over = [one for start, end, one in spans if start <= low and high <= end and low < high]
    if not over:
        return words
    worst = next((one for one in over if one.severity is Severity.block), over[0])
    kind = worst.severity.value
    return f'<span class="flaw {kind}" title="{escape(worst.message)}">{words}</span>'
