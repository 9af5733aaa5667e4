"""Nothing is asked for that the draft rules out: by its non-goals, or by another requirement that says `shall not`."""

import re
from collections.abc import Iterator
from itertools import permutations

from assistant.domain.draft import ClaimsBlock, Draft, Section, StoryBlock, TextBlock
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import sentences
from evals.grader import Grader
from evals.language.match import fold
from evals.reading.concepts import Ask, asks, concepts
from evals.reading.prose import blank_placeholders
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "scope_contradictions"
OUT_OF_SCOPE = re.compile(
    r"non[-_ ]?goals?\b|out[-_ ]of[-_ ]scope|not in scope|won['’]t (?:do|have)|excluded|nicht[-_ ]?ziele?\b|nicht im umfang|no[-_ ]?objetivos"
    r"|fuera de alcance|hors[-_ ]p[ée]rim[èe]tre",
    re.IGNORECASE,
)
"""A section of what won't be done, by its id or title."""
_PARKED = re.compile(
    r"(?:[:,;–—]\s*)?(?:·+ (?:people|person)\b.*|(?:are |is )?parked\b.*)", re.IGNORECASE | re.DOTALL
)
_ITEMS = re.compile(r"[,;/•\n]|\b(?:and|or|nor|und|oder|noch)\b", re.IGNORECASE)
_RULING_OUT = frozenset(
    [
        "goal",
        "left",
        "park",
        "scope",
        "part",
        "releas",
        "version",
        "later",
        "plan",
        "anyth",
        "stori",
        "below",
        "name",
        "done",
        "futur",
        "now",
        "first",
        "won",
        "stay",
        "remain",
        "out",
        "handl",
        "deal",
        "touch",
        "ziel",
        "umfang",
    ]
)
LATER = re.compile(
    r"\b(?:later(?! than)|(?:an|some) ?other (?:day|time|year|release|version|round|project|team|quarter|occasion)|(?:next|future|coming|following|subsequent|second) (?:releases?|versions?|rounds?|years?|quarters?|phases?|steps?|time)"
    r"|some ?day|one day|eventually|down the (?:road|line)|in (?:the )?(?:future|due course)|(?:can|may|must|has to|have to|will|should|could) wait|not (?:now|yet|today|planned|included|part|covered|in this|for now|this time|on the list|going to|to be)"
    r"|postpon\w+|defer\w*|delay\w*|park(?:ed|ing)?|shelv\w+|put (?:off|aside|on hold|back)|set aside|on hold|(?:left|leave|leaves|leaving) (?:out|for|aside|to)|(?:is|are|stays?|remains?|keeps?|kept) out|drop(?:s|ped)?|skip(?:s|ped)?|cut from"
    r"|rul(?:es?|ed|ing) out|exclud\w+|beyond|outside|out of|off the (?:table|list|menu)|no plans?|no part of|won['’]t|will not|will never|does not|doesn['’]t|do not|don['’]t|nothing (?:is|will be)|do(?:es)? without|no intention"
    r"|sp[äa]ter|ein andermal|künftig|zurückgestellt|nicht (?:jetzt|geplant|dabei|vorgesehen|enthalten)|plus tard|pas (?:maintenant|prévu)|más (?:tarde|adelante)|no (?:está )?previsto)\b",
    re.IGNORECASE,
)
"""Ways to say that something isn't done, or not this time."""
_SHARED = 0.8


