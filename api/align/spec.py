"""What a branch is held against: the stories, requirements and non-goals of a draft, stored, in a JSON file, or as Markdown shows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain.draft import Draft, Priority, RequirementBlock, StoryBlock
from assistant.drafting.formats.tree import plain
from assistant.errors import UsageError
from assistant.workbench import Workbench
from evals.documents.blocks import MARK, Block, read_page
from evals.graders.scope_contradictions import OUT_OF_SCOPE, non_goals, without_parking

_ID = re.compile(r"(?:FR|NFR|US)-\d{1,4}")
_HEADED = re.compile(r"(US-\d{1,4})\s*[·:–—-]\s*(.+)", re.DOTALL)
_ROLE = re.compile(r"As an? (.{1,120}?)(?: \([^)]*\))?, I want\b")
_NOISE = re.compile(
    r"^(?:the system|das system|le système|el sistema) (?:shall|soll|doit|debe)(?: not)?(?: let| show| tell| allow)? ?",
    re.IGNORECASE,
)
_WANT = re.compile(r"^to ", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """A requirement, or a story."""

    id: str
    text: str
    """As the draft says it, with its numbers."""
    gist: str
    """What tells it from the others: without the frame of the sentence and the role."""
    story_ids: tuple[str, ...] = ()
    claim_ids: tuple[str, ...] = ()
    """With those of the stories that it carries."""
    is_wanted: bool = True
    """False: the draft says that it won't be done."""


@dataclass(frozen=True)
class Spec:
    """A version of a draft, as far as a branch can be held against it."""

    id: str
    version: int
    title: str
    language: str
    items: tuple[Item, ...]
    non_goals: tuple[tuple[str, str], ...]
    """Id of the claim (or `non-goal N` of a file) and its text."""
    draft: Draft | None = None
    """As it is stored here; None: a file's, whose evidence and tickets aren't known here."""

    def item(self, name: str) -> Item | None:
        """The item of that id."""
        return next((one for one in self.items if one.id == name), None)


def spec_of(draft: Draft, *, is_stored: bool) -> Spec:
    """A draft as it can be compared. Raises: UsageError where it holds neither a story nor a requirement."""
    items = tuple(_items(draft))
    if not items:
        raise UsageError(
            f"{draft.id} holds no requirement and no story.", hint="Align with a PRD or with user stories."
        )
    outside = tuple((name, " ".join(_told(draft, name, text).split())) for name, text in non_goals(draft))
    title = " ".join(plain(draft, draft.title).split())
    return Spec(draft.id, draft.version, title, draft.language, items, outside, draft if is_stored else None)


def _told(draft: Draft, name: str, text: str) -> str:
    """With its numbers, where it is a claim."""
    return plain(draft, draft.claims[name].text) if name in draft.claims else text


def gist_of_non_goal(text: str) -> str:
    """What a non-goal names."""
    return without_parking(text)


def _items(draft: Draft) -> Iterator[Item]:
    stories = {one.id: one for one in draft.blocks() if isinstance(one, StoryBlock)}
    for block in draft.blocks():
        if isinstance(block, StoryBlock):
            said = f"{block.title}. {_WANT.sub('', block.want)}"
            text = " ".join(plain(draft, block.title).split())
            yield Item(block.id, text, plain(draft, said), claim_ids=block.claim_ids)
        elif isinstance(block, RequirementBlock):
            text = " ".join(plain(draft, block.text).split())
            carried = [stories[one] for one in block.story_ids if one in stories]
            claims = (*block.claim_ids, *(name for one in carried for name in one.claim_ids))
            yield Item(
                block.id,
                text,
                gist(text, [(one.id, one.role, one.title) for one in carried]),
                story_ids=block.story_ids,
                claim_ids=tuple(dict.fromkeys(claims)),
                is_wanted=block.priority is not Priority.wont,
            )


def gist(text: str, carried: Sequence[tuple[str, str, str]] = ()) -> str:
    """A shall-sentence without its frame and for whom it is, and with what `US-1` stands for.

    Args: carried: id, role and title of the stories that it comes from.
    """
    for name, role, title in carried:
        if role:
            text = re.sub(rf"\b(?:an? |the )?{re.escape(role)}\b", " ", text, flags=re.IGNORECASE)
        stands_for = title.replace("\\", "\\\\")
        text = re.sub(rf"\bwhat {re.escape(name)} asks for\b", stands_for, text, flags=re.IGNORECASE)
    return " ".join(_NOISE.sub("", " ".join(text.split())).split())


def spec_of_markdown(bench: Workbench, text: str, name: str) -> Spec:
    """A Markdown file of Voxspec: the stored draft that it shows, or what it says itself where that isn't in this workspace.

    Args: name: of the file. Raises: UsageError where it names no requirement and no story.
    """
    mark = next(reversed(list(MARK.finditer(text))), None)
    if mark is not None and mark["workspace"] == bench.workspace:
        kept = bench.catalog.drafts.get(bench.workspace, mark["id"], int(mark["version"]))
        if kept is not None:
            return spec_of(kept, is_stored=True)
    blocks = read_page(text).blocks
    items = tuple(_listed(blocks))
    if not items:
        raise UsageError(
            f"'{name}' names no requirement and no story.",
            hint="Give a draft's id, or the .json or .md file that `voxspec draft --out` wrote.",
        )
    outside = [one.words for one in blocks if one.kind == "item" and OUT_OF_SCOPE.search(one.heading)]
    title = next((one.words for one in blocks if one.kind == "heading"), name)
    draft_id, version = (mark["id"], int(mark["version"])) if mark else (name, 1)
    numbered = tuple((f"non-goal {number}", said) for number, said in enumerate(outside, 1))
    return Spec(draft_id, version, title, "en", items, numbered)


def _listed(blocks: tuple[Block, ...]) -> Iterator[Item]:
    """Stories by their headings, requirements by the rows of their table."""
    carried: list[tuple[str, str, str]] = []
    for one in blocks:
        words = " ".join(one.words.split())
        if one.kind == "heading" and (headed := _HEADED.fullmatch(words)) is not None:
            carried.append((headed[1], "", headed[2]))
            yield Item(headed[1], headed[2], headed[2])
        elif carried and (role := _ROLE.match(words)) is not None:
            carried[-1] = (carried[-1][0], role[1], carried[-1][2])
        elif one.kind == "row":
            cells = [part.strip() for part in words.split(" | ")]
            if len(cells) > 1 and _ID.fullmatch(cells[0]):
                rest = " ".join(cells[2:])
                stories = tuple(name for name in _ID.findall(rest) if name.startswith("US-"))
                wanted = Priority.wont.value not in rest.replace("’", "'")
                mine = [told for told in carried if told[0] in stories]
                yield Item(cells[0], cells[1], gist(cells[1], mine), stories, is_wanted=wanted)
