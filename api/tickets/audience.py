"""Who may read of a ticket in release notes. What isn't clearly public stays internal, and nobody's label makes a leak harmless.

Two sorts of reasons keep a ticket inside. A *wall* stands whatever anybody labelled: somebody marked it as internal, or its words hold a
customer's name, personal data, an address, or characters that nobody sees. A *doubt* (technical words, nothing that a customer would
know) is overcome by the label `release-note:public` or `release-note:beta`, with which a person decides.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from api.tickets.mirror import folded
from assistant.domain.personal.find import find_personal
from assistant.domain.ticket import Ticket


class Audience(StrEnum):
    """Who reads the notes. Each reads what the next one reads, and more."""

    internal = "internal"
    beta = "beta"
    public = "public"


_ORDER = (Audience.internal, Audience.beta, Audience.public)
_DENIED = (
    "internal",
    "security",
    "embargo",
    "confidential",
    "secret",
    "private",
    "vulnerab",
    "restricted",
    "sensitive",
    "nda",
    "cve",
)
"""Of labels, components, kinds, statuses: parts of words, so that `InternalOnly` and `sec: security-fix` are meant, too."""
_WHOLE_WORDS = frozenset({"nda", "cve"})
_DELICATE = re.compile(
    r"\b(?:cve-\d|cve\b|vulnerabilit|exploit|xss\b|csrf\b|ssrf\b|rce\b|injection|privilege escalation|auth(?:entication|orization)? bypass"
    r"|embargo|confidential|internal only|do not (?:publish|disclose|share)|under nda|data (?:leak|breach)|customer escalation|password|secret"
    r"|credential|token)"
)
_TECHNICAL = re.compile(
    r"\b(?:refactor\w*|lint\w*|ci|cd|unit tests?|tests?|flaky|typing|mypy|dependenc\w+|bump\w*|upgrade \w+ to|migrat\w+|schema|endpoint|backend|backfill"
    r"|database|index(?:es)? on|cron|kubernetes|k8s|docker|terraform|pipeline|telemetry|logging|metrics?|tech debt|cleanup|clean up|rename\w*"
    r"|deprecat\w+|feature flag|spike|chore|staging|deploy\w*|runbook|on-?call|infra\w*|monorepo|build)\b"
)
_FACING = re.compile(
    r"\b(?:you|your|users?|people|customers?|admins?|members?|teams?|page|pages|screen|button|menu|dialog|dashboard|view|list|search|filter|sort"
    r"|export\w*|import\w*|download\w*|upload\w*|print\w*|share|sharing|invite\w*|notif\w+|e-?mails?|remind\w*|calendar|board|card|report|reports|chart"
    r"|table|file|files|pdf|csv|excel|app|mobile|phone|browser|offline|dark mode|theme|language|translation|login|log in|sign in|sign-?up|account"
    r"|profile|settings?|payment|invoice|checkout|order|cart|subscription|comment|attachment|photo|image|video|map|keyboard|shortcut|undo|redo"
    r"|copy|paste|drag|editor|template|message|chat|blank|crash\w*|freez\w+|slow|faster|loading)\b"
)
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\bmailto:|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|app|ai|co|de|eu|uk|fr|ch|at|info|biz|internal|intra|intranet"
    r"|local|localhost|lan|corp|home|example|test|invalid|onion)\b|\\\\[a-z0-9]|\blocalhost\b"
)
_CLAIMED = re.compile(
    r"\d\s*(?:%|percent\b|x\b|×|times\b|-?fold\b|(?:\w+ )?(?:people|users|customers|accounts|companies|teams|clients)\b)"
)
_LEGAL = frozenset(
    ["ab", "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "group", "holding", "holdings", "inc", "incorporated", "kg", "limited", "llc", "llp", "ltd", "nv", "oy", "plc", "pty", "sa", "sarl", "se", "spa", "srl", "the"]
)  # fmt: skip
_SHORTEST_FIRST_WORD = 4
_PREFIX = "release note"


class Names:
    """Names of customers, to be found in a text however they are written.

    Args:
        accounts: as records name them.
        people: whatever else is somebody's name, for example who reported a ticket.
    """

    def __init__(self, accounts: Iterable[str], people: Iterable[str] = ()) -> None:
        self._whole: set[str] = set()
        self._first: set[str] = set()
        for name in accounts:
            words = folded(name).split()
            core = [word for word in words if word not in _LEGAL] or words
            if core:
                self._whole |= {" ".join(core), " ".join(words)}
                if len(core) > 1 and len(core[0]) >= _SHORTEST_FIRST_WORD:
                    self._first.add(core[0])
        self._whole |= {found for name in people if (found := folded(name))}
        self._joined = {name.replace(" ", "") for name in self._whole if " " in name}
        self._longest = max((name.count(" ") + 1 for name in self._whole), default=0)

    def in_text(self, text: str) -> bool:
        """Whether one stands in it: whole, in one word or with a hyphen, or its first word with a capital."""
        words = folded(text).split()
        for size in range(1, self._longest + 1):
            for at in range(len(words) - size + 1):
                run = words[at : at + size]
                if " ".join(run) in self._whole or "".join(run) in self._joined:
                    return True
        capital = {folded(word) for word in re.findall(r"\w+", text) if word[:1].isupper()}
        return not self._first.isdisjoint(capital)


def walls(ticket: Ticket, denied: Sequence[str] = ()) -> Iterator[str]:
    """Why nobody outside may read of it, whatever else is labelled. Args: denied: more labels or components, as a person writes them."""
    told = (*ticket.labels, ticket.component, ticket.kind, ticket.status, ticket.priority)
    more = {folded(one).replace(" ", "") for one in denied if folded(one)}
    for one in filter(None, told):
        if folded(one).startswith(_PREFIX):
            continue
        if has_hidden(one):
            yield "a label with characters that nobody sees"
        joined = folded(one).replace(" ", "")
        if joined in more or _is_denied(one):
            yield f"'{' '.join(folded(one).split())}'"
    if "internal" in decided(ticket):
        yield "somebody decided so"


def wording_walls(text: str, names: Names) -> Iterator[str]:
    """Why these words may not be read outside. Judge what is shown and what it was made of."""
    if has_hidden(text):
        yield "characters that nobody sees, or letters of several alphabets in one word"
    seen = unicodedata.normalize("NFKC", text)
    if any(find_personal(one) for one in (text, seen)):
        yield "personal data"
    if _ADDRESS.search(seen.casefold()):
        yield "an address"
    if names.in_text(text):
        yield "a name"


def doubts(ticket: Ticket, text: str, *, is_asked_for: bool) -> Iterator[str]:
    """Why it isn't clear that it may be read outside. Args: is_asked_for: whether it does what customers were counted to ask for."""
    title, body = text.casefold(), ticket.body.casefold()
    if _DELICATE.search(title) or _EMBARGOED.search(body):
        yield "delicate words"
    if len(_alphabets(text)) > 1:
        yield "letters of several alphabets"
    if _CLAIMED.search(title):
        yield "a number that nobody counted"
    if not is_asked_for:
        if _TECHNICAL.search(title):
            yield "technical words"
        elif not _FACING.search(title):
            yield "no words of customers"


