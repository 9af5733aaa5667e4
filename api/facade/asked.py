"""From a conversation to one request: what it is about, how much of it, which kind. Only the person's words decide.

A message is a new brief, unless it follows up on the one before: `shorter` and `longer` change how much, `only Android` adds to
the brief, `as user stories` changes the kind.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

ITEMS = 10
_FEWEST, _MOST = 3, 20
_MAX_FOLLOW_UP_WORDS = 12
_MAX_TITLE_WORDS = 6

_KINDS = (
    (
        "prd",
        r"prds?|product requirements?(?: documents?)?|requirements?(?: documents?)?|specs?|specifications?",
    ),
    ("user_stories", r"user stor(?:y|ies)|stor(?:y|ies)|backlog items?|acceptance criteria"),
    ("insight_summary", r"insights?(?: summary| summaries)?|summary|summaries|overview|digest"),
)
_KIND = "|".join(f"(?P<{name}>{words})" for name, words in _KINDS)
_REQUEST = re.compile(
    r"\s*(?:(?:hi|hello|hey|ok|okay|thanks|now|please|can you|could you|would you|i need|i want|let's)[\s,!.]+)*"
    r"(?:(?:write|draft|create|make|give|prepare|generate|do|turn|show|have|need|get)\b\s*)?"
    r"(?:(?:me|us|it|this|that|them|into|up|as|to)\s+)*"
    rf"(?:(?:an?|the|some|new|short|first|few)\s+)*(?:{_KIND})\b"
    r"(?:[\s:,.!?]*\Z|\s*[:–—-]\s+|\s+(?:for|about|on|of|around|regarding|covering|from)\b[\s:]*)",
    re.IGNORECASE,
)
_SUMMARISE = re.compile(r"\s*(?:please\s+)?summari[sz]e\b\s*", re.IGNORECASE)
_EVERYTHING = re.compile(
    r"(?:everything|all|all (?:of )?(?:it|the feedback|feedback)|the feedback|feedback|what (?:do |did )?(?:our |the )?"
    r"(?:customers|people|users) (?:say|said|think|want|need|complain about))[.!?\s]*",
    re.IGNORECASE,
)
_FILLERS = r"\s*(?:(?:please|can you|make|keep|give me|it|this|that|them|a|bit|little|lot|much|even|the|draft|show)\s+)*"
_SHORTER = re.compile(
    rf"{_FILLERS}(?:shorter|briefer|more concise|fewer(?: items| stories)?|less detail(?:ed)?)(?:,? please)?[.!?\s]*",
    re.IGNORECASE,
)
_LONGER = re.compile(
    rf"{_FILLERS}(?:longer|more(?: detail(?:ed|s)?| items| stories| of them)?)(?:,? please)?[.!?\s]*",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"\s*(?:(?:and|but|now|also|just|only|same|again|with|without|what about|how about)\b[\s,]*)+",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"(?:without|with|for|in|on)\b", re.IGNORECASE)
_HOUSEKEEPING = "### Task:"
_HISTORY = re.compile(r"<chat_history>\s*(?:USER:)?\s*(.*?)(?:\nASSISTANT:|</chat_history>|\Z)", re.DOTALL)
_ASKS_FOR_TITLE = re.compile(
    r"\b(?:give|generate|provide|reply with|create|write)\b[^.\n]{0,60}\btitle for (?:a|our|the|this) "
    r"(?:chat|conversation|session|thread)\b",
    re.IGNORECASE,
)
_TITLE_IS_SHORT = re.compile(
    r"\d[- ]words?\b|\bwords? or less\b|\bword-or-less\b|\bonly\b.{0,20}\btitle\b", re.IGNORECASE
)
_SAID = re.compile(r"^(?:user|human):[ \t]*(.+)$", re.IGNORECASE | re.MULTILINE)
_LONGEST_OPENING = 300


@dataclass(frozen=True)
class Asked:
    """What a conversation comes to."""

    brief: str = ""
    items: int = ITEMS
    kind: str | None = None
    """Kind of draft that the person named; None where they named none."""


def asked_of(texts: Sequence[str]) -> Asked:
    """The request at the end of a conversation. Args: texts: the person's messages, oldest first."""
    asked: Asked | None = None
    for text in texts:
        if text.strip():
            asked = _next(asked, text)
    return asked or Asked()


def housekeeping(texts: Sequence[str]) -> str | None:
    """The answer to a prompt with which a client names or tags a chat on its own; None for a person's words.

    Prompts of open-webui begin with `### Task:` and want a JSON object; LibreChat, Continue and Zed ask for a title of so many words
    and want just that. A draft would be written for each of them otherwise.

    Args: texts: the messages of the user, oldest first.
    """
    prompt = texts[-1].lstrip()
    if prompt.startswith(_HOUSEKEEPING):
        said = _HISTORY.search(prompt)
        title = _title(said[1]) if said else "Voxspec"
        empty: dict[str, object] = {"tags": [], "follow_ups": [], "queries": [], "text": ""}
        return json.dumps({"title": title} | empty, ensure_ascii=False)
    opening = prompt[:_LONGEST_OPENING]
    if _ASKS_FOR_TITLE.search(opening) and _TITLE_IS_SHORT.search(opening):
        quoted = _SAID.search(prompt)
        return _title(quoted[1] if quoted else texts[0] if len(texts) > 1 else "Voxspec")
    return None


def _title(words: str) -> str:
    return " ".join(words.split()[:_MAX_TITLE_WORDS])


def _next(before: Asked | None, text: str) -> Asked:
    named = _REQUEST.match(text)
    kind = next((name for name, _ in _KINDS if named and named[name]), None)
    rest = text[named.end() :] if named else _SUMMARISE.sub("", text, count=1)
    if named is None and rest != text:
        kind = "insight_summary"
    rest = rest.strip().rstrip(".?! ") if kind else rest.strip()
    if before is None:
        return Asked(_about(rest), ITEMS, kind)
    if kind and not rest:
        return replace(before, kind=kind)
    if len(text.split()) > _MAX_FOLLOW_UP_WORDS or kind:
        return Asked(_about(rest), ITEMS, kind or before.kind)
    if _SHORTER.fullmatch(text):
        return replace(before, items=max(_FEWEST, before.items // 2))
    if _LONGER.fullmatch(text):
        return replace(before, items=min(_MOST, before.items * 2))
    if follows := _FOLLOWS.match(text):
        # "without Android" keeps its word: dropped, the brief would ask for the opposite.
        start = follows.start() if _LIMITS.match(text.strip()) else follows.end()
        return replace(before, brief=f"{before.brief} {text[start:].strip(' .!?')}".strip())
    return Asked(_about(rest), ITEMS, before.kind)


def _about(words: str) -> str:
    return "" if _EVERYTHING.fullmatch(words) else words
