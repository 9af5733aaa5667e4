"""What a judge is asked about a draft, and what its answers are worth there: layer 4 of the checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from assistant.domain.draft import Claim, Draft, RequirementBlock, Stance, StoryBlock
from assistant.domain.finding import Finding
from assistant.domain.text import content_words
from assistant.drafting.formats.tree import gherkin, plain
from assistant.workbench import Workbench
from evals.judging.calibration import Card, card_of, severity
from evals.judging.judge import Answer, Asked, Judgement, Question, judge_id, judged
from evals.reading.prose import stories

GRADER = "judge_"
"""What the names of a judge's findings begin with; the question follows."""
NOT_JUDGED = "not judged"
"""The state of layer 4 where no model is set."""
_MOST_PAIRS = 20
"""Pairs that are asked about contradicting each other: those that share most words come first."""
_LINES = " Lines: "
_MESSAGES = {
    Question.follows: "The judge doesn't find what this claim says in its quotes.",
    Question.story: "The judge doesn't find role, wish or benefit of this story in its quotes.",
    Question.criteria: "The judge doesn't see this story tested by its criteria.",
    Question.contradiction: "The judge sees a contradiction between {target} and {other}.",
    Question.useful: "The judge finds that an engineer couldn't start from this requirement.",
}
_FIXES = {
    Question.follows: "Read the quotes beside it; say less, or mark it as an assumption.",
    Question.story: "Read the quotes beside it; mark what they don't say as assumed.",
    Question.criteria: "Write a Then that observes what the story wants.",
    Question.contradiction: "Keep one of both, or say when each holds.",
    Question.useful: "Say who does what, and how one sees that it is done.",
}


@dataclass(frozen=True)
class Layer4:
    """What came of the judge for one draft."""

    state: str
    """`judged`, or `not judged` where there is no model."""
    judgements: tuple[Judgement, ...] = ()
    findings: tuple[Finding, ...] = ()
    cards: Mapping[Question, Card | None] = field(default_factory=dict)
    """By question that was asked: the judge's card, or None where it was never calibrated."""

    def counts(self) -> dict[str, dict[str, int]]:
        """Question → how many answers of each kind. Unsure and error are counted as what they are."""
        asked = sorted({one.question for one in self.judgements})
        return {
            question.value: {
                answer.value: sum(
                    one.question is question and one.answer is answer for one in self.judgements
                )
                for answer in Answer
            }
            for question in asked
        }


def judge_draft(
    bench: Workbench, draft: Draft, heard: Callable[[Judgement], None] = lambda _one: None
) -> Layer4:
    """Ask the workspace's judge about a draft; nothing is written but the call cache.

    Args: heard: called with each judgement as it comes.
    Returns: findings that block only where the judge's card lets it gate. Raises: UsageError, StoreError.
    """
    model = bench.judge
    if model is None:
        return Layer4(NOT_JUDGED)
    questions = list(questions_of(draft))
    found = []
    for one in judged(model, questions):
        found.append(one)
        heard(one)
    who = {question: judge_id(model.name, question) for question in {one.question for one in questions}}
    cards = {
        question: card_of(bench.catalog.calls, bench.workspace, who[question], question)
        for question in sorted(who)
    }
    return Layer4("judged", tuple(found), tuple(findings_of(found, questions, cards, model.name)), cards)


def questions_of(draft: Draft) -> Iterator[Asked]:
    """The closed questions about a draft, in its order. Each shows one claim, one story, one requirement or one pair."""
    for claim in draft.claims.values():
        if claim.stance in (Stance.supported, Stance.contradicted) and claim.quote_ids:
            yield asked_claim(draft, claim)
    for story in stories(draft):
        yield from asked_story(draft, story)
    for block in draft.blocks():
        if isinstance(block, RequirementBlock):
            text = plain(draft, block.text)
            bound = {f"{block.id}.bound": f"{block.bound} {block.unit}"} if block.bound else {}
            lines = {block.id: text, **bound}
            yield Asked(question=Question.useful, item=block.id, lines=lines, record_ids=_records(draft))
    yield from _pairs(draft)


