"""Words that would act in an issue system: written, read back as they were, merged, and compared with what was said."""

from api.tickets.inert import as_said, inert_words
from api.tickets.merge import merge
from api.tickets.texts import texts_of
from api.trackers.port import Tracker
from assistant.domain.ticket import Ticket, TicketText
from assistant.drafting.formats.words import legal
from tests.contract.trackers.conftest import Desk
from tests.contract.trackers.test_trackers import fresh
from tests.support.bait import BAIT, bites, shown
from tests.support.naughty import NAUGHTY, draft_holding

HELD = draft_holding([*BAIT, *NAUGHTY])


async def made(tracker: Tracker, text: TicketText) -> Ticket:
    marked = fresh()
    return await tracker.create(text, marked, await tracker.reserve(marked))


def test_a_ticket_full_of_bait_is_read_as_it_was_written(desk: Desk) -> None:
    story = next(one for one in texts_of(HELD, None, show_personal=True) if one.item == "US-1").text
    assert bites(story.body) == set()
    key = desk.ask(lambda tracker: made(tracker, story)).key
    read = desk.ask(lambda tracker: tracker.get(key))
    assert (read.title, read.body) == (story.title, story.body)
    newer = story.body.replace("version 1", "version 2")
    assert merge(story.body, read.body, newer).text == newer
    said = {as_said(line) for line in shown(read.body)}
    quote = HELD.quotes["Q1"]
    assert all(" ".join(line.split()) in said for line in legal(quote.text).splitlines())


def test_each_bait_in_a_comment_is_read_as_it_was_written(desk: Desk) -> None:
    key = desk.ask(lambda tracker: made(tracker, TicketText(title="Bait", body="One"))).key
    text = "\n\n".join(f"> {inert_words(one)}" for one in BAIT)
    marked = fresh()

    async def said(tracker: Tracker) -> str:
        return (await tracker.comment(key, text, marked, "", await tracker.reserve(marked))).text

    assert desk.ask(said) == text
    (held,) = desk.ask(lambda tracker: tracker.get(key)).comments
    assert (held.text, held.marker) == (text, marked)
