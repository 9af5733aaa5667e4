"""What a step of a scenario is: context, action or outcome. English, with the keywords of five languages. Pure functions."""

import re
from typing import Literal

from assistant.domain.text import content_words, stem, words

Part = Literal["given", "when", "then"]


def _stems(listed: str) -> frozenset[str]:
    return frozenset(stem(word) for word in listed.split())


_KEYWORDS: dict[Part, str] = {
    "given": r"given|angenommen|gegeben(?: sei(?:en)?)?|étant donné(?:e?s?)?|soit|dado|dada|dados|dato",
    "when": r"when|wenn|quand|lorsqu[e'’]|cuando|quando",
    "then": r"then|dann|alors|entonces|então|allora",
}
_AND = r"(?:and|but|und|aber|et|mais|y|pero|e)\b|\*\s"
_ANY_KEYWORD = {
    part: re.compile(rf"\s*(?:(?:{_AND})\s*)?(?:{pattern})\b[\s:,]*", re.IGNORECASE)
    for part, pattern in _KEYWORDS.items()
}
_AGAIN = re.compile(r"\s*(?:and|but|und|aber)\b", re.IGNORECASE)
_INSIDE = re.compile(
    r"(?<=\w)[,;.]?\s+(?:Given|When|Then|And then|GIVEN|WHEN|THEN)\s+(?=\w)|[,;]\s+then\s+(?=\w)"
)

_POINTING = r"click|tap|press|type|submit|swipe|drag|scroll|hit|push|double-click|right-click|long-press|key in|tick|check the box|toggle"
_DOING = rf"{_POINTING}|enter|select|choose|pick|open|upload|navigate|go|log in|log out|sign in|sign up|sign out|fill|search|browse|visit|attach|paste|copy|add|delete|remove|edit|save|export|import|print|send|start|switch|turn|close|request|confirm|cancel|apply|set|change|create|book|order|pay"
_SELF = r"i|we|you|they|he|she|(?:the|a|an|this|that|any|each) (?:\w+ ){0,2}(?:user|customer|person|visitor|member|admin|administrator|owner|manager|client|buyer|guest)"
_ADVERB = (
    r"(?:(?:then|now|just|next|again|also|first|finally|simply|quickly|have to|must|need to|should)\s+)*"
)
_SEEN = r"shown|displayed|visible|presented|highlighted"
_SEES = r"(?:can |will |should |then )*(?:sees?|(?:am|is|are) (?:told|shown|informed|notified|alerted)|receives?|get told|get notified)\b"
_TOLD = re.compile(
    rf"[^,;]{{1,80}}\b(?:is|are|gets?|becomes?) (?:then )?(?:{_SEEN})\b|[^,;]{{1,60}}\bappears?\b",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"(?:the|an?) (?:\w+ ){1,3}(?:shows?|displays?|returns?|confirms?|responds?|lists?)\b", re.IGNORECASE
)
_IS = r"(?:(?:am|is|are|was|were) (?:an?|the|on|in|at|logged|signed|already|currently|not|offline|online|connected)|(?:have|has|own|owns) (?:an?|the|no|two|some|my|many)|can (?!no\b|not\b|only\b|hardly\b|barely\b)\w+|(?:am|is|are|will be) able)\b"
_GENERIC = _stems(
    "work works working result results action actions step steps task outcome expected expectation expect expectations intended intend desired desire"
    " wanted want asked ask see sees seen show shows shown happen happens happened occur done do does succeed succeeds success successful successfully"
    " complete completes completed correct correctly proper properly right fine ok okay well good behave behaves behaviour behavior function functions"
    " functional functionality feature features system systems app application product software goal goals need needs requirement requirements meet met"
    " fulfilled fulfil fulfill satisfied satisfy achieved achieve carried execute executed perform performed process processed handled handle everything"
    " anything something thing things way user users customer customers person able possible can should must will supposed appropriate appropriately"
    " smoothly perfectly flawlessly seamlessly accordingly go goes wrong user-friendly userfriendly friendly intuitive easy nice great robust convenient efficient smooth quality high good modern simple usable helpful pleasant enjoyable happy satisfied pleased delighted content display displays displayed effect effective get gets response responds"
    " respond working operation accomplished finish finished one ones normal normally usual usually regular regularly planned valid pass passes criterion test ready intention purpose story wish wishes request requested"
)

_PASSIVE = _stems(
    "see sees can cannot could may might will shall should am is are was were be been have has had get gets got receive receives know knows find finds understand"
    " understands remain remains stay stays keep keeps no never not don't learn learns notice notices hear hears view views end ends land lands recognise recognises"
    " recognize recognizes feel feels lose loses save saves spend spends need needs want wants own owns regain regains retain retains read reads arrive arrives return returns continue continues proceed proceeds reach reaches trust trusts believe believes wait waits move moves pass passes leave leaves become becomes succeed fail fails still only always"
    " immediately automatically also now then at in on within after when by with without who that which whose for from to of and or directly instantly clearly"
)
_SHOWING = _stems("show shows shown display displays displayed see sees seen ready get gets")
"""`it is shown` points at something; what it is stands in the steps before."""


