"""Judges against the labelled chains: three that need no model, and those whose calibration cards come with Voxspec.

A judge that isn't better than a rule of one line is worth none of its cost.
"""

import re
from collections.abc import Callable

from assistant.domain.text import index_terms
from evals.bench.measure import Result, Setting
from evals.cases.chains import ChainSet, load_chains, shipped_chains
from evals.judging.calibration import Card, calibrate, shipped_cards
from evals.judging.judge import Answer, Asked, JudgeId, Judgement, Question

Rule = Callable[[Asked], Answer]
_NEGATIONS = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|without|cannot|\w+n['’]t"
    r"|nicht|kein\w*|nie|nirgends|ohne|pas|ne|n|personne|jamais|sans|sin|nunca|nada)\b",
    re.IGNORECASE,
)
_OVERLAP = 0.5
"""Share of a claim's stems that must occur in what it rests on."""


def measure_judges(setting: Setting) -> list[Result]:
    """κ of each judge for each question, with its interval, n and prevalence."""
    held = load_chains(shipped_chains()["evidence_chains"])
    cards = [card for name, rule in RULES.items() for card in cards_of(name, rule, held)]
    cards += [shipped_cards()[key] for key in sorted(shipped_cards())]
    return [_result(card) for card in cards]


def cards_of(name: str, rule: Rule, held: ChainSet) -> list[Card]:
    """The cards of a rule, one for each question of the set."""
    answers = [
        Judgement(question=one.question, item=one.item, answer=rule(one)) for one in held.asked().values()
    ]
    who = JudgeId(name, "rule", "0" * 64)
    asked = [question for question in Question if any(one.question is question for one in answers)]
    return [calibrate(who, question, held.labels, answers, held.spec.name) for question in asked]


def always_yes(asked: Asked) -> Answer:
    """Finds everything right."""
    return Answer.yes


def overlap(asked: Asked) -> Answer:
    """Right where half of the words stand in what it is held against."""
    said, known = set(index_terms(asked.subject)), set(index_terms(" ".join(asked.lines.values())))
    return Answer.yes if len(said & known) >= _OVERLAP * len(said) else Answer.no


def negations(asked: Asked) -> Answer:
    """Right where both sides deny something, or neither does."""
    sides = (asked.subject, " ".join(asked.lines.values()))
    said, known = (bool(_NEGATIONS.search(text)) for text in sides)
    return Answer.yes if said is known else Answer.no


RULES: dict[str, Rule] = {
    "always yes": always_yes,
    "half of the words occur": overlap,
    "as many sides deny": negations,
}


def _result(card: Card) -> Result:
    prevalence = card.prevalence or 0.0
    seen, passed = card.sensitivity, card.specificity
    return Result(
        bench="judge",
        what=f"{card.model}, {card.question.value}: κ with people",
        value=card.kappa if card.kappa is not None else 0.0,
        unit="",
        note=f"95 % {card.kappa_low:.2f} to {card.kappa_high:.2f}; {card.n} labels of {len(card.raters)} rater, {prevalence:.0%} wrong; "
        f"sees {seen.part} of {seen.whole}, lets {passed.part} of {passed.whole} pass; "
        f"{card.unsure} unsure, {card.errors} errors; {'may gate' if card.may_gate else 'advises only'}",
    )
