"""Calibration cards: how far a judge agrees with people, and whether its findings may hold a draft up.

A card belongs to one judge, a model under one version of a prompt, and one question. Without a card of its own a judge advises.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from assistant.domain.base import Frozen, digest
from assistant.domain.finding import Severity
from assistant.domain.label import Label, LabelVerdict
from assistant.errors import InputRejected
from assistant.search.matrix import Floats
from assistant.stores.port import CallStore
from assistant.synthesis.intervals import share_interval
from evals.judging.judge import Answer, JudgeId, Judgement, Question

LEAST_KAPPA = 0.60
"""What the lower end of κ's interval must reach for a judge to gate."""
SEED = 20_261_122
_DRAWS = 4000
_PRIOR = 0.5


class Share(Frozen):
    """Part of a whole, with Wilson's 95 % interval."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """None of nothing is no share."""
        return self.part / self.whole if self.whole else None


class Card(Frozen):
    """What is known of one judge for one question."""

    schema_version: int = Field(default=1, ge=1, le=1)
    question: Question
    model: str
    prompt: str
    prompt_sha256: str
    labels: str
    """Hash of the people's answers that it was held against."""
    source: str = ""
    """Where these come from: a set's name, or a workspace."""
    raters: tuple[str, ...]
    n: int = Field(ge=0)
    """Things that people called right or wrong."""
    prevalence: float | None
    """Share of them that people called wrong."""
    unsure: int
    errors: int
    """Neither counts as right: both are answers that no person gave."""
    kappa: float | None
    """Cohen's; None where people gave one answer only and the judge the same."""
    kappa_low: float
    kappa_high: float
    sensitivity: Share
    """Of what people called wrong: where the judge saw it."""
    specificity: Share
    """Of what people called right: where the judge found nothing."""

    @property
    def judge(self) -> str:
        """Who it is about, as in reports."""
        return str(JudgeId(self.model, self.prompt, self.prompt_sha256))

    @property
    def may_gate(self) -> bool:
        """Whether agreement is beyond doubt good enough."""
        return self.kappa is not None and self.kappa_low >= LEAST_KAPPA

    @property
    def summary(self) -> str:
        """Half a sentence for reports."""
        kappa = "κ can't be told" if self.kappa is None else f"κ {self.kappa:.2f}"
        return f"{kappa} [{self.kappa_low:.2f}, {self.kappa_high:.2f}] on {self.n} labels"


def settled(labels: Iterable[Label], question: Question) -> dict[str, LabelVerdict]:
    """What people say of each item by majority of right and wrong; items without one are left out."""
    votes: dict[str, Counter[LabelVerdict]] = defaultdict(Counter)
    for label in labels:
        if label.question == f"judge:{question}" and label.verdict is not LabelVerdict.unsure:
            votes[label.item][label.verdict] += 1
    found = {}
    for item, count in sorted(votes.items()):
        if count[LabelVerdict.right] != count[LabelVerdict.wrong]:
            found[item] = max(count, key=lambda verdict: count[verdict])
    return found


def sampled(labels: Iterable[Label], most: int | None = None) -> list[tuple[str, str]]:
    """Question and item of what people labelled for a judge, mixed by a hash that knows no answer; the first `most` of them."""
    pairs = {(one.question, one.item) for one in labels if one.question.startswith("judge:")}
    return sorted(pairs, key=lambda pair: (digest("calibration", pair[1]), pair[0]))[:most]


def calibrate(
    who: JudgeId,
    question: Question,
    labels: Iterable[Label],
    judgements: Iterable[Judgement],
    source: str = "",
) -> Card:
    """Hold a judge's answers against people's.

    Args:
        labels: of any questions; those of `judge:<question>` count. `wrong` means that something is wrong, for a
            contradiction too: that there is one.
        judgements: of any items; those that people settled count. Without an answer, an item isn't counted.
    """
    held = list(labels)
    people = settled(held, question)
    answers = {one.item: one.answer for one in judgements if one.question is question and one.item in people}
    table = np.zeros((2, 3))
    for item, answer in answers.items():
        table[int(people[item] is LabelVerdict.wrong), _column(answer, question)] += 1
    counts = table.astype(int)
    low, high = kappa_interval(counts)
    used = [one for one in held if one.question == f"judge:{question}" and one.item in answers]
    n = int(counts.sum())
    return Card(
        question=question,
        model=who.model,
        prompt=who.prompt,
        prompt_sha256=who.prompt_sha256,
        labels=digest(sorted((one.item, one.rater, one.verdict.value) for one in used)),
        source=source,
        raters=tuple(sorted({one.rater for one in used})),
        n=n,
        prevalence=int(counts[1].sum()) / n if n else None,
        unsure=sum(answer is Answer.unsure for answer in answers.values()),
        errors=sum(answer is Answer.error for answer in answers.values()),
        kappa=_kappa_of(counts),
        kappa_low=low,
        kappa_high=high,
        sensitivity=_share(int(counts[1, 1]), int(counts[1].sum())),
        specificity=_share(int(counts[0, 0]), int(counts[0].sum())),
    )


