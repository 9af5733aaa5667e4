"""Release notes tell each closed ticket to those who may read of it, in words and numbers that somebody stands behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from api.tickets.audience import Audience
from api.tickets.commits import messages
from api.tickets.note_words import Group
from api.tickets.notes_text import as_markdown
from api.tickets.release_notes import NoteLine, Notes, Wanted, keys_in, release_notes
from assistant.domain.draft import Draft
from assistant.domain.ticket import Relation, Ticket, TicketComment, TicketState
from assistant.errors import NotFound
from assistant.workbench import Workbench
from tests.support.mirrored import a_mirror, a_ticket, forget, link, put, reworded

_numbers = count()
ALL = Wanted(since=datetime(2026, 1, 1, tzinfo=UTC))
PLAIN = a_ticket("D-1", "Add a dark mode to the settings page", kind="Feature")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Draft]]:
    bench, draft = a_mirror(tmp_path_factory.mktemp("mirror"))
    yield bench, draft
    bench.close()


@pytest.fixture
def mirror(opened: tuple[Workbench, Draft]) -> Iterator[tuple[Workbench, Draft]]:
    """Without tickets; the draft is a new one of each test."""
    bench, draft = opened
    mine = draft.model_copy(update={"id": f"dra_{next(_numbers)}"})
    bench.catalog.drafts.save(mine)
    yield bench, mine
    forget(bench)


@pytest.fixture
def bench(mirror: tuple[Workbench, Draft]) -> Workbench:
    return mirror[0]


def told(bench: Workbench, audience: Audience = Audience.public, wanted: Wanted = ALL) -> Notes:
    return release_notes(bench, "desk", wanted, audience)


def only(bench: Workbench, ticket: Ticket) -> NoteLine:
    put(bench, ticket)
    (line,) = told(bench, Audience.internal).lines
    return line


@pytest.mark.parametrize(
    ("title", "kind", "group", "text"),
    [
        ("Add a dark mode to the settings page", "Feature", Group.new, "Added a dark mode to the settings page."),
        ("feat(export): allow users to export to PDF (#12)", "", Group.new, "You can now export to PDF."),
        ("[Export] Export is blank on big boards.", "Bug", Group.fixed, "Fixed: Export is blank on big boards."),
        ("ABC-9: Fix the slow search page", "", Group.fixed, "Fixed the slow search page."),
        ("Speed up loading of the board", "", Group.better, "Sped up loading of the board."),
        ("Search crashes on emoji", "", Group.fixed, "Fixed: Search crashes on emoji."),
        ("Keyboard shortcuts in the editor", "Story", Group.new, "New: Keyboard shortcuts in the editor."),
    ],
)  # fmt: skip
def test_a_title_becomes_a_sentence_under_its_heading(
    bench: Workbench, title: str, kind: str, group: Group, text: str
) -> None:
    put(bench, a_ticket("D-1", title, kind=kind))
    assert told(bench).lines == (NoteLine(ticket="D-1", group=group, text=text),)


LEAKS = {
    "label": a_ticket("X", "Add a secret page", labels=("internal",)),
    "label in capitals": a_ticket("X", PLAIN.title, labels=("Security",)),
    "label with a prefix": a_ticket("X", PLAIN.title, labels=("sec::EmbargoedUntilMay",)),
    "label with a hidden character": a_ticket("X", PLAIN.title, labels=("inter\u200bnal",)),
    "label with a letter of another alphabet": a_ticket("X", PLAIN.title, labels=("\u0456nternal",)),
    "label in full width": a_ticket("X", PLAIN.title, labels=("ＩＮＴＥＲＮＡＬ",)),
    "label with an accent": a_ticket("X", PLAIN.title, labels=("internál",)),
    "component": a_ticket("X", PLAIN.title, component="Security / Login"),
    "denied component": a_ticket("X", PLAIN.title, component="Pricing_engine"),
    "kind": a_ticket("X", PLAIN.title, kind="Internal task"),
    "decided": a_ticket("X", PLAIN.title, labels=("release-note:none",)),
    "customer": a_ticket("X", "Export fails for ACME corp on the board"),
    "customer in one word": a_ticket("X", "Add acmecorp theme to the settings page", labels=("x",)),
    "customer with hyphen and accent": a_ticket("X", "Fix the report page for brueckner".replace("ue", "ü") + "-logistics"),
    "first word of a customer": a_ticket("X", "Fix the report page for Bruckner"),
    "customer cut by a hidden character": a_ticket("X", "Fix the report page for A\u00adcme Corp"),
    "customer in letters of another alphabet": a_ticket("X", "Fix the report page for \u0410cme \u0421orp"),
    "address with a token": a_ticket("X", "Fix the page https://app.example.com/?token=s3cr3tvalue991"),
    "address without a scheme": a_ticket("X", "Fix the login page of staging.kanbo.internal"),
    "e-mail": a_ticket("X", "Fix the login page for pia.berg@acme.example"),
    "e-mail in full width": a_ticket("X", "Fix the login page for pia＠acme．example"),
    "telephone": a_ticket("X", "Fix the page that +49 30 901820 reported"),
    "key": a_ticket("X", "Fix the page for ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    "hidden characters": a_ticket("X", "Add a dark mode\u202e to the page"),
    "tag characters": a_ticket("X", "Add a dark mode to the page" + "".join(chr(0xE0000 + ord(c)) for c in "acme")),
    "who reported it": a_ticket("X", "Fix the page that Wilhelmine opened", author="Wilhelmine"),
    "who commented": a_ticket("X", "Fix the page for Wilhelmine", comments=(TicketComment(id="1", text="", author="wilhelmine"),)),
    "a customer's words": a_ticket("X", "Fix: lose a whole afternoon every single Friday on the page"),
    "part of an internal ticket": a_ticket("X", PLAIN.title, parent="WALL"),
    "part of a part of one": a_ticket("X", PLAIN.title, parent="BETWEEN"),
    "part of an unknown ticket": a_ticket("X", PLAIN.title, parent="NOWHERE"),
}  # fmt: skip


@pytest.mark.parametrize("labelled", [(), ("release-note:public",)])
def test_what_stands_behind_a_wall_is_told_inside_alone(bench: Workbench, labelled: tuple[str, ...]) -> None:
    wall = a_ticket("WALL", "Plan", labels=("internal",), state=TicketState.open)
    between = a_ticket("BETWEEN", "Part", parent="WALL", state=TicketState.open)
    leaks = [
        one.model_copy(update={"key": what, "labels": (*one.labels, *labelled)})
        for what, one in LEAKS.items()
    ]
    put(bench, PLAIN, wall, between, *leaks)
    wanted = Wanted(since=ALL.since, denied=("pricing engine",))
    for audience in (Audience.beta, Audience.public):
        notes = told(bench, audience, wanted)
        assert [one.ticket for one in notes.lines] == ["D-1"]
        said = (notes.model_dump_json() + as_markdown(notes)).casefold()
        assert not any(
            words in said for words in ("acme", "bruckner", "s3cr3t", "wilhelm", "because", "widest")
        )
    inside = {one.ticket: one for one in told(bench, Audience.internal, wanted).lines}
    assert inside.keys() == {"D-1", *LEAKS}
    assert all(inside[what].because and inside[what].widest is Audience.internal for what in LEAKS)


@pytest.mark.parametrize(
    "doubtful",
    [
        a_ticket("X", "Refactor the export pipeline"),
        a_ticket("X", "Bump numpy"),
        a_ticket("X", "Frobnicate the quux"),
        a_ticket("X", "Fix XSS in the comment editor"),
        a_ticket("X", "Export is 300 % faster on the board"),
        a_ticket("X", "Export page for 40 customers"),
        a_ticket("X", PLAIN.title, body="Under NDA until May."),
    ],
    ids=lambda one: one.title,
)
def test_what_isn_t_clearly_public_stays_inside_until_somebody_decides(
    bench: Workbench, doubtful: Ticket
) -> None:
    assert only(bench, doubtful).widest is Audience.internal
    assert told(bench).lines == ()
    put(bench, doubtful.model_copy(update={"labels": ("Release-Note: Public",), "version": "2"}))
    assert [one.ticket for one in told(bench).lines] == ["X"]


def test_beta_readers_see_what_the_public_does_not_yet(bench: Workbench) -> None:
    put(bench, PLAIN, a_ticket("D-2", "Add an offline mode to the app", labels=("Beta",)))
    assert [one.ticket for one in told(bench).lines] == ["D-1"]
    assert [one.ticket for one in told(bench, Audience.beta).lines] == ["D-1", "D-2"]


def test_a_story_gives_its_wish_and_the_number_that_its_draft_counted(
    mirror: tuple[Workbench, Draft],
) -> None:
    bench, draft = mirror
    bench.catalog.drafts.save(reworded(draft, "to see the timetable on a train"))
    put(bench, a_ticket("D-3", "Timetable caching layer"))
    link(bench, draft, "US-1", "D-3")
    (line,) = told(bench).lines
    assert line.text == "You can now see the timetable on a train."
    assert line.people == draft.facts["F1"].value == 3
    assert "Asked for by 3 people. (D-3)" in as_markdown(told(bench))
    (inside,) = told(bench, Audience.internal).lines
    assert (inside.draft_id, inside.item, inside.fact_id) == (draft.id, "US-1", "F1")


def test_a_number_that_no_longer_holds_or_points_at_somebody_is_left_out(
    mirror: tuple[Workbench, Draft],
) -> None:
    bench, draft = mirror
    put(bench, a_ticket("D-3", "Timetable caching layer"))
    link(bench, draft, "US-1", "D-3")
    few = draft.facts["F1"].model_copy(update={"value": 2})
    bench.catalog.drafts.save(draft.model_copy(update={"version": 2, "facts": {**draft.facts, "F1": few}}))
    assert told(bench).lines[0].people is None
    assert told(bench, Audience.internal).lines[0].people == 2


@pytest.mark.parametrize(
    "want", ["to open the timetable of Acme Corp", "to lose a whole afternoon every single Friday"]
)
def test_a_story_s_words_that_may_not_go_out_are_replaced_by_the_title(
    mirror: tuple[Workbench, Draft], want: str
) -> None:
    bench, draft = mirror
    bench.catalog.drafts.save(reworded(draft, want))
    put(bench, a_ticket("D-3", "Timetable on the phone"))
    link(bench, draft, "US-1", "D-3")
    assert told(bench).lines[0].text == "New: Timetable on the phone."


def test_only_what_was_closed_and_done_in_time_is_told(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(
        bench,
        PLAIN,
        a_ticket("D-2", "Add an offline mode to the app", state=TicketState.open),
        a_ticket("D-3", "Add a calendar view", updated_at=datetime(2025, 1, 1, tzinfo=UTC)),
        a_ticket("D-4", "Add a map view", status="Won't Fix"),
        a_ticket("D-5", "Add a chart view", updated_at=None),
        a_ticket("D-6", "Add a list view"),
    )
    link(bench, draft, "US-1", "D-6", Relation.duplicate)
    assert [one.ticket for one in told(bench).lines] == ["D-1"]
    assert told(bench, wanted=Wanted(labels=("v1.5",))).lines == ()
    put(bench, a_ticket("D-3", "Add a calendar view", labels=("V1.5",), version="2"))
    assert [one.ticket for one in told(bench, wanted=Wanted(labels=("v1.5",))).lines] == ["D-3"]


def test_commits_name_the_tickets_of_a_release_and_stay_inside(bench: Workbench) -> None:
    put(bench, PLAIN, a_ticket("7", "Add a map view"), a_ticket("8", "Add a view", state=TicketState.open))
    log = "D-1 dark mode at last\x00Merge: maps\n\nCloses #7, see #8 and #99\x00Tidy up for Acme Corp\x00"
    wanted = Wanted(commits=messages(log), by_commits=True)
    public = told(bench, wanted=wanted)
    assert [one.ticket for one in public.lines] == ["7", "D-1"]
    assert "Acme" not in public.model_dump_json()
    assert "dark mode at last" not in public.model_dump_json()
    inside = told(bench, Audience.internal, wanted)
    assert inside.still_open == ("8",)
    assert inside.without_ticket == ("Tidy up for Acme Corp",)
    assert inside.lines[0].commits == ("Merge: maps",)


def test_keys_are_read_as_people_write_them() -> None:
    assert keys_in("ABC-12: fix (#4), closes #5; UTF-8 v1-2 a#6 x/#7") == ["ABC-12", "UTF-8", "4", "5"]
    standard = "commit 0123456789ab\nAuthor: P <p@x.y>\nDate: now\n\n    D-1 one\n\n    body\n\ncommit 0123456789ac\n\n    two\n"
    assert messages(standard) == ("D-1 one\n\nbody", "two")
    assert messages("0a1b2c3 one\n4d5e6f7 two\n") == ("0a1b2c3 one", "4d5e6f7 two")


def test_words_of_a_ticket_are_shown_and_never_obeyed(bench: Workbench) -> None:
    put(bench, a_ticket("D-1", "Add <img src=x> [page](javascript:x) to the board", labels=("release-note:public",)))  # fmt: skip
    shown = as_markdown(told(bench))
    assert "\\<img src=x\\> \\[page\\](javascript:x)" in shown


def test_an_unknown_connection_is_told(bench: Workbench) -> None:
    with pytest.raises(NotFound):
        release_notes(bench, "nowhere", ALL, Audience.public)
