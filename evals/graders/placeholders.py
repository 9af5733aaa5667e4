"""No text is left to be written: TBD, TODO, lorem ipsum, `[insert …]`, braces that nothing fills."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.prose import Place, blank_placeholders, places
from evals.reading.spot import Spot, blocking
from evals.sample import with_block
from evals.view import EvidenceView

_NAME = "placeholders"
_VERBS = (
    "determined|defined|decided|confirmed|added|written|done|specified|clarified|agreed|announced|completed|continued|updated|discussed|finali[sz]ed|filled"
    "|provided|supplied|detailed|elaborated|described|inserted|settled|worked out"
)
_FILL = "insert|add|your|placeholder|fill|enter|tbd|todo|tba|tbc|name|description|details|text|role|product|feature|company|date|number|value|link|xx"
_FILL_ABROAD = "einfügen|hier|ergänzen|platzhalter|insérer|ajouter|votre|compléter|insertar|añadir|completar|su|inserire|inserir|preencher|invullen"
_NAMED = "[\\[<(]\\s*(?:" + _FILL + "|" + _FILL_ABROAD + ")\\b[^\\])>]*[\\])>]"
_PHRASES = (
    rf"\bto be (?:{_VERBS})\b|\b(?:details?|text|more|content|description|rest|list|numbers?|wording) (?:\w+ )?(?:to (?:follow|come)|coming|goes here|here|follows? later)\b"
    r"|\b(?:insert|add|put|write|enter) \w+(?: \w+)? here\b|\byour \w+ here\b|\bfill (?:this|me|it) in\b|\bplaceholder(?: text)?\b|\bcoming soon\b|\bwork in progress\b"
    r"|\bunder construction\b|\b(?:sample|dummy|filler|example) text\b|\blorem\b|\bipsum\b|\bdolor sit\b|\bblah\b|\bfoo ?bar\b|\basdf\w*|\bqwerty\b|\bas an ai\b|\blanguage model\b"
    r"|\bnoch (?:zu |nicht )?(?:klären|ergänzen|definieren|festzulegen|offen|definiert|festgelegt|bestimmen|geklärt|beschreiben)\b|\bzu (?:ergänzen|klären|definieren|bestimmen)\b|\bfolgt (?:noch|später|in kürze)\b"
    r"|\bwird (?:noch )?(?:ergänzt|nachgereicht|festgelegt|geklärt)\b|\bplatzhalter\b|\bblindtext\b|\bà (?:compléter|définir|préciser|déterminer|confirmer|ajouter|venir|remplir|rédiger)\b|\btexte ici\b"
    r"|\bpor (?:definir|completar|determinar|confirmar|añadir|concretar)\b|\bpendiente de (?:definir|completar|confirmar)\b|\btexto aquí\b|\bda (?:definire|completare|confermare|compilare)\b"
    r"|\ba (?:definir|completar|confirmar|preencher)\b|\bnog (?:in te vullen|te bepalen|aan te vullen)\b|待定|待补充|待确认|未定|後で(?:記入|追加)|要確認"
)
LEFT_OVER = re.compile(
    r"\b(?:TBD|TBC|TBA|TODO|FIXME|XXX+|TK|WIP|N\.?N\.)(?![\w-])|\b[Tt]\.?[Bb]\.?[Dd]\.?(?![\w-])|\btodo:|(?<!\w)[Tt]\.\s?[Bb]\.\s?[A-Za-z]\b\.?|\b(?:tbc|tba)\b"
    rf"|(?i:{_NAMED}|{_PHRASES})"
    r"|\[[A-Z][A-Z0-9 _-]{2,}\]|\[\s*(?:…|\.\.\.|\?+|_+|xx+)?\s*\]|<[a-z][a-z _-]{1,30}>|\$\{?[A-Z_]{3,}\}?|%[sd]\b|%\(\w+\)s"
    r"|\{[^}]*\}?|\}|\?\?\?+|_{3,}|⟨[^⟩]*⟩"
)
_NOTHING = re.compile(
    r"\W*(?:n/?a|none|nil|null|undefined|nan|string|text|title|description|same|ditto|see above|as above|xx+|test|todo|\.{2,}|…|-+|–|—|\?+)?\W*",
    re.IGNORECASE,
)
_SIGIL = re.compile(
    r"(?P<open>[$%#@&~^|\\<«‹\[［【「]|\(\()\s?(?P<id>[FQ]\d+)(?!\w)|(?<!\w)(?P<close>[FQ]\d+)\s?(?:[%$#@~^|>»›\]］】」]|\)\))"
)
"""The id of a fact or quote in another dress than braces, which are all that the renderer fills. `F7` alone may be a key, `Q3` a quarter."""
_BREAKS_OFF = re.compile(
    r"(?:…|\.{2,}|,|\s[–—-]|\b(?:the|a|an|and|or|but|because|than|whose|which|if|und|oder|aber|weil|et|ou|mais|y|pero|porque))\s*\Z"
)
_WHOLE = {"text", "want", "benefit", "criterion", "mitigation", "ask", "reason"}
_FILLED = {"title", "role", "want", "benefit", "criterion", "text"}
"""Fields that a dash or `n/a` doesn't fill; a table's cell, a note or a unit may be empty."""


def placeholders(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on words that stand for text still to come, and on a fact or quote that is named otherwise than in braces.

    Quotes aren't looked at: customers may write anything.
    """
    fix = "Write it, or say in the open questions that it is not known."
    return [
        *blocking(_NAME, draft, _left_over, fix),
        *_unfilled(draft),
        *_nothing(draft),
        *_broken_off(draft),
    ]


def _left_over(text: str) -> Iterator[Spot]:
    for match in LEFT_OVER.finditer(blank_placeholders(text)):
        yield Spot(*match.span(), f"'{match.group()[:40]}' stands where text should.")


def _unfilled(draft: Draft) -> Iterator[Finding]:
    held = {*draft.facts, *draft.quotes}
    for place in places(draft):
        for match in _SIGIL.finditer(blank_placeholders(place.text)):
            if (name := match["id"] or match["close"]) in held:
                message = f"'{match.group()}' is filled by nothing: it isn't in braces."
                yield _finding(place, match.span(), message, f"Write '{{{name}}}'.")


def _nothing(draft: Draft) -> list[Finding]:
    return [
        _finding(
            place,
            (0, len(place.text)),
            f"The {place.field} of {place.target} says only '{place.text.strip()[:20]}'.",
            "Write it, or take it out.",
        )
        for place in places(draft)
        if place.field in _FILLED and place.text.strip() and _NOTHING.fullmatch(place.text)
    ]


def _broken_off(draft: Draft) -> list[Finding]:
    return [
        _finding(
            place,
            match.span(),
            f"'…{place.text[max(0, match.start() - 30) :].strip()}' breaks off.",
            "Finish the sentence.",
        )
        for place in places(draft)
        if place.field in _WHOLE and (match := _BREAKS_OFF.search(place.text))
    ]


def _finding(place: Place, span: tuple[int, int], message: str, fix: str) -> Finding:
    return Finding(
        grader=_NAME, severity=Severity.block, target=place.target, span=span, message=message, fix=fix
    )


def _good(draft: Draft) -> Draft:
    return with_block(draft, "US-1", title="Keep a to-do list of lanes")


def _bad(draft: Draft) -> Draft:
    return with_block(draft, "US-1", benefit="TBD")


GRADER = Grader(_NAME, 0, Severity.block, placeholders, _good, _bad)
