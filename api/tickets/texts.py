"""What a draft says of its items, as the texts of tickets: the story, on what it rests, when it is done. No I/O.

Numbers and quotes are filled in by code, and quotes stand verbatim. Who wants the proof of a number finds it in the draft.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.tickets.inert import inert, inert_words
from assistant.domain.draft import Block, Draft, RequirementBlock, Stance, StoryBlock
from assistant.domain.escaping import markdown_words as escape
from assistant.domain.personal.views import masked_draft
from assistant.domain.ticket import TicketText
from assistant.drafting.formats.nodes import Heading
from assistant.drafting.formats.to_markdown import Marks, blocks_of
from assistant.drafting.formats.tree import block_nodes, claim_spans, plain

WHOLE = ""
"""The item that stands for the draft as a whole."""
_LONGEST_TITLE = 255
_QUOTES = 3
_MARKS = Marks(
    cite=lambda quote_id: f"\\[{quote_id}\\]",
    number=lambda _, value: value,
    fact=lambda fact_id: fact_id,
    said=inert,
)


@dataclass(frozen=True)
class ItemText:
    """A ticket to be, and which part of the draft it says."""

    item: str
    """`US-1`, `FR-2`; empty: the draft as a whole."""
    text: TicketText


def texts_of(draft: Draft, public_url: str | None, *, show_personal: bool = False) -> list[ItemText]:
    """The epic first, then a ticket for each story, and for each requirement that no story carries.

    Args:
        public_url: where the draft's page is reached; None: the tickets hold no links.
    """
    shown = draft if show_personal else masked_draft(draft)
    page = f"{public_url.rstrip('/')}/drafts/{draft.id}" if public_url else ""
    blocks = list(shown.blocks())
    stories = [block for block in blocks if isinstance(block, StoryBlock)]
    requirements = [block for block in blocks if isinstance(block, RequirementBlock)]
    carried = {story.id for story in stories}
    alone = [one for one in requirements if not carried & set(one.story_ids)]
    parts = [_story(shown, story, requirements, page) for story in stories]
    parts += [_requirement(shown, one, page) for one in alone]
    return [_whole(shown, parts, page), *parts]


def _whole(draft: Draft, parts: Iterable[ItemText], page: str) -> ItemText:
    opening = next((section for section in draft.sections if section.blocks), None)
    said = [
        text
        for block in (opening.blocks if opening else ())
        for text in _blocks(draft, block)
        if not isinstance(block, StoryBlock | RequirementBlock)
    ]
    listed = [f"- {part.item}: {escape(part.text.title)}" for part in parts]
    body = [*said, "\n".join(listed), _origin(draft, WHOLE, page)]
    return ItemText(WHOLE, TicketText(title=_title(draft, draft.title), body=_joined(body), kind="epic"))


def _story(draft: Draft, story: StoryBlock, requirements: Iterable[RequirementBlock], page: str) -> ItemText:
    asked = [one for one in requirements if story.id in one.story_ids]
    rows = [
        f"- **{one.id}** {inert_words(plain(draft, one.text))} *({_weight(draft, one)})*" for one in asked
    ]
    claims = (*story.claim_ids, *(name for one in asked for name in one.claim_ids))
    body = [
        *_blocks(draft, story),
        *(["### Requirements", "\n".join(rows)] if rows else []),
        *_voices(draft, claims),
        _origin(draft, story.id, page),
    ]
    text = TicketText(title=_title(draft, story.title), body=_joined(body), kind="story")
    return ItemText(story.id, text)


def _requirement(draft: Draft, one: RequirementBlock, page: str) -> ItemText:
    body = [
        f"**{one.id}** {inert_words(plain(draft, one.text))} *({_weight(draft, one)})*",
        *_voices(draft, one.claim_ids),
        _origin(draft, one.id, page),
    ]
    return ItemText(one.id, TicketText(title=_title(draft, one.text), body=_joined(body), kind="task"))


def _blocks(draft: Draft, block: Block) -> Iterator[str]:
    for node in block_nodes(draft, block):
        # A story's title is the ticket's.
        if not (isinstance(node, Heading) and isinstance(block, StoryBlock)):
            yield from blocks_of(draft, node, _MARKS)


def _voices(draft: Draft, claim_ids: Iterable[str]) -> Iterator[str]:
    """What people said, verbatim: the first quotes for it, and all that speak against it."""
    claims = [draft.claims[name] for name in dict.fromkeys(claim_ids) if name in draft.claims]
    spoken = dict.fromkeys(name for one in claims for name in one.quote_ids if name in draft.quotes)
    against = dict.fromkeys(name for one in claims for name in one.counter_quote_ids if name in draft.quotes)
    if spoken:
        yield "### In their words"
        yield from (_quote(draft, name) for name in list(spoken)[:_QUOTES])
    if against:
        yield "### Against"
        yield from (_quote(draft, name) for name in against)
    assumed = [one for one in claims if one.stance is not Stance.supported]
    if assumed:
        yield "### Not proven"
        yield "\n".join(f"- {''.join(_words(draft, one.id))}" for one in assumed)


def _words(draft: Draft, claim_id: str) -> Iterator[str]:
    for span in claim_spans(draft, draft.claims[claim_id]):
        yield inert_words(getattr(span, "text", ""))


def _quote(draft: Draft, quote_id: str) -> str:
    quote = draft.quotes[quote_id]
    said = " · ".join(
        filter(
            None, (quote.source.replace("_", " "), quote.said_at.date().isoformat() if quote.said_at else "")
        )
    )
    lines = "\n".join(f"> {inert_words(line)}" for line in quote.text.splitlines())
    return f"{lines}\n> — \\[{quote_id}\\] {inert_words(said)}".rstrip()


def _weight(draft: Draft, one: RequirementBlock) -> str:
    reason = plain(draft, one.reason)
    bound = "; bound proposed" if one.bound_proposed and "proposed" not in one.reason else ""
    return inert_words(f"{one.priority.value}{f' — {reason}' if reason else ''}{bound}")


def _origin(draft: Draft, item: str, page: str) -> str:
    what = f"{item} of " if item else ""
    name = inert_words(" ".join(plain(draft, draft.title).split()))
    where = f"[{name}]({page})" if page else f"{name} ({escape(draft.id)})"
    return f"*{what}{where}, version {draft.version}. Its quotes and numbers were checked by code against the feedback itself.*"


def _title(draft: Draft, text: str) -> str:
    told = " ".join(plain(draft, text).split()) or draft.id
    told = inert(told)
    return told if len(told) <= _LONGEST_TITLE else f"{told[: _LONGEST_TITLE - 1]}…"


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block.strip())
