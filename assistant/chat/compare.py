"""Two groups, two periods or two versions side by side, in counted sentences."""

import re
from datetime import timedelta

from assistant.chat.evidence import NOTHING_YET, need_of, nobody
from assistant.chat.notes import body_of, open_desk
from assistant.chat.outcomes import Say
from assistant.chat.periods import without_periods
from assistant.chat.releases import period_of
from assistant.chat.scoping import Named, groups_named, newest_moment, others_than, without_groups
from assistant.chat.topics import bare, tells
from assistant.domain.draft import Claim, Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter
from assistant.domain.thread import Body
from assistant.drafting.desk import Desk
from assistant.drafting.formats.tree import plain
from assistant.drafting.needs import survey
from assistant.drafting.paragraphs import says_problem
from assistant.drafting.profile import pick
from assistant.search.scope import record_mask
from assistant.workbench import Workbench

Side = tuple[str, Scope]
"""Words that lead its sentence, and its scope."""
_PER_SIDE = 2
_QUARTER_DAYS = 91
_NAMED = 8
_AGAINST = re.compile(
    r"([\w-]+)\W+(?:vs\.?|versus|against|gegen|gegenüber|contre|contra|frente a)\W+(?:the |den |die |les |los |las )?([\w-]+)",
    re.IGNORECASE,
)
_LATELY = "in the newest period"
_OVER_TIME = re.compile(
    r"\b(?:worse|better|more|less|growing|rising|trend\w*|over time|chang\w*|schlimmer|besser|mehr|weniger|verändert|geändert|pire|mieux|plus|moins|changé|peor|mejor|más|menos|cambi\w*)\b",
    re.IGNORECASE,
)
"""Words that set now against before, without a period."""
_COMPARING = re.compile(
    r"\b(?:in|at|of|since|last|this|is|are|did|compare\w*|comparing|versus|vs|differ\w*|between|and|than|before|after|now|worse|better|more|less|against|with|on|put|side|by|looks?|has|got|get"
    r"|vergleich\w*|unterschied\w*|zwischen|mit|gegen|und|als|dem|der|letzten?m?|mehr|weniger|schlimmer|besser|compar\w*|différen\w*|entre|avec|et|que|plus|pire|diferen\w*|más|peor|y|con)\b|比較|比较|区别|对比|違い",
    re.IGNORECASE,
)


def compare(bench: Workbench, words: str, scope: Scope, before: str = "") -> Say:
    """How many on each side speak of what the words name, and some of their words; or what could be compared.

    Args:
        before: what was spoken of before, for words that name no subject.
    """
    desk = open_desk(bench, scope)
    if not desk.how_many(None):
        return Say(NOTHING_YET)
    sides = _sides(bench, words, desk.book.scope)
    if (unknown := _unknown_side(bench, words)) is not None:
        one, other = unknown
        known_values = ", ".join(
            f"“{value}”" for value in sorted({one.value, *others_than(bench, one)})[:_NAMED]
        )
        return Say(f"The records know no “{other}” to set against {one.shown}; they know {known_values}.")
    if len(sides) < 2:
        known = ", ".join(f"“{name.replace('_', ' ')}”" for name in desk.reader.matrix.segment_names[:6])
        can = f" The records can be told apart by {known}." if known else ""
        return Say(f"Name the two sides: values of a segment, periods, or versions of the draft.{can}")
    topic = bare(_COMPARING.sub(" ", without_groups(bench, without_periods(words))))
    topic = topic if tells(topic, words) else before
    need, note = None, ""
    if topic:
        # Of all words of the turn, only those that the records speak of can be the subject.
        mask = record_mask(desk.reader.matrix, desk.book.scope)
        found = survey(bench, desk.reader, topic, mask, split=False)
        if not found.groups:
            return Say("", body_of(desk, [nobody(desk)]))
        need, note = need_of(desk, found, topic), f"About “{topic}”."
    if sides[0][0] == _LATELY:
        note = f"{note} You name no period, so it is the newest {_QUARTER_DAYS} days of the records.".strip()
    claims: list[str] = []
    for lead, side in sides:
        claims.append(_side(desk, lead, side, need.hurts if need else None))
    if need is not None:
        for lead, side in sides:
            rows = set(desk.book.rows(need.hurts, side).tolist())
            own = [saying for saying in need.sayings if saying.row in rows]
            claims += [
                desk.claim(f"{lead[:1].upper()}{lead[1:]}: {{{desk.quote(one)}}}")
                for one in pick(need, own, _PER_SIDE, says_problem)
            ]
    return Say(note, body_of(desk, claims))


