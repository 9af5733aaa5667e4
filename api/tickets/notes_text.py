"""Release notes as Markdown."""

from api.tickets.audience import Audience
from api.tickets.note_words import Group
from api.tickets.release_notes import NoteLine, Notes
from assistant.domain.escaping import markdown_words as escape

_HEADINGS = {Group.new: "New", Group.better: "Better", Group.fixed: "Fixed"}


def as_markdown(notes: Notes) -> str:
    """The notes under their headings; words of tickets are shown, never obeyed."""
    since = f" since {notes.since.date().isoformat()}" if notes.since else ""
    inside = "" if notes.audience is Audience.public else f" ({notes.audience.value})"
    parts = [f"# Release notes{since}{inside}"]
    for group, heading in _HEADINGS.items():
        lines = [_line(one) for one in notes.lines if one.group is group]
        if lines:
            parts += [f"## {heading}", "\n".join(lines)]
    if not notes.lines:
        parts.append("Nothing to tell.")
    if notes.still_open:
        parts += [
            "## Named by commits, still open",
            "\n".join(f"- {escape(key)}" for key in notes.still_open),
        ]
    if notes.without_ticket:
        listed = "\n".join(f"- {escape(one)}" for one in notes.without_ticket)
        parts += ["## Commits without a ticket", listed]
    return "\n\n".join(parts) + "\n"


def _line(one: NoteLine) -> str:
    asked = ""
    if one.people is not None:
        asked = f" Asked for by {one.people:,} {'person' if one.people == 1 else 'people'}."
    told = f"- {escape(one.text)}{asked} ({escape(one.ticket)})"
    if one.widest is not None:
        why = f": {', '.join(one.because)}" if one.because else ""
        proof = f"; {one.draft_id} {one.item} {one.fact_id}".rstrip() if one.draft_id else ""
        told += f" *[{escape(one.widest.value + why + proof)}]*"
    return told