def scope_contradictions(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block where a story or requirement asks for all that a non-goal of two words or more names, or that a `shall not` forbids.

    Advise where a non-goal is one word and a wish holds it.
    """
    asked = asks(draft)
    found = list(_non_goals(draft, asked))
    told = {one.target for one in found}
    return [*found, *_put_off(draft, [ask for ask in asked if ask.target not in told]), *_forbidden(asked)]


def non_goals(draft: Draft) -> list[tuple[str, str]]:
    """Id of a claim or section and text of all that a draft puts outside its scope, in reading order."""
    out = [one for one in draft.sections if OUT_OF_SCOPE.search(one.id) or OUT_OF_SCOPE.search(one.title)]
    return [told for section in out for told in _texts(draft, section)]


def without_parking(text: str) -> str:
    """What a non-goal names, without how many people want it and that it is parked."""
    return _PARKED.sub("", text)


def _non_goals(draft: Draft, asked: list[Ask]) -> Iterator[Finding]:
    for name, text in non_goals(draft):
        for ruled_out, whole in _items(text, draft.language):
            for ask in asked:
                verbatim = _in_words(ask, text)
                if ask.negated or not ruled_out or not (ruled_out <= ask.concepts or verbatim):
                    continue
                proven = verbatim or (len(ruled_out) > 1 and whole)
                yield Finding(
                    grader=_NAME,
                    severity=Severity.block if proven else Severity.advise,
                    target=ask.target,
                    message=f"{ask.target} asks for what {name} puts outside the scope.",
                    evidence=text.strip(),
                    fix=f"Take {ask.target} out, or take {name} off the non-goals.",
                )
                break


def _put_off(draft: Draft, asked: list[Ask]) -> Iterator[Finding]:
    """What a sentence anywhere leaves out or puts off, although a story or requirement asks for all of it."""
    for section in draft.sections:
        for name, text in _texts(draft, section):
            for start, end in sentences(text):
                said = text[start:end]
                if not LATER.search(said) or said.rstrip().endswith("?"):
                    continue
                held = concepts(said, draft.language)
                for ask in asked:
                    if not ask.negated and (
                        _in_words(ask, said) or (len(ask.concepts) > 1 and ask.concepts <= held)
                    ):
                        yield Finding(
                            grader=_NAME,
                            severity=Severity.block,
                            target=ask.target,
                            message=f"{ask.target} asks for what {name} leaves for later.",
                            evidence=said.strip(),
                            fix=f"Take {ask.target} out, or take back what {name} says.",
                        )
                        break


def _in_words(ask: Ask, text: str) -> bool:
    """Whether a non-goal repeats a story's wish word for word, three words at least."""
    wish = fold(blank_placeholders(ask.text)).removeprefix("to ") if isinstance(ask.block, StoryBlock) else ""
    return wish.count(" ") > 1 and f" {wish} " in re.sub(r"[:.,;]", " ", f" {fold(text)} ")


def _texts(draft: Draft, section: Section) -> Iterator[tuple[str, str]]:
    for block in section.blocks:
        if isinstance(block, TextBlock):
            yield section.id, blank_placeholders(block.text)
        elif isinstance(block, ClaimsBlock):
            for name in block.claim_ids:
                if name in draft.claims:
                    yield name, blank_placeholders(draft.claims[name].text)


def _items(text: str, language: str) -> Iterator[tuple[frozenset[str], bool]]:
    """What a text rules out: as a whole, and each part of a list. A keyword label (`map / column`) proves nothing."""
    named = without_parking(text)
    whole = concepts(named, language) - _RULING_OUT
    label = " / " in named
    yield whole, not label
    if not label:
        parts = [concepts(part, language) - _RULING_OUT for part in _ITEMS.split(named)]
        yield from ((part, True) for part in parts if part and part != whole)


def _forbidden(asked: list[Ask]) -> Iterator[Finding]:
    for one, other in permutations(asked, 2):
        if not one.negated or other.negated or len(one.concepts) < 2:
            continue
        if len(one.concepts & other.concepts) >= _SHARED * len(one.concepts):
            yield Finding(
                grader=_NAME,
                severity=Severity.block,
                target=one.target,
                message=f"{one.target} forbids what {other.target} asks for.",
                evidence=other.text,
                fix="Keep one of them, or say when which of them holds.",
            )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "FR-1", text="The system shall not lose the timetable without a network.")


def _bad(draft: Draft) -> Draft:
    return with_block(
        draft, "FR-1", text="The system shall not let anybody open the timetable while offline."
    )


GRADER = Grader(_NAME, 2, Severity.block, scope_contradictions, _good, _bad)
