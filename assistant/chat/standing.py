"""What stands behind a wish or a complaint, for whoever has to decide about it: who, since when, in whose words, and what speaks against it."""

from dataclasses import dataclass

import numpy as np

from assistant.chat.evidence import different, need_of
from assistant.chat.notes import body_of, open_desk
from assistant.domain.evidence import Scope
from assistant.domain.theme_facts import WeightFacts
from assistant.domain.thread import Body
from assistant.drafting.desk import Desk
from assistant.drafting.needs import survey
from assistant.drafting.paragraphs import against, reach, says_problem, who_has_it
from assistant.search.scope import record_mask
from assistant.synthesis.pairs import Pairs
from assistant.synthesis.weights import weight_segment, weights_of
from assistant.workbench import Workbench

_QUOTES = 3


@dataclass(frozen=True)
class Standing:
    """What was found of a topic."""

    people: int
    """Who report it or ask for it; reports, where no author is known."""
    counted: Body
    """Who, since when, which customers; claims whose numbers are facts."""
    said: tuple[str, ...]
    """Ids of quotes of `counted` that say it best, at most three."""
    against: tuple[str, ...]
    """Ids of quotes that speak against it."""
    weight: WeightFacts | None
    """What their accounts hold of a numeric segment such as revenue, where the records have one."""


def standing_of(bench: Workbench, topic: str, scope: Scope) -> Standing | None:
    """What people say of a topic. None where nobody was found to speak of it."""
    desk = open_desk(bench, scope)
    if not desk.how_many(None):
        return None
    mask = record_mask(desk.reader.matrix, desk.book.scope)
    found = survey(bench, desk.reader, topic, mask, split=False)
    if not found.groups:
        return None
    need = need_of(desk, found, topic)
    need.is_topic = True
    claims = [*reach(desk, need), *who_has_it(desk, need), *against(desk, need)]
    contrary = tuple(dict.fromkeys(quote for name in claims for quote in desk.claims[name].counter_quote_ids))
    held = dict.fromkeys(quote for name in claims for quote in desk.claims[name].quote_ids)
    said = [quote for quote in held if quote not in contrary]
    said += [desk.quote(one) for one in different(need, need.sayings, _QUOTES - len(said), says_problem)]
    body = body_of(desk, claims)
    quotes = {name: desk.quotes[name] for name in (*said, *contrary)}
    return Standing(
        people=desk.how_many(need.hurts),
        counted=body.model_copy(update={"quotes": body.quotes | quotes}),
        said=tuple(dict.fromkeys(said))[:_QUOTES],
        against=contrary,
        weight=_weight(desk, need.hurts),
    )


def _weight(desk: Desk, selection: str) -> WeightFacts | None:
    matrix, scope = desk.reader.matrix, desk.book.scope
    segment = weight_segment(matrix, None)
    if segment is None:
        return None
    rows = desk.book.rows(selection, scope)
    pairs = Pairs(matrix, 1, np.zeros(len(rows), np.int64), rows)
    return weights_of(pairs, desk.book.rows(None, scope), segment)[0]