def compare_versions(one: Draft, other: Draft) -> Say:
    """What a later version of a draft says otherwise than an earlier one."""
    before, after = _told(one), _told(other)
    gone = [text for text in before if text not in after]
    come = [claim for text, claim in after.items() if text not in before]
    if not gone and not come:
        return Say("Both versions say the same, sentence by sentence.")
    names = {key for claim in come for key in (*claim.quote_ids, *claim.counter_quote_ids)}
    facts = {key: other.facts[key] for claim in come for key in claim.fact_ids if key in other.facts}
    chosen = {
        key
        for fact in facts.values()
        for key in (fact.filter.selection, fact.denominator and fact.denominator.selection, *fact.peers)
        if key
    }
    body = Body(
        claim_ids=tuple(claim.id for claim in come),
        claims={claim.id: claim for claim in come},
        quotes={key: quote for key, quote in other.quotes.items() if key in names},
        facts=facts,
        selections={key: held for key, held in other.selections.items() if key in chosen},
    )
    if not come:
        return Say("The later version says nothing new; some sentences of the earlier one are gone.")
    lead = "In the later version, these sentences are new or say something else."
    return Say(f"{lead} Sentences of the earlier one are gone." if gone else lead, body)


def _told(draft: Draft) -> dict[str, Claim]:
    """The sentences as they are read, each with its claim, in reading order."""
    names = dict.fromkeys(
        name for block in draft.blocks() for name in getattr(block, "claim_ids", ()) if name in draft.claims
    )
    return {plain(draft, draft.claims[name].text): draft.claims[name] for name in names}


def _sides(bench: Workbench, words: str, scope: Scope) -> list[Side]:
    groups = groups_named(bench, words)
    fields = {one.field: [other for other in groups if other.field == one.field] for one in groups}
    pair = next((held for held in fields.values() if len(held) >= 2), None)
    if pair is None and len(groups) == 2:
        pair = groups
    if pair is not None:
        return [(f"with {one.shown}", one.scope(scope)) for one in pair[:2]]
    if groups and (others := others_than(bench, groups[0])):
        one = groups[0]
        field = one.shown.partition(" “")[0]
        return [(f"with {one.shown}", one.scope(scope)), (f"with another {field}", one.scope(scope, others))]
    newest = newest_moment(bench)
    period, lead = period_of(bench, words), "in the period named"
    if newest is None:
        return []
    end = newest + timedelta(seconds=1)
    if period is None and _OVER_TIME.search(words):
        period, lead = (end - timedelta(days=_QUARTER_DAYS), None), _LATELY
    if period is None or (since := period[0]) is None:
        return []
    earlier = scope.model_copy(update={"since": since - (end - since), "until": since})
    later = scope.model_copy(update={"since": since, "until": None})
    return [(lead, later), ("in as long a time before it", earlier)]


def _unknown_side(bench: Workbench, words: str) -> tuple[Named, str] | None:
    """A group, and a word that is set against it and names none."""
    groups = groups_named(bench, words)
    against = _AGAINST.search(words)
    if len(groups) != 1 or not groups[0].field.startswith("segments.") or against is None:
        return None
    pair = [against[1], against[2]]
    others = [one for one in pair if not groups_named(bench, one)]
    is_named = any(groups[0] in groups_named(bench, one) for one in pair)
    return (groups[0], others[0]) if is_named and len(others) == 1 and tells(others[0], words) else None


def _side(desk: Desk, lead: str, scope: Scope, selection: str | None) -> str:
    everyone = FactFilter(scope=scope)
    if selection is None:
        whole = desk.book.select(desk.book.rows(None, desk.book.scope), "all records of the scope")
        return desk.claim(f"{lead[:1].upper()}{lead[1:]}, {desk.many(whole, scope)} wrote.")
    share = desk.share(FactFilter(scope=scope, selection=selection), everyone)
    verb = desk.verb(selection, "reports", "report", scope)
    return desk.claim(
        f"{lead[:1].upper()}{lead[1:]}, {desk.many(selection, scope)} {verb} trouble with this, {share} of everyone there who wrote."
    )
