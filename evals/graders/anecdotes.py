"""What is said in general was said by several people: one person's word is told as one person's."""

import re

from assistant.domain.draft import Claim, Draft, Stance
from assistant.domain.fact import Measure
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.prose import blank_placeholders
from evals.reading.voices import person_of
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "anecdotes"
_COUNTED = {
    Measure.people, Measure.accounts, Measure.records, Measure.share_of_people, Measure.share_of_records, Measure.top_accounts_share,
    Measure.rank_by_people, Measure.per_week, Measure.mean_rating, Measure.rating_of_people, Measure.rating_of_others, Measure.top_value,
}  # fmt: skip
_LABELLED = re.compile(
    r"\bone (?:of (?:them|those|the)|person|customer|user|reviewer|respondent|account|admin|voice|team|client|record|review|ticket|report|\w+(?:er|or|ist|ant))\b"
    r"|\b(?:a|an|this|another) (?:single |lone )?(?:person|customer|user|reviewer|respondent|client|member|admin|record|review|ticket|report|voice|\w+(?:er|or|ist|ant))\b"
    r"|\b(?:someone|somebody|anecdot\w*|for (?:example|instance)|e\.g\.|in (?:the|his|her|their|so many) words|(?:says|said|writes|wrote|asks|asked) one|states|puts it|individual)\b"
    r"|\b(?:ein(?:e[rs]?)? (?:kund\w*|nutzer\w*|person)|jemand|eine[rsn]? von ihnen|zum beispiel|une? (?:client|utilisat\w+|personne)|l['’]un d['’]eux|par exemple|un(?:a|o)? (?:cliente|usuari[oa]|persona)|por ejemplo)\b",
    re.IGNORECASE,
)


def anecdotes(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a claim that rests on the quotes of one person alone and isn't told as one's; advise on a single source.

    Free of this are claims with a count, and such as say whose word it is: `one of them`, `a teacher writes`, `for example`.
    """
    sources = {quote.source for quote in draft.quotes.values()}
    found = []
    for claim in draft.claims.values():
        if claim.stance not in (Stance.supported, Stance.contradicted) or _is_counted(claim, draft):
            continue
        quotes = [draft.quotes[name] for name in claim.quote_ids if name in draft.quotes]
        text = re.sub(r"·+", " ", blank_placeholders(claim.text))
        if not quotes or _LABELLED.search(text) or not re.search(r"\w", text):
            continue
        if len({person_of(quote.record_id, view, quote.person) for quote in quotes}) < 2:
            found.append(_finding(claim.id, "One person's word is told as everybody's.", Severity.block))
        elif len(sources) > 1 and len({quote.source for quote in quotes}) < 2:
            found.append(
                _finding(claim.id, "All who are quoted for it wrote in one source.", Severity.advise)
            )
    return found


def _is_counted(claim: Claim, draft: Draft) -> bool:
    facts = [draft.facts[name] for name in claim.fact_ids if name in draft.facts]
    return any(fact.measure in _COUNTED and not isinstance(fact.value, str) for fact in facts)


def _finding(target: str, message: str, severity: Severity) -> Finding:
    fix = (
        "Cite a second person, count them, or say 'one of them'."
        if severity is Severity.block
        else "Cite another source, or name this one."
    )
    return Finding(grader=_NAME, severity=severity, target=target, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    text = "One of them prints it every morning: {Q2}"
    return with_claim(draft, "C2", text=text, quote_ids=("Q2",), fact_ids=())


def _bad(draft: Draft) -> Draft:
    return with_claim(
        draft, "C2", text="Teachers print it in the morning: {Q2}", quote_ids=("Q2",), fact_ids=()
    )


GRADER = Grader(_NAME, 1, Severity.block, anecdotes, _good, _bad)
