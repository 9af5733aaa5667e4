"""Comments on a draft: they stay with the id that they are about, and say where it is gone."""

from datetime import UTC, datetime

from pydantic import ValidationError

from assistant.domain.base import digest
from assistant.domain.comment import Comment
from assistant.domain.draft import Draft
from assistant.drafting.editing.addresses import SECTION, addresses, parse
from assistant.drafting.editing.compare import placed, told
from assistant.drafting.editing.sheet import Sheet
from assistant.drafting.formats.tree import plain
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.workbench import Workbench

_LONGEST_EXCERPT = 300


def add_comment(bench: Workbench, draft: Draft, target: str, text: str, *, by: str) -> Comment:
    """Say something about one place of a draft. Raises: UsageError: no such place, no text; StoreError."""
    excerpt = _excerpt(draft, target)
    if excerpt is None:
        raise Sheet(draft).unknown(target)
    at = datetime.now(UTC)
    try:
        comment = Comment(
            id="com_" + digest(draft.id, target, text, by, at.isoformat(), size=8),
            draft_id=draft.id,
            target=target,
            version=draft.version,
            excerpt=excerpt[:_LONGEST_EXCERPT],
            text=text.strip(),
            by=by.strip(),
            at=at,
        )
    except ValidationError as problem:
        raise InputRejected(
            "The comment can't be kept.", hint="A name is 1 to 200 characters, a comment at most 4,000."
        ) from problem
    if not comment.text:
        raise UsageError("The comment says nothing.", hint="Write what is to be said.")
    bench.catalog.comments.put(bench.workspace, comment)
    return comment


def resolve_comment(
    bench: Workbench, draft_id: str, comment_id: str, *, by: str, resolved: bool = True
) -> Comment:
    """Mark a comment as dealt with, or open it again. Raises: NotFound."""
    held = bench.catalog.comments.comments(bench.workspace, draft_id)
    found = next((one for one in held if one.id == comment_id), None)
    if found is None:
        raise NotFound(
            f"The draft {draft_id[:60]} has no comment '{comment_id[:60]}'.", hint="List its comments."
        )
    done = {"resolved_by": by.strip()[:200], "resolved_at": datetime.now(UTC)}
    changed = found.model_copy(update=done if resolved else {"resolved_by": "", "resolved_at": None})
    bench.catalog.comments.put(bench.workspace, changed)
    return changed


def comments_on(bench: Workbench, draft: Draft) -> list[tuple[Comment, str]]:
    """All comments, oldest first, each with what it is about by now: a target of this version, or empty where that is gone."""
    return [(one, where(draft, one)) for one in bench.catalog.comments.comments(bench.workspace, draft.id)]


def where(draft: Draft, comment: Comment) -> str:
    """The target that a comment is about in this version. What has no id is looked for by what stood there."""
    known = _excerpt(draft, comment.target)
    if not comment.target.startswith(SECTION) or "blocks" not in parse(comment.target).path:
        return comment.target if known is not None else ""
    if known is not None and known[:_LONGEST_EXCERPT] == comment.excerpt:
        return comment.target
    same = (name for name, text in _nameless(draft) if text[:_LONGEST_EXCERPT] == comment.excerpt)
    return next(same, comment.target if known is not None and comment.version == draft.version else "")


def _excerpt(draft: Draft, target: str) -> str | None:
    """What a reader sees at a target: its text, or the texts in it; None where there is nothing of that name."""
    if target in ("draft", "draft.title"):
        return plain(draft, draft.title)
    if target in draft.quotes:
        return draft.quotes[target].text
    if target in draft.facts:
        return draft.facts[target].display
    named = target if target.startswith(SECTION) or not _is_section(draft, target) else f"{SECTION}{target}"
    block = next((block for _, name, block in placed(draft) if name == named), None)
    if block is not None:
        return told(draft, block)
    texts = [text for name, text in addresses(draft) if name == named or name.startswith(f"{named}.")]
    return " ".join(plain(draft, text) for text in texts if text) if texts else None


def _is_section(draft: Draft, name: str) -> bool:
    return any(section.id == name for section in draft.sections)


def _nameless(draft: Draft) -> list[tuple[str, str]]:
    texts = [(name, plain(draft, text)) for name, text in addresses(draft) if name.startswith(SECTION)]
    whole = [(name, told(draft, block)) for _, name, block in placed(draft) if name.startswith(SECTION)]
    return [*texts, *whole]
