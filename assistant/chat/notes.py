"""Where an answer is put together: the same desk as a draft's, so that its numbers are counted and its quotes are cut by code."""

from assistant.domain.draft import PLACEHOLDER
from assistant.domain.evidence import Scope
from assistant.domain.fact import Measure
from assistant.domain.thread import Body
from assistant.drafting.desk import Desk
from assistant.drafting.facts import FactBook
from assistant.drafting.pipeline import counts_of, working_scope
from assistant.drafting.reader import Reader
from assistant.search.matrix import matrix_of
from assistant.workbench import Workbench


def open_desk(bench: Workbench, scope: Scope) -> Desk:
    """A desk over the records of now, in a scope."""
    matrix = matrix_of(bench)
    book = FactBook(matrix, working_scope(scope))
    return Desk(Reader(bench, matrix), book, counts_of(book))


def body_of(desk: Desk, claim_ids: list[str], also: str = "") -> Body:
    """The claims in reading order, with what they refer to.

    Args:
        also: other texts that hold placeholders of the desk's facts.
    """
    claims = {name: desk.claims[name] for name in dict.fromkeys(claim_ids)}
    named = set(PLACEHOLDER.findall(" ".join([also, *(claim.text for claim in claims.values())])))
    facts = {name: fact for name, fact in desk.book.facts.items() if name in named}
    named |= {fact.param.split(":")[0] for fact in facts.values() if fact.measure is Measure.stated}
    named |= {quote for claim in claims.values() for quote in (*claim.quote_ids, *claim.counter_quote_ids)}
    chosen = {
        name
        for fact in facts.values()
        for name in (fact.filter.selection, fact.denominator and fact.denominator.selection, *fact.peers)
        if name
    }
    return Body(
        claim_ids=tuple(claims),
        claims=claims,
        quotes={name: quote for name, quote in desk.quotes.items() if name in named},
        facts=facts,
        selections={name: one for name, one in desk.book.selections.items() if name in chosen},
    )


def filled(body: Body, text: str) -> str:
    """A text as it is read: facts filled in, quotes in quotation marks."""

    def put(name: str) -> str:
        if name in body.facts:
            return body.facts[name].display
        return f"“{body.quotes[name].text}”" if name in body.quotes else f"{{{name}}}"

    return PLACEHOLDER.sub(lambda match: put(match[1]), text)