def kappa_interval(counts: np.ndarray) -> tuple[float, float]:
    """A 95 % interval for κ from its posterior: Dirichlet with ½ in each cell (Basu, Banerjee & Sen 2000), drawn with a seed.

    A percentile bootstrap has no width where all answers agree, so that five labels would open the gate. Simulated 300 times over
    each of 18 cases of 20 to 100 labels: a judge of κ 0.57 came to gate in at most 0.7 % of them (bootstrap: 3.3 %), a
    flawless one with 20 labels in 1 % (bootstrap: all). The price: of fewer than 50 labels on excellent judges the interval lies too
    low, and holds their κ in 79 to 87 of 100 cases only.

    Args: counts: shape (2, 3): people said right, wrong × the judge said right, wrong, neither.
    Returns: low, high in [-1, 1]; everything for no labels.
    """
    if not counts.sum():
        return -1.0, 1.0
    dice = np.random.default_rng(SEED)
    drawn = dice.dirichlet(counts.ravel() + _PRIOR, _DRAWS).reshape(-1, 2, 3)
    low, high = np.quantile(_kappas(drawn), [0.025, 0.975])
    exact = _kappa_of(counts)
    return float(min(low, 1.0 if exact is None else exact)), float(
        max(high, -1.0 if exact is None else exact)
    )


def card_of(calls: CallStore, workspace: str, who: JudgeId, question: Question) -> Card | None:
    """The card of a judge: the workspace's own, else one that came with Voxspec; None: it was never calibrated."""
    stored = _entries(calls, workspace, who, question)[1]
    try:
        own = Card.model_validate_json(stored["card"]) if stored else None
    except (KeyError, TypeError, ValidationError):
        own = None
    found = own or shipped_cards().get((who.model, who.prompt_sha256, question))
    return found if found and found.judge == str(who) and found.question is question else None


def keep_card(calls: CallStore, workspace: str, card: Card) -> None:
    """Keep a card in the workspace: it counts from now on, and an earlier one of that judge and question no longer does."""
    who = JudgeId(card.model, card.prompt, card.prompt_sha256)
    _keep(calls, workspace, who, card.question, {"card": card.model_dump_json()})


def forget_card(calls: CallStore, workspace: str, who: JudgeId, question: Question) -> None:
    """Let the workspace have no card of its own for a judge and question."""
    _keep(calls, workspace, who, question, {})


@lru_cache(maxsize=1)
def shipped_cards() -> Mapping[tuple[str, str, Question], Card]:
    """Cards that come with Voxspec, by model, prompt's hash and question."""
    root = Path(str(files("evals"))) / "cards"
    cards = [read_card(path) for path in sorted(root.glob("*.json"))]
    return {(card.model, card.prompt_sha256, card.question): card for card in cards}


def read_card(path: Path) -> Card:
    """A card from its file. Raises: InputRejected."""
    try:
        return Card.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as problem:
        raise InputRejected(
            f"{path.name} is no calibration card.", hint="Calibrate the judge anew."
        ) from problem


def severity(card: Card | None) -> Severity:
    """What the findings of a judge with that card are worth."""
    return Severity.block if card is not None and card.may_gate else Severity.advise


def _keep(calls: CallStore, workspace: str, who: JudgeId, question: Question, entry: dict[str, str]) -> None:
    # What is stored under a key stays: each card takes the next one.
    number, last = _entries(calls, workspace, who, question)
    if (last or {}) != entry:
        calls.put(workspace, _key(who, question, number), entry)


def _entries(
    calls: CallStore, workspace: str, who: JudgeId, question: Question
) -> tuple[int, dict[str, Any] | None]:
    """How many cards were kept, and the last of them."""
    number, last = 0, None
    while (entry := calls.get(workspace, _key(who, question, number))) is not None:
        number, last = number + 1, entry
    return number, last


def _key(who: JudgeId, question: Question, number: int) -> str:
    nth = (number,) if number else ()
    return digest("judge-card", who.model, who.prompt_sha256, question.value, *nth)


def _column(answer: Answer, question: Question) -> int:
    if answer in (Answer.unsure, Answer.error):
        return 2
    return 1 if answer is question.fault else 0


def _kappa_of(counts: np.ndarray) -> float | None:
    n = counts.sum()
    by_chance = counts[0].sum() * counts[:, 0].sum() + counts[1].sum() * counts[:, 1].sum()
    if not n or by_chance == n * n:
        return None
    return float(((counts[0, 0] + counts[1, 1]) * n - by_chance) / (n * n - by_chance))


def _kappas(tables: Floats) -> Floats:
    """κ of each table of probabilities. Shape (draws, 2, 3) → (draws,)."""
    same = tables[:, 0, 0] + tables[:, 1, 1]
    people, judge = tables.sum(axis=2), tables.sum(axis=1)
    by_chance = people[:, 0] * judge[:, 0] + people[:, 1] * judge[:, 1]
    kappas: Floats = (same - by_chance) / (1 - by_chance)
    return kappas


def _share(part: int, whole: int) -> Share:
    low, high = share_interval([part], [whole])
    return Share(part=part, whole=whole, low=float(low[0]), high=float(high[0]))
