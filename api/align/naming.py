"""Where a branch names requirements and tickets, and what it says of them there: it does them, touches them, or takes them away.

A name alone is no promise. `Implements FR-7`, `Closes ABC-12`, `FR-7: …` at the start and a ticked item say that it is done; `part of
FR-7` or `doesn't do FR-7 yet` don't. What can be read in two ways only touches.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from api.align.branch import Branch
from assistant.domain.text import sentences

_ID = r"(?:US|NFR|FR)-\d{1,4}"
_TICKET = r"(?:[A-Z][A-Z0-9]{1,9}-\d{1,7}|#\d{1,7})"
_NAME = re.compile(rf"(?<![\w/&.-])(?:{_TICKET})(?![\w-]|\.\d)")
_IN_PATHS = re.compile(r"(?<![a-z0-9])(us|nfr|fr)[-_](\d{1,4})(?![0-9])", re.IGNORECASE)
_TICKET_IN_PATHS = re.compile(r"(?<![A-Za-z0-9])([A-Z][A-Z0-9]{1,9})-(\d{1,7})(?![0-9])")
_LIST = rf"(?P<names>{_TICKET}(?:\s*(?:,|&|\+|/|and|und|et|y)+\s*(?:and\s+)?{_TICKET})*)"
_BETWEEN = r"(?:[\s:*_`(\[]|requirements?|story|stories|tickets?|issues?|support|for|of|the|our|all|mostly)*"
_DOES = re.compile(
    r"\b(?:implement(?:s|ed|ing)?|clos(?:e|es|ed|ing)|fix(?:es|ed|ing)?|resolv(?:e|es|ed|ing)|complet(?:e|es|ed|ing)|deliver(?:s|ed)?"
    r"|finish(?:es|ed)?|satisf(?:y|ies|ied)|fulfil(?:l?s|led)?|meets?|does|adds?|ships?"
    r"|erledigt|schließt|behebt|erfüllt|ferme|corrige|cierra|resuelve|implementa|implémente)\b"
    rf"{_BETWEEN}{_LIST}",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:remov(?:e|es|ed|ing)|drop(?:s|ped|ping)?|delet(?:e|es|ed|ing)|disabl(?:e|es|ed|ing)|revert(?:s|ed|ing)?|break(?:s|ing)?"
    r"|violat(?:e|es|ed|ing)|contradict(?:s|ed|ing)?|undo(?:es|ing)?|against|entfernt|verletzt|widerspricht)\b"
    rf"{_BETWEEN}{_LIST}",
    re.IGNORECASE,
)
_LEADS = re.compile(
    rf"^\s*(?:[-*]\s+)?(?:[a-z]+(?:\([^)]*\))?!?:\s*)?[\[(]?{_LIST}[\])]?\s*(?::|·|–|—|\s-\s|\]|\)|(?=\s+[A-Z]))"
)
_SCOPED = re.compile(rf"^\s*[a-z]+\({_LIST}\)!?:")
_TICKED = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+\[(?P<mark>[ xX])\]")
_NOT_YET = re.compile(
    r"\b(?:not|no|never|without|yet|wip|part(?:s|ly|ially)? of|partly|partially|towards?|step|prepar\w+|groundwork|relat\w+|refs?|references?"
    r"|see|cf|follow[- ]?ups?|later|next|todo|block(?:ed|s)|instead of|before|until|unlike|nicht|noch|ohne|später|teil)\b|n['’]t\b",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"\b(?:wip|part(?:s|ly|ially)? of|partly|partially|towards?|(?:first )?steps?|prepar\w+|groundwork|todo|later|follow[- ]?ups?|not yet|spike)\b",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    rf"^\W*(?:requirements?|stor(?:y|ies)|implements|closes|fixes|resolves|tickets?)\s*:\s*{_LIST}\W*$",
    re.IGNORECASE,
)
_BLOCK_STARTS = re.compile(r"\s*(?:[-*+>|#]|\d+[.)]\s|[A-Z][\w-]*:\s|```)")
_REVERT = re.compile(r'^(?:Revert|Reapply) "')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NONE = re.compile(
    r"^\W*(?:requirements?|stor(?:y|ies))\s*:\s*(?:none|n/a|no|keine)\W*$", re.IGNORECASE | re.MULTILINE
)
_LONGEST = 160


class Says(StrEnum):
    """What a branch says of an item where it names it."""

    does = "does"
    touches = "touches"
    against = "against"


class Where(StrEnum):
    """What part of a branch it stands in."""

    pr = "PR text"
    commit = "commit"
    branch = "branch name"
    path = "path"
    added = "added line"
    removed = "removed line"


@dataclass(frozen=True)
class Passage:
    """A sentence, a path or a line of a branch."""

    where: Where
    text: str
    place: str = ""
    """Of a commit: the start of its hash; of a line: its path."""
    line: int = 0
    """In the PR text or file, from 1; 0: unknown."""
    opens: bool = False
    """The first line of a commit or of the PR text: its title."""

    @property
    def shown(self) -> str:
        """Its text on one line, shortened."""
        flat = " ".join(self.text.split())
        return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"

    @property
    def is_said(self) -> bool:
        """Whether a person wrote it to say what the branch is for."""
        return self.where in (Where.pr, Where.commit)


@dataclass(frozen=True)
class Named:
    """A requirement's id or a ticket's key that a branch names."""

    name: str
    says: Says
    passage: Passage


def passages(branch: Branch, pr_text: str) -> list[Passage]:
    """All that a branch says, sentence by sentence and line by line: the PR text, commits, its name, paths, lines."""
    found = list(_sentences(_COMMENT.sub(_blank, pr_text), Where.pr))
    for commit in branch.commits:
        found += _sentences(commit.message, Where.commit, commit.sha[:10])
    found.append(Passage(Where.branch, branch.name))
    for file in branch.files:
        found.append(Passage(Where.path, file.path, file.path, 1))
        found += [
            Passage(Where.added, text, file.path, number) for number, text in file.added if text.strip()
        ]
        found += [Passage(Where.removed, text, file.path) for text in file.removed if text.strip()]
    return found


def says_none(pr_text: str, branch: Branch) -> bool:
    """Whether somebody says that it is about no requirement: a line `Requirements: none`."""
    said = (_COMMENT.sub(_blank, pr_text), *(one.message for one in branch.commits))
    return any(_NONE.search(one) for one in said)


def named_in(passage: Passage) -> Iterator[Named]:
    """The ids and keys that a passage names, each with what it says of them."""
    if not passage.is_said:
        where_code = passage.where in (Where.added, Where.removed)
        names = _NAME.findall(passage.text) if where_code else _TICKET_IN_PATHS.findall(passage.text)
        names = [one if isinstance(one, str) else "-".join(one) for one in names]
        names += [f"{kind.upper()}-{number}" for kind, number in _IN_PATHS.findall(passage.text)]
        for name in dict.fromkeys(names):
            # A number after a hash is a colour or a heading in code.
            if not name.startswith("#"):
                yield Named(name, Says.touches, passage)
        return
    done, undone = _said_of(passage)
    for name in dict.fromkeys(_NAME.findall(passage.text)):
        says = Says.against if name in undone else Says.does if name in done else Says.touches
        yield Named(name, says, passage)


def _said_of(passage: Passage) -> tuple[set[str], set[str]]:
    """What a sentence says is done, and what it says is taken away."""
    text = passage.text
    if passage.opens and _REVERT.match(text):
        depth = text.count('Revert "')
        names = set(_NAME.findall(text))
        return (set(), names) if depth % 2 else (names, set())
    ticked = _TICKED.match(text)
    if ticked is not None:
        return (set(_NAME.findall(text)) if ticked["mark"] != " " else set()), set()
    undone = _governed(_AGAINST, text)
    done = _governed(_DOES, text)
    leads = (_LEADS, _SCOPED) if passage.opens or text.lstrip()[:1] in "-*" else ()
    for pattern in (*leads, _TRAILER):
        if (lead := pattern.match(text)) is not None and not _PARTIAL.search(text):
            done |= set(_NAME.findall(lead["names"]))
    return done - undone, undone


def _governed(verb: re.Pattern[str], text: str) -> set[str]:
    """Names that stand as the object of a verb, unless what stands before it in its clause takes it back."""
    found: set[str] = set()
    for match in verb.finditer(text):
        clause = re.split(r"[.;:,!?()\n]", text[: match.start()])[-1]
        if not _NOT_YET.search(clause) and not _NOT_YET.search(match.group()):
            found |= set(_NAME.findall(match["names"]))
    return found


def _sentences(text: str, where: Where, place: str = "") -> Iterator[Passage]:
    first = True
    for number, block in _blocks(text):
        for start, end in sentences(block):
            told = block if _TICKED.match(block) else block[start:end]
            yield Passage(where, told, place, number if where is Where.pr else 0, opens=first)
            first = False
            if told is block:
                break


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Number of its first line and text of each title, item and paragraph; lines that were wrapped are one."""
    held: list[str] = []
    began, title = 1, True
    for number, line in enumerate(text.split("\n"), 1):
        if held and (title or not line.strip() or _BLOCK_STARTS.match(line)):
            yield began, " ".join(held)
            held, title = [], False
        if line.strip():
            began = began if held else number
            held.append(line.rstrip() if not held else line.strip())
    if held:
        yield began, " ".join(held)


def _blank(match: re.Match[str]) -> str:
    """Nothing, on as many lines."""
    return "\n" * match.group().count("\n")