def asked_claim(draft: Draft, claim: Claim) -> Asked:
    """Does the claim follow from its quotes, those for it and those against it, and from the facts that code counted?"""
    facts = {
        name: f"{draft.facts[name].display} {draft.facts[name].unit} (counted by code, proven)"
        for name in claim.fact_ids
        if name in draft.facts
    }
    return Asked(
        question=Question.follows,
        item=claim.id,
        subject=plain(draft, claim.text),
        lines=_quotes(draft, (*claim.quote_ids, *claim.counter_quote_ids)) | facts,
        record_ids=_records(draft),
    )


def asked_story(draft: Draft, story: StoryBlock) -> Iterator[Asked]:
    """Does the story rest on the quotes of its claims, and do its criteria test it? What is marked as assumed isn't asked."""
    said = {part: plain(draft, getattr(story, part)) for part in ("role", "want", "benefit")}
    text = f"As a {said['role']}, I want {said['want']}, so that {said['benefit']}."
    quoted = [
        name for claim in story.claim_ids if claim in draft.claims for name in draft.claims[claim].quote_ids
    ]
    if quoted and not story.assumptions:
        yield Asked(
            question=Question.story,
            item=story.id,
            subject=text,
            lines=_quotes(draft, quoted),
            record_ids=_records(draft),
        )
    if story.criteria:
        lines = {
            f"{story.id}.{n}": gherkin(draft, [one]).strip() for n, one in enumerate(story.criteria, start=1)
        }
        yield Asked(
            question=Question.criteria,
            item=story.id,
            subject=text,
            lines=lines,
            record_ids=_records(draft),
        )


def findings_of(
    judgements: Iterable[Judgement],
    questions: Iterable[Asked],
    cards: Mapping[Question, Card | None],
    model: str,
) -> Iterator[Finding]:
    """A finding for each answer that means a fault. Its words are ours: of the model's it holds the ids of lines alone."""
    asked = {(one.question, one.item): one for one in questions}
    for one in judgements:
        if one.answer is not one.question.fault:
            continue
        card = cards.get(one.question)
        shown = asked[one.question, one.item]
        target, _, other = one.item.partition("/")
        yield Finding(
            grader=f"{GRADER}{one.question.value}",
            severity=severity(card),
            target=target,
            message=_MESSAGES[one.question].format(target=target, other=other),
            evidence=f"{worth(card, model)}{_LINES}{', '.join(one.rests_on or shown.lines)}.",
            fix=_FIXES[one.question],
        )


def worth(card: Card | None, model: str) -> str:
    """What a judge's word is worth, in words."""
    known = card.summary if card else "never calibrated"
    return f"{model}, {known}: {'may gate' if card and card.may_gate else 'advice only'}."


def rated(finding: Finding, card: Card | None, model: str) -> Finding:
    """A judge's finding of before, worth what the judge's card of now says."""
    lines = finding.evidence.partition(_LINES)[2]
    return finding.model_copy(
        update={"severity": severity(card), "evidence": f"{worth(card, model)}{_LINES}{lines}"}
    )


def _quotes(draft: Draft, names: Sequence[str]) -> dict[str, str]:
    return {name: draft.quotes[name].text for name in dict.fromkeys(names) if name in draft.quotes}


def _records(draft: Draft) -> tuple[str, ...]:
    """Any text of a draft may repeat words of any record that it quotes: what was asked goes when one of them is erased."""
    return tuple(sorted({quote.record_id for quote in draft.quotes.values()}))


def _pairs(draft: Draft) -> Iterator[Asked]:
    """Pairs of requirements, and of claims, that speak of the same: two content words in common at least."""
    requirements = {b.id: plain(draft, b.text) for b in draft.blocks() if isinstance(b, RequirementBlock)}
    claims = {c.id: plain(draft, c.text) for c in draft.claims.values() if c.stance is Stance.supported}
    ranked = []
    for texts in (requirements, claims):
        words = {name: set(content_words(text, draft.language)) for name, text in texts.items()}
        for one, other in combinations(texts, 2):
            shared = len(words[one] & words[other])
            if shared >= 2:
                ranked.append((-shared, one, other, texts))
    for _, one, other, texts in sorted(ranked, key=lambda row: row[:3])[:_MOST_PAIRS]:
        yield Asked(
            question=Question.contradiction,
            item=f"{one}/{other}",
            lines={one: texts[one], other: texts[other]},
            record_ids=_records(draft),
        )
