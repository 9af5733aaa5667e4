"""«Shorter», «split US-2», «rewrite the risks»: what would change in a draft, as edits that a person may take."""

import re
from collections.abc import Sequence

from assistant.chat.intents.mentions import section_named, style_named, target_named
from assistant.chat.outcomes import Outcome, Propose, Say, Write
from assistant.domain.draft import Draft, Section
from assistant.domain.edit import AddFailurePath, Edit, Remove, Reword, SplitStory, Style
from assistant.domain.request import another_version
from assistant.domain.thread import Reference
from assistant.drafting.editing.addresses import EVIDENCE, SECTION, addresses
from assistant.drafting.formats.tree import plain
from assistant.workbench import Workbench

_SPLIT = re.compile(r"\bsplit\b|\bteile?\b|\bdivid|\bcoupe\b.*\ben deux|\bdivise|分け|分割|拆", re.IGNORECASE)
_FAILURE = re.compile(
    r"failure|error case|fehler|échec|erreur|fallo|\berror\b|失敗|失败|异常|エラー", re.IGNORECASE
)
_REMOVE = re.compile(
    r"\b(?:remove|delete|drop|streich|lösch|supprime|enlève|elimina|quita)\w*|削除|删除", re.IGNORECASE
)
NO_DRAFT = "There is no draft in this chat yet. Say what to write: a PRD, user stories or an insight summary, and about what."
_NO_STORY = "The draft has no stories."
_INTO = re.compile(r"\binto\b|\bin(?= )|:", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:[,;]\s*(?:and |und |et |y )?|\b(?:and|und|et|y)\b)\s*", re.IGNORECASE)
_FEWEST_ITEMS = 3
_SENTENCES = frozenset({"text", "want", "benefit", "name", "mitigation", "ask"})
"""Fields of blocks that are worded; the others are roles, numbers and units."""
_WHOLE = re.compile(
    r"\b(?:draft|document|prd|whole|everything|entwurf|dokument|brouillon|borrador)\b"
    r"|^\W*(?:(?:please|pls|bitte|can you|and|now|make|mach\w*|rends?|fais|haz\w*|pon\w*|it|this|that|es|das|le|lo|a (?:bit|little)|much|etwas|viel|un peu|un poco)[\s-]+)*"
    r"(?:shorter|kürzer|knapper|plus court|más corto)\W*(?:please|pls|bitte|s['’]il (?:te|vous) plaît|por favor)?\W*$",
    re.IGNORECASE,
)
_STYLES = "shorter, for sales, or with less jargon"


