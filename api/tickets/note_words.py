"""A ticket's title as a sentence for those who use the product, and the heading that it belongs under. Rules, no model. No I/O."""

import re
from enum import StrEnum

from api.tickets.inert import as_said
from api.tickets.mirror import folded
from assistant.domain.draft import StoryBlock
from assistant.domain.ticket import Ticket


class Group(StrEnum):
    """What a release brings, in the order in which it is told."""

    new = "new"
    better = "better"
    fixed = "fixed"


_FIXED = frozenset({"bug", "defect", "fix", "regression", "incident", "crash", "problem", "hotfix"})
_NEW = frozenset({"feature", "new feature", "story", "user story", "epic", "feature request"})
_BETTER = frozenset(
    {"improvement", "enhancement", "performance", "ux", "usability", "polish", "accessibility", "task"}
)
_TAGS = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*|[A-Z][A-Z0-9]{1,9}-\d+\s*[:\-–]?\s*|#\d+\s*[:\-–]?\s*"
    r"|(?:feat|feature|fix|bugfix|hotfix|bug|perf|improvement|enhancement|story|epic|task|docs?)(?:\([^)]{1,40}\))?!?\s*:\s*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\s*\(#\d+\)|\s*\[[^\]]{1,40}\])+\s*$|[\s.!…]+$")
_PROBLEM = re.compile(
    r"\b(?:fails?|failing|crash\w*|broken|breaks|blank|empty|wrong|missing|lost|loses|hangs?|stuck|freez\w+|errors?|doesn'?t|does not|can'?t|cannot"
    r"|never|not working|no longer|times? out|timeout|duplicated?|incorrect\w*|ignored)\b",
    re.IGNORECASE,
)
_DONE = {
    "add": "Added", "allow": "", "avoid": "Avoided", "block": "Blocked", "bring": "Brought", "change": "Changed", "correct": "Corrected",
    "cut": "Cut", "display": "", "drop": "Dropped", "enable": "", "ensure": "", "fix": "Fixed", "improve": "Improved", "increase": "Increased",
    "introduce": "Introduced", "keep": "", "let": "", "make": "Made", "offer": "", "prevent": "Prevented", "provide": "", "reduce": "Reduced",
    "remove": "Removed", "resolve": "Fixed", "restore": "Restored", "shorten": "Shortened", "show": "", "simplify": "Simplified",
    "speed up": "Sped up", "stop": "Stopped", "support": "Added support for", "tell": "",
}  # fmt: skip
"""First words of titles that say what to do → what was done. Empty: the heading says it (`New: …`)."""
_ENABLING = re.compile(
    r"^(?:allow|enable|let)\s+(?:users?|people|customers?|you|admins?|members?)\s+(?:to\s+)?(?P<what>\S.*)$",
    re.IGNORECASE,
)
_ENABLING_ING = re.compile(r"^allow\s+(?P<what>[a-z]+ing\b.*)$", re.IGNORECASE)
_NEW_VERBS = frozenset({"add", "allow", "enable", "introduce", "support", "offer", "provide", "let"})
_FIX_VERBS = frozenset({"fix", "resolve", "correct", "prevent", "restore"})
_LONGEST = 300
"""Characters of a title that are told."""
_HEADS = {Group.new: "New", Group.better: "Better", Group.fixed: "Fixed"}


def group_of(ticket: Ticket, *, is_story: bool = False) -> Group:
    """By kind and labels; where they don't tell, by the title's words, or by whether it does what a story wants."""
    said = [folded(one) for one in (ticket.kind, *ticket.labels)]
    said += [word for one in said for word in one.split()]
    for group, words in ((Group.fixed, _FIXED), (Group.better, _BETTER - {"task"}), (Group.new, _NEW)):
        if not words.isdisjoint(said):
            return group
    title = _bare(ticket.title)
    verb = _verb(title)
    if verb in _FIX_VERBS or (verb not in _DONE and _PROBLEM.search(title)):
        return Group.fixed
    return Group.new if verb in _NEW_VERBS or (is_story and verb not in _DONE) else Group.better


def from_title(ticket: Ticket, group: Group) -> str:
    """One sentence. Nothing is added but what the heading says."""
    title = _bare(ticket.title)
    if (found := _ENABLING.match(title)) is not None:
        return _sentence(f"You can now {found['what']}")
    if (found := _ENABLING_ING.match(title)) is not None:
        return _sentence(f"New: {found['what']}")
    verb = _verb(title)
    done = _DONE.get(verb, "")
    if done:
        rest = title[len(verb) :].strip()
        return _sentence(f"{done} {rest}" if rest else done)
    return _sentence(f"{_HEADS[group]}: {title}")


def from_story(story: StoryBlock, group: Group) -> str:
    """From what somebody wanted: `You can now …`. Empty where the story has no plain wish."""
    want = " ".join(story.want.split()).removeprefix("to ").rstrip(".")
    if not want or "want" in story.assumptions or not re.match(r"[a-z]", want):
        return ""
    return "" if group is Group.fixed else _sentence(f"You can now {want}")


def _bare(title: str) -> str:
    # A title that we wrote may have been published.
    shown = " ".join(as_said(title)[:_LONGEST].split())
    before = None
    while before != shown:
        before = shown
        shown = _TAIL.sub("", _TAGS.sub("", shown)).strip()
    return shown or " ".join(title.split())


def _verb(title: str) -> str:
    words = title.casefold().split()
    return "speed up" if words[:2] == ["speed", "up"] else (words[0] if words else "")


def _sentence(text: str) -> str:
    shown = text.strip()
    return f"{shown[:1].upper()}{shown[1:]}" + ("" if shown.endswith((".", "!", "?")) else ".")
