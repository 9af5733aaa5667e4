"""What a text asks for, as a set of concepts: stems of its content words, with the words that say the same thing as one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.draft import Draft, RequirementBlock, StoryBlock
from assistant.domain.text import index_terms, stem
from evals.reading.prose import blank_placeholders

SAME_THING = {
    "en": """
timetable schedule roster
folder directory
login sign-in logon
invoice bill
picture photo photograph
phone smartphone handset mobile
network internet connection
message notification notice alert
customer client
employee staff coworker
colleague teammate
dashboard cockpit
setting preference configuration
label tag
reader terminal
parcel package shipment
lesson class
error failure fault
password passcode
homepage landing-page start-page
administrator admin
comment remark
spreadsheet sheet
report statement
visit appointment booking
thermostat regulator
backup safe-copy
cart basket
doctor physician
price fee charge
""",
    "de": """
stundenplan fahrplan zeitplan
ordner verzeichnis
rechnung faktura
bild foto
handy smartphone mobiltelefon
nachricht meldung benachrichtigung mitteilung
kunde auftraggeber
mitarbeiter angestellter
einstellung konfiguration
paket sendung
fehler störung
passwort kennwort
termin verabredung
""",
}
"""Language → names of one thing, a line each. Two of them in one draft may mean two things: it is advice only."""
_SAME_ACT = [
    "",
    "delete remove erase discard purge",
    "keep kept retain store save preserve",
    "show shown display present reveal",
    "open load launch",
    "send sent dispatch deliver",
    "tell told inform notify",
    "change edit modify alter amend",
    "create make made produce",
    "choose chosen select pick",
    "find found locate",
    "start begin",
    "stop end halt",
    "forbid prevent prohibit disallow deny",
    "allow let permit enable",
    "need require demand",
    "fix repair mend",
    "print printing",
    "fast quick rapid speedy",
    "offline disconnected",
    "export download",
    "import upload",
    "cancel abort",
    "",
]
_NO_NETWORK = re.compile(
    r"\b(?:without|no|lacking)(?: an?| any| the)? (?:network|internet|connection|reception|signal|wi-?fi)(?: connection)?\b"
    r"|\bdisconnected\b|\bohne (?:netz|internet|verbindung|empfang)\b",
    re.IGNORECASE,
)
_FRAME = frozenset(
    stem(word)
    for word in [
        "system",
        "shall",
        "must",
        "will",
        "able",
        "want",
        "wants",
        "need",
        "product",
        "application",
        "app",
        "software",
        "let",
        "lets",
        "allow",
        "user",
        "users",
        "customer",
        "customers",
        "anybody",
        "anyone",
        "somebody",
        "someone",
        "everybody",
        "everyone",
        "nobody",
        "people",
        "person",
        "jemand",
        "niemand",
        "alle",
        "possible",
        "way",
        "able",
        "make",
        "sure",
        "see",
        "give",
        "provide",
        "offer",
        "support",
        "muss",
        "soll",
        "sollen",
        "müssen",
        "nutzer",
        "system",
        "kunde",
        "kunden",
    ]
)
"""Words that frame what is asked for and say nothing of it."""
MEASURING = frozenset(
    [
        "take",
        "most",
        "least",
        "within",
        "under",
        "max",
        "maximum",
        "minimum",
        "percentil",
        "second",
        "minut",
        "hour",
        "day",
        "ms",
        "s",
        "th",
        "p95",
        "95th",
        "99th",
        "mindesten",
        "höchsten",
        "innerhalb",
        "sekund",
    ]
)
"""Stems that say how something is bounded, not what."""
_NOT = re.compile(
    r"\b(?:shall|must|will|should|may)\s+(?:not|never)\b|\b(?:mus|sha|wo|should)n['’]t\b|\A\s*(?:to (?:not|never)|not to|never to)\b"
    r"|\b(?:shall|must|will|should)\s+(?:prevent|forbid|prohibit|disallow|deny|refuse|rule out|avoid)\b"
    r"|\bunder no circumstances\b|\bat no time\b|\bnot be (?:allowed|permitted|possible)\b|\bno \w+ (?:shall|may|must)\b"
    r"|\bshall be (?:forbidden|prohibited|impossible|ruled out)\b"
    r"|\b(?:darf|dürfen|soll|sollen|muss|müssen)\b[^.;]{0,80}?\b(?:nicht|nie|niemals|kein\w*)\b",
    re.IGNORECASE,
)
_CANNOT = re.compile(r"\b(?:cannot|can['’]t|can not|do not|does not|(?:do|does)n['’]t)\b", re.IGNORECASE)
SHALL = re.compile(r"\b(?:shall|must|should|muss|müssen|soll|sollen)\b", re.IGNORECASE)
"""The verb that makes a sentence a requirement."""
_CONDITION = re.compile(
    r"\A\s*(?:where|if|when|whenever|while|until|unless|as long as|after|before|falls|wenn|sobald|solange)\b[^,]*,\s*",
    re.IGNORECASE,
)
_NOT_WORDS = frozenset(
    stem(word)
    for word in [
        "never",
        "cannot",
        "prevent",
        "forbid",
        "prohibit",
        "disallow",
        "deny",
        "refuse",
        "avoid",
        "allowed",
        "permitted",
        "circumstances",
        "niemals",
        "kein",
        "keine",
        "nie",
        "darf",
        "dürfen",
        "impossible",
        "forbidden",
        "prohibited",
    ]
)


@dataclass(frozen=True)
class Ask:
    """A story's wish or a requirement."""

    target: str
    block: StoryBlock | RequirementBlock
    text: str
    concepts: frozenset[str]
    negated: bool
    """It says what shall not be."""


def asks(draft: Draft) -> list[Ask]:
    """Everything that the draft asks for, in reading order."""
    return list(_asks(draft))


def _asks(draft: Draft) -> Iterator[Ask]:
    for block in draft.blocks():
        if isinstance(block, StoryBlock):
            text = block.want
        elif isinstance(block, RequirementBlock):
            text = block.text
        else:
            continue
        yield Ask(block.id, block, text, concepts(text, draft.language), negated(text))


@lru_cache(maxsize=4096)
def concepts(text: str, language: str) -> frozenset[str]:
    """The concepts of a text: no frame (`the system shall`), no negation, one name for what has several.

    A mobile phone without a network and one that is offline are in the same state.
    """
    plain = _NO_NETWORK.sub(" offline ", blank_placeholders(text)).replace("·", " ")
    canonical = _canonical(language)
    found = {canonical.get(term, term) for term in index_terms(plain, language)}
    return frozenset(found - _FRAME - _NOT_WORDS)


def negated(text: str) -> bool:
    """Whether a wish or requirement says what shall not be. `Without a network` and `where it can't be done` are conditions."""
    said = _CONDITION.sub("", text)
    if _NOT.search(said):
        return True
    return _CANNOT.search(said) is not None and not SHALL.search(said) and not said.startswith("to ")


@lru_cache(maxsize=8)
def _canonical(language: str) -> dict[str, str]:
    """Stem → the stem that stands for all names of that thing or act."""
    lines = SAME_THING.get(language, "").split("\n") + (_SAME_ACT if language == "en" else [])
    return {
        stem(word, language): stem(line.split()[0], language)
        for line in lines
        if line
        for word in line.split()
    }
