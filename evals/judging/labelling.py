"""What people are asked to label, one thing at a time, and how their answers are read and kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.finding import finding_key
from assistant.domain.label import Label, LabelVerdict
from assistant.domain.personal.find import masked
from assistant.drafting.formats.to_markdown import markdown
from assistant.errors import InputRejected
from evals.cases.chains import ChainSet
from evals.judging.agreement import PREFER
from evals.judging.judge import Asked, Question
from evals.judging.layer4 import questions_of
from evals.reading.prose import places

_MOST_SHOWN = 20_000
_ASKED = {
    Question.follows: "Does the claim say only what the quotes say?",
    Question.story: "Do role, wish and benefit come from the quotes?",
    Question.criteria: "If all criteria pass, is the wish of the story met?",
    Question.contradiction: "Can both be met, or be true, together?",
    Question.useful: "Could an engineer start from this?",
}
"""Asked so that yes means that nothing is wrong: the label is `right` then."""
_KEYS = {"y": LabelVerdict.right, "n": LabelVerdict.wrong, "u": LabelVerdict.unsure}
KEYS = "y yes · n no · u unsure · s skip · q quit; a reason may follow the letter"


@dataclass(frozen=True)
class Labelled:
    """One thing to label."""

    question: str
    """As in `Label`."""
    item: str
    asks: str
    """The question in words."""
    shown: str
    """All that the rater sees, and what is frozen with the label."""
    record_ids: tuple[str, ...] = ()

    def answered(self, verdict: LabelVerdict, rater: str, reason: str, at: datetime) -> Label:
        """The label. Raises: InputRejected for a rater or reason that can't be kept."""
        told = {"question": self.question, "item": self.item, "shown": self.shown}
        try:
            return Label(
                **told, verdict=verdict, rater=rater, reason=reason, record_ids=self.record_ids, at=at
            )
        except ValidationError as problem:
            first = problem.errors()[0]
            raise InputRejected(
                f"The {first['loc'][0]} can't be kept: {first['msg'].lower()}.", hint="Make it shorter."
            ) from problem


@dataclass(frozen=True)
class Reply:
    """What a rater typed."""

    what: LabelVerdict | Literal["skip", "quit"]
    reason: str = ""


def read_reply(line: str) -> Reply:
    """Read an answer: a letter, then perhaps a reason. Raises: InputRejected."""
    letter, _, reason = line.strip().partition(" ")
    letter = letter.rstrip(":,.;").casefold()
    if letter in ("s", "skip"):
        return Reply("skip")
    if letter in ("q", "quit"):
        return Reply("quit")
    if letter[:1] in _KEYS and letter in ("y", "n", "u", "yes", "no", "unsure"):
        return Reply(_KEYS[letter[:1]], reason.strip())
    raise InputRejected("That is no answer.", hint=KEYS + ".")


def of_chains(held: ChainSet) -> list[Labelled]:
    """Each distinct claim, story and set of criteria of a set of chains."""
    return [_of_question(one, one.item, shown_as_is=True) for one in held.asked().values()]


def of_draft(draft: Draft, *, show_personal: bool) -> list[Labelled]:
    """What a judge would be asked about a draft."""
    version = f"{draft.id}@{draft.version}"
    return [
        _of_question(one, f"{version}#{one.item}", shown_as_is=show_personal) for one in questions_of(draft)
    ]


def of_pair(first: Draft, second: Draft, *, show_personal: bool) -> list[Labelled]:
    """Which of two drafts is better, asked in both orders: who answers by the place of a draft answers the same twice."""
    found = []
    for one, other in ((first, second), (second, first)):
        names = [f"{draft.id}@{draft.version}" for draft in (one, other)]
        texts = [markdown(draft.model_copy(update={"report": None})) for draft in (one, other)]
        parts = [f"brief: {first.brief}", f"── 1 ──\n{texts[0]}", f"── 2 ──\n{texts[1]}"]
        found.append(
            Labelled(
                question=PREFER,
                item="/".join(names),
                asks="Does 1 serve the brief better than 2? (no: 2 does; unsure: neither)",
                shown=_shown(parts, show_personal),
                record_ids=tuple(
                    sorted({quote.record_id for draft in (one, other) for quote in draft.quotes.values()})
                ),
            )
        )
    return found


def of_findings(draft: Draft, *, show_personal: bool) -> Iterator[Labelled]:
    """The findings of a draft's report, each with the place that it is about."""
    version = f"{draft.id}@{draft.version}"
    texts: dict[str, list[str]] = {}
    for place in places(draft):
        texts.setdefault(place.target, []).append(place.text)
    texts |= {name: [quote.text] for name, quote in draft.quotes.items()}
    records = tuple(sorted({quote.record_id for quote in draft.quotes.values()}))
    for finding in draft.report.findings if draft.report else ():
        parts = [
            f"{finding.severity.value} {finding.grader}: {finding.message}",
            f"compared with: {finding.evidence}" if finding.evidence else "",
            f"fix: {finding.fix}" if finding.fix else "",
            *(f"{finding.target}: {text}" for text in texts.get(finding.target, [])),
        ]
        yield Labelled(
            question=f"finding:{finding.grader}",
            item=f"{version}#{finding.target}#{finding_key(finding)}",
            asks="Is this finding right?",
            shown=_shown(parts, show_personal),
            record_ids=records,
        )


def waiting(things: Iterable[Labelled], labels: Iterable[Label], rater: str) -> list[Labelled]:
    """What a rater hasn't labelled yet, in an order of the rater's own: the same at each start, another one for each rater."""
    done = {(label.question, label.item) for label in labels if label.rater == rater}
    left = [one for one in things if (one.question, one.item) not in done]
    return sorted(left, key=lambda one: digest(rater, one.question, one.item))


def _of_question(asked: Asked, item: str, *, shown_as_is: bool) -> Labelled:
    parts = [asked.subject, *(f"  [{name}] {text}" for name, text in asked.lines.items())]
    return Labelled(
        question=f"judge:{asked.question}",
        item=item,
        asks=_ASKED[asked.question],
        shown=_shown(parts, shown_as_is),
        record_ids=asked.record_ids,
    )


def _shown(parts: Iterable[str], as_is: bool) -> str:
    text = "\n".join(part for part in parts if part)
    return (text if as_is else masked(text))[:_MOST_SHOWN]