def own_keyword(step: str, part: Part) -> bool:
    """Whether a step begins with the keyword that its place has already, or with an And."""
    return _ANY_KEYWORD[part].match(step) is not None or _AGAIN.match(step) is not None


def other_keyword(step: str, part: Part) -> str:
    """The keyword of another part that a step begins with, or nothing."""
    for other, pattern in _ANY_KEYWORD.items():
        if other != part and (match := pattern.match(step)):
            return match.group().strip(" ,:")
    return ""


def keyword_inside(step: str) -> str:
    """A keyword in the middle of a step: two steps in one line."""
    match = _INSIDE.search(step)
    return match.group().strip(" ,;.") if match else ""


def bare(step: str, part: Part) -> str:
    """The step as it is looked at: without keyword, white space folded."""
    text = re.sub(r"\s+", " ", step).strip().rstrip(".!")
    return _ANY_KEYWORD[part].sub("", text, count=1) if _ANY_KEYWORD[part].match(text) else text


def _person(role: str) -> str:
    """A pattern for whoever the story is of: `I`, `the user`, `the teacher` of a `swimming teacher at the pool`."""
    head = re.split(r"\s+(?:on|at|in|of|with|who|for|from|that)\s+", role.strip(), maxsplit=1)[0].split()
    return rf"(?:{_SELF}|(?:the|an?) (?:\w+ ){{0,2}}{re.escape(head[-1])})" if head else rf"(?:{_SELF})"


def acts(step: str, role: str, *, pointing: bool = False) -> bool:
    """Whether a person acts in a step: `I click …`, `the teacher opens …`, `click …`. Args: pointing: by hand only."""
    by_hand = rf"{_person(role)} {_ADVERB}(?:{_POINTING})(?:s|es)?(?!\w)"
    verb = rf"(?:{_POINTING if pointing else _DOING})(?:s|es)?(?!\w)"
    first = rf"{_person(role)} {_ADVERB}{verb}|(?:{_POINTING})(?:s|es)?\s+(?:the|on|a|an)\b|.*\b(?:and|then) {by_hand}"
    return re.match(first, step, re.IGNORECASE) is not None


def does_something(step: str, role: str) -> bool:
    """Whether a person does something at all: any verb but those of seeing, knowing, having and being able."""
    who = re.match(rf"{_person(role)} ", step, re.IGNORECASE)
    if who is None:
        return False
    verb = re.match(rf"{_ADVERB}([\w'’]+)", step[who.end() :], re.IGNORECASE)
    return (
        verb is not None
        and stem(verb.group(1).casefold()) not in _PASSIVE
        and not verb.group(1).endswith(("n't", "n’t", "ed", "'m", "’m"))
    )


def undergoes(step: str, role: str) -> bool:
    """Whether a step says what somebody sees, gets, has or is, rather than does."""
    who = re.match(rf"{_person(role)} ", step, re.IGNORECASE)
    verb = re.match(rf"{_ADVERB}([\w'’]+)", step[who.end() :], re.IGNORECASE) if who else None
    return verb is not None and stem(verb.group(1).casefold()) in _PASSIVE


def is_outcome(step: str, role: str) -> bool:
    """Whether a step says what is to be seen afterwards."""
    told = _TOLD.match(step) or re.match(rf"{_person(role)} {_SEES}", step, re.IGNORECASE)
    shows = _SHOWS.match(step) and not re.match(rf"{_person(role)}\b", step, re.IGNORECASE)
    return bool(told or shows)


def is_state(step: str, role: str) -> bool:
    """Whether a step says how things are, what somebody is able to do included."""
    return (
        re.match(rf"there (?:is|are|was|were|exists?)\b|{_person(role)} {_IS}", step, re.IGNORECASE)
        is not None
    )


def says_nothing(step: str) -> bool:
    """Whether any product passes: `it works as expected`, `the result of the action is shown`."""
    said = {stem(word) for word in content_words(step)}
    return said <= _GENERIC and not said <= _SHOWING and not re.search(r"\bdo(?:es)? so\b|·", step)


def two_actions(step: str, role: str) -> bool:
    """Whether a step does two things: `I open the list and click export`."""
    parts = re.split(r",?\s+and(?: then)?\s+(?:i |we |they )?", step, flags=re.IGNORECASE)
    return acts(parts[0], role) and any(
        re.match(rf"{_ADVERB}(?:{_DOING})(?:s|es)?\b", rest, re.IGNORECASE) for rest in parts[1:]
    )


def same_step(one: str, other: str) -> bool:
    """Whether two steps say the same, whatever their case and marks."""
    return words(one) == words(other)