def propose_edit(draft: Draft, words: str, about: Reference) -> Outcome:
    """The edits that the words ask for; what is missing, where they don't say enough."""
    target = about.target or target_named(words) or _selected(draft, about.selected)
    if EVIDENCE.match(target):
        return Say(
            "Quotes and numbers are evidence: they stay as they were said and counted. Name a sentence."
        )
    names = _names(draft)
    if target and target.split(".")[0] not in names and not target.startswith(SECTION):
        return Say(f"The draft has no {target[:60]}. Select a passage, or name its id or its section.")
    if _FAILURE.search(words) or _SPLIT.search(words):
        return _of_story(draft, words, target)
    targets = [target] if target.partition(".")[0] in names else _of_named_section(draft, words, about)
    style = style_named(words)
    if not targets and not about.selected and style == Style.shorter and _WHOLE.search(words):
        fewer = another_version(draft, max_items=max(_FEWEST_ITEMS, draft.max_items // 2))
        return Write(fewer, draft.version, is_shorter=True)
    if not targets:
        return Say("Say which passage: select it, or name its id or its section.")
    if _REMOVE.search(words):
        return _proposed(draft, [Remove(target=one) for one in targets])
    if not style:
        return Say(f"Say how it should read: {_STYLES}. Or type over it.")
    return _proposed(draft, _reworded(draft, targets, (Style(style),)))


def told_shorter(before: Draft, after: Draft) -> str:
    """What came of writing a draft with fewer items."""
    if _size(after) < _size(before):
        return "Written again with fewer items."
    return "Nothing could be dropped: it says as much as before. Select a passage to have that one said in fewer words."


def _size(draft: Draft) -> int:
    """How many items and sentences it has; lists of quotes shrink with what cites them."""
    return sum(len(getattr(block, "claim_ids", ())) + 1 for block in draft.blocks() if block.type != "quotes")


def _of_story(draft: Draft, words: str, target: str) -> Outcome:
    stories = [block.id for block in draft.blocks() if block.type == "story"]
    named = target.split(".")[0]
    if named and named not in stories:
        return Say(f"{named[:60]} is no story. The stories: {', '.join(stories)}." if stories else _NO_STORY)
    if not named and len(stories) != 1:
        return Say(f"Say which story: {', '.join(stories)}." if stories else _NO_STORY)
    chosen = named or stories[0]
    if _SPLIT.search(words):
        return _proposed(draft, [SplitStory(target=chosen, wants=_wants(words))])
    return _proposed(draft, [AddFailurePath(target=chosen)])


def _wants(words: str) -> tuple[str, ...]:
    """What each story is to want, where the person says so: behind `into`, joined by `and` or commas."""
    into = _INTO.search(words)
    parts = _JOINS.split(words[into.end() :].strip(" .")) if into else []
    wants = [part.strip(" .,;:") for part in parts if len(part.split()) > 1]
    return tuple(f"to {one.removeprefix('to ')}" for one in wants) if 1 < len(wants) == len(parts) else ()


def revise_section(bench: Workbench, draft: Draft, words: str, about: Reference) -> Outcome:
    """The draft over the records of now, where they changed; else the section's sentences to be worded anew."""
    named = about.section or section_named(words)
    section = next((one for one in draft.sections if one.id == named), None)
    if section is None and (
        titled := [one for one in draft.sections if one.title.casefold() in words.casefold()]
    ):
        section = titled[0]
    if bench.catalog.records.snapshot(bench.workspace) != draft.provenance.corpus:
        return Write(
            another_version(draft),
            draft.version,
            "The records have changed since, so it is written over those of now.",
        )
    if section is None:
        return Say(f"Say which section: {', '.join(one.title for one in draft.sections)}.")
    style = style_named(words)
    targets = _of_section(draft, section)
    if style and targets:
        return _proposed(draft, _reworded(draft, targets, (Style(style),)))
    if not targets:
        return Say(f"“{section.title}” is put together from what is counted: there is nothing to word.")
    wishes = _reworded(draft, targets, (Style.less_jargon, Style.shorter))
    note = f"The records are the same as when “{section.title}” was written: only its wording can change."
    return Propose(draft.id, draft.version, tuple(wishes), note)


def _reworded(draft: Draft, targets: Sequence[str], styles: Sequence[Style]) -> list[Edit]:
    """Wishes for the passages, and for the sentences of a story, a goal or a risk that is named as a whole."""
    held = [name for name, _ in addresses(draft)]
    texts: list[str] = []
    for target in targets:
        inside = [
            one for one in held if one.startswith(f"{target}.") and one.rpartition(".")[2] in _SENTENCES
        ]
        texts += inside if target not in held and inside else [target]
    return [Reword(target=one, style=style) for one in texts for style in styles]


def _proposed(draft: Draft, edits: Sequence[Edit]) -> Propose:
    return Propose(draft.id, draft.version, tuple(edits))


def _names(draft: Draft) -> set[str]:
    return {*draft.claims, *(str(getattr(block, "id", "")) for block in draft.blocks())} - {""}


def _selected(draft: Draft, selected: str) -> str:
    """The text that a selection stands in, as the person reads it; empty where none holds it."""
    wanted = " ".join(selected.casefold().split())
    if not wanted:
        return ""
    held = ((name, " ".join(plain(draft, text).casefold().split())) for name, text in addresses(draft))
    return next((name for name, text in held if wanted in text), "")


def _of_named_section(draft: Draft, words: str, about: Reference) -> list[str]:
    named = about.section or section_named(words)
    section = next((one for one in draft.sections if one.id == named), None)
    return _of_section(draft, section) if section else []


def _of_section(draft: Draft, section: Section) -> list[str]:
    found: list[str] = []
    for block in section.blocks:
        if block.type == "claims":
            found += [name for name in block.claim_ids if name in draft.claims]
        elif name := str(getattr(block, "id", "")):
            found.append(name)
    return list(dict.fromkeys(found))