_EMBARGOED = re.compile(
    r"\bembargo|\bconfidential|\binternal only|\bdo not (?:publish|disclose|share)|\bunder nda|\bcve-\d"
)
_BETA = frozenset(
    {"beta", "preview", "experimental", "early access", "labs", "behind a flag", "feature flag"}
)


def decided(ticket: Ticket) -> set[str]:
    """What people decided by labels `release-note:public`, `:beta`, `:internal` (or `:none`, `:skip`)."""
    found = set()
    for label in ticket.labels:
        before, _, word = folded(label).replace("release notes", _PREFIX).partition(f"{_PREFIX} ")
        if not before and word and not has_hidden(label):
            found.add("internal" if word in ("none", "skip", "internal", "no") else word)
    return found


def audience_of(ticket: Ticket, barred: Sequence[str], doubted: Sequence[str]) -> Audience:
    """The widest audience that may read of it. Args: barred, doubted: the reasons that were found."""
    if barred:
        return Audience.internal
    said = decided(ticket)
    is_beta = any(folded(label) in _BETA for label in ticket.labels) or "beta" in said
    if doubted and said.isdisjoint({"public", "beta"}):
        return Audience.internal
    return Audience.beta if is_beta else Audience.public


def may_read(reader: Audience, widest: Audience) -> bool:
    """Whether a reader is among those who may read of it."""
    return _ORDER.index(widest) >= _ORDER.index(reader)


def has_hidden(text: str) -> bool:
    """Whether a text holds what a reader doesn't see, or a word of Latin letters mixed with others that look like them."""
    if text.isascii():
        return not text.replace("\n", "").replace("\t", "").isprintable() if text else False
    if any(
        unicodedata.category(c) in {"Cf", "Cc", "Co", "Cs", "Cn", "Zl", "Zp"} and c not in "\n\t"
        for c in text
    ):
        return True
    return any(len(_alphabets(word)) > 1 for word in re.findall(r"\w+", text))


_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


def _alphabets(text: str) -> set[str]:
    """Alphabets of a text whose letters look like each other's."""
    return {unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()} & _ALIKE


def _is_denied(label: str) -> bool:
    words = folded(label).split()
    joined = "".join(words)
    return any(part in words if part in _WHOLE_WORDS else part in joined for part in _DENIED)
