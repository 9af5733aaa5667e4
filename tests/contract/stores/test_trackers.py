"""Issue systems in the catalog: the newest version of a ticket stays, an effect is in one pair of hands, and nothing erased is left."""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.erased_words import ErasedWords
from assistant.domain.ticket import (
    Action,
    Connection,
    Delivery,
    Effect,
    EffectState,
    Link,
    Ticket,
    TicketChange,
    TicketComment,
    TicketText,
)
from assistant.errors import NotFound
from assistant.stores.erasure_port import Doomed
from assistant.stores.port import Catalog
from tests.contract.stores.test_erasing import receipt
from tests.support.store_samples import WORKSPACE

AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
LEASE = timedelta(minutes=1)
SAID = "The quarterly export of our lighthouse ledger drops every third column again"


def ticket(key: str = "7", version: str = "2026-01-01", **given: object) -> Ticket:
    return Ticket.model_validate(
        {"connection": "desk", "key": key, "title": "Exports", "version": version} | given
    )


def effect(key: str, subject: str = "7", **given: object) -> Effect:
    told = {"key": key, "connection": "desk", "action": Action.comment, "subject": subject, "made_at": AT}
    return Effect.model_validate(told | given)


def claim(catalog: Catalog, at: datetime = AT) -> Effect | None:
    return catalog.effects.claim(WORKSPACE, "desk", at, LEASE)


def keys_in_hands(catalog: Catalog) -> list[str]:
    found = []
    while (one := claim(catalog)) is not None:
        found.append(one.key)
    return found


def test_a_connection_is_kept_under_its_name_and_an_unknown_one_says_which_there_are(
    catalog: Catalog,
) -> None:
    desk = Connection(name="desk", tracker="roundup", url="http://127.0.0.1:1/", token="env:TOKEN")
    catalog.connections.put(WORKSPACE, desk)
    catalog.connections.put(WORKSPACE, desk.model_copy(update={"project": "p"}))
    assert [one.project for one in catalog.connections.connections(WORKSPACE)] == ["p"]
    assert catalog.connections.connections("other") == []
    with pytest.raises(NotFound, match="'desks'") as problem:
        catalog.connections.get(WORKSPACE, "desks")
    assert "desk" in problem.value.hint
    assert catalog.connections.remove(WORKSPACE, "desk")
    assert not catalog.connections.remove(WORKSPACE, "desk")


def test_what_is_older_than_what_is_known_of_a_ticket_is_not_kept(catalog: Catalog) -> None:
    assert catalog.tickets.put(WORKSPACE, ticket(version="2026-01-02", title="new"))
    assert not catalog.tickets.put(WORKSPACE, ticket(version="2026-01-01", title="old"))
    assert catalog.tickets.put(WORKSPACE, ticket(version="2026-01-02/f", title="a change"))
    assert catalog.tickets.put(WORKSPACE, ticket(version="2026-01-02/a", title="same time"))
    held = catalog.tickets.get(WORKSPACE, "desk", "7")
    assert held is not None
    assert held.title == "same time"
    assert catalog.tickets.get("other", "desk", "7") is None


def test_tickets_come_page_by_page_in_the_order_in_which_they_were_heard_of(catalog: Catalog) -> None:
    for key in ("9", "1", "5"):
        catalog.tickets.put(WORKSPACE, ticket(key))
    catalog.tickets.put(WORKSPACE, ticket("9", version="2027"))
    assert [one.key for one in catalog.tickets.page(WORKSPACE)] == ["9", "1", "5"]
    assert [one.key for one in catalog.tickets.page(WORKSPACE, after="desk/9", limit=1)] == ["1"]
    assert catalog.tickets.page(WORKSPACE, connection="other") == []
    assert catalog.tickets.remove(WORKSPACE, "desk", "1")
    assert [one.key for one in catalog.tickets.page(WORKSPACE)] == ["9", "5"]


def test_a_link_is_found_from_both_ends_and_kept_once(catalog: Catalog) -> None:
    first = Link(draft_id="dra_1", item="FR-1", connection="desk", ticket="7", at=AT)
    catalog.links.put(WORKSPACE, first)
    catalog.links.put(WORKSPACE, first.model_copy(update={"base": "text"}))
    catalog.links.put(WORKSPACE, first.model_copy(update={"item": "FR-2", "ticket": "8"}))
    assert [(one.item, one.base) for one in catalog.links.of_draft(WORKSPACE, "dra_1")] == [
        ("FR-1", "text"),
        ("FR-2", ""),
    ]
    assert [one.item for one in catalog.links.of_ticket(WORKSPACE, "desk", "8")] == ["FR-2"]
    assert catalog.links.remove(WORKSPACE, first)
    assert [one.ticket for one in catalog.links.links(WORKSPACE)] == ["8"]
    assert catalog.links.links("other") == []


def test_versions_of_one_moment_are_all_kept(catalog: Catalog) -> None:
    for version in ("2026-01-02/b", "2026-01-02/a"):
        told = Ticket(connection="desk", key="7", title=version, version=version)
        assert catalog.tickets.put(WORKSPACE, told)
    earlier = Ticket(connection="desk", key="7", title="earlier", version="2026-01-01/c")
    assert not catalog.tickets.put(WORKSPACE, earlier)


def test_an_effect_of_a_known_key_is_not_added_again(catalog: Catalog) -> None:
    catalog.effects.add(WORKSPACE, [effect("a", comment="first")])
    kept = catalog.effects.add(WORKSPACE, [effect("a", comment="second"), effect("b")])
    assert [(one.key, one.comment) for one in kept] == [("a", "first"), ("b", "")]
    assert [one.key for one in catalog.effects.page(WORKSPACE)] == ["b", "a"]


def test_effects_on_one_subject_wait_for_each_other_and_others_do_not(catalog: Catalog) -> None:
    catalog.effects.add(WORKSPACE, [effect("a"), effect("b"), effect("c", "8")])
    assert keys_in_hands(catalog) == ["a", "c"]
    held = catalog.effects.get(WORKSPACE, "a")
    assert held is not None
    assert (held.state, held.tries) == (EffectState.sending, 1)
    assert catalog.effects.settle(WORKSPACE, held.model_copy(update={"state": EffectState.done}))
    assert keys_in_hands(catalog) == ["b"]


def test_a_dead_effect_holds_nothing_back_and_can_be_sent_again(catalog: Catalog) -> None:
    catalog.effects.add(WORKSPACE, [effect("a"), effect("b")])
    taken = claim(catalog)
    assert taken is not None
    dead = taken.model_copy(update={"state": EffectState.dead, "error": "gone"})
    assert catalog.effects.settle(WORKSPACE, dead)
    assert keys_in_hands(catalog) == ["b"]
    (listed,) = catalog.effects.page(WORKSPACE, states=[EffectState.dead])
    assert listed.error == "gone"
    assert catalog.effects.settle(WORKSPACE, listed.model_copy(update={"state": EffectState.waiting}))
    assert keys_in_hands(catalog) == ["a"]


def test_what_nobody_came_back_for_is_taken_over_as_sending_and_the_former_hands_are_refused(
    catalog: Catalog,
) -> None:
    catalog.effects.add(WORKSPACE, [effect("a")])
    lost = claim(catalog)
    assert lost is not None
    assert lost.state is EffectState.waiting
    assert claim(catalog, AT + LEASE / 2) is None
    found = claim(catalog, AT + LEASE)
    assert found is not None
    assert (found.state, found.tries) == (EffectState.sending, 2)
    assert not catalog.effects.settle(WORKSPACE, lost.model_copy(update={"state": EffectState.done}))
    assert catalog.effects.settle(WORKSPACE, found.model_copy(update={"state": EffectState.done}))


def test_an_effect_is_due_once_its_time_has_come(catalog: Catalog) -> None:
    later = AT + timedelta(minutes=5)
    catalog.effects.add(WORKSPACE, [effect("a", not_before=later)])
    catalog.effects.add("other", [effect("a")])
    assert catalog.effects.due(AT) == [("other", "desk")]
    assert catalog.effects.due(later) == sorted([("other", "desk"), (WORKSPACE, "desk")])
    assert claim(catalog) is None
    assert claim(catalog, later) is not None


def test_a_delivery_is_taken_once_until_it_is_forgotten(catalog: Catalog) -> None:
    first = Delivery(connection="desk", id="d1", body_sha256="x", taken_at=AT)
    week = timedelta(days=7)
    assert catalog.deliveries.take(WORKSPACE, first, AT - week) is None
    again = first.model_copy(update={"body_sha256": "y", "taken_at": AT + LEASE})
    assert catalog.deliveries.take(WORKSPACE, again, AT - week) == first
    assert catalog.deliveries.take("other", first, AT - week) is None
    catalog.deliveries.untake(WORKSPACE, first)
    assert catalog.deliveries.take(WORKSPACE, again, AT - week) is None
    late = first.model_copy(update={"id": "d2", "taken_at": AT + 2 * week})
    assert catalog.deliveries.take(WORKSPACE, late, AT + week) is None
    assert catalog.deliveries.take(WORKSPACE, first, AT - week) is None


def test_erased_words_leave_tickets_links_and_effects(catalog: Catalog) -> None:
    said = TicketComment(id="c", text=f"They wrote: {SAID}")
    catalog.tickets.put(WORKSPACE, ticket(body=SAID, comments=[said]))
    catalog.links.put(
        WORKSPACE, Link(draft_id="dra_1", connection="desk", ticket="7", base=SAID, comment=SAID, at=AT)
    )
    catalog.effects.add(
        WORKSPACE,
        [
            effect("a", comment=f"> {SAID}"),
            effect("b", text=TicketText(title=SAID, body=SAID)),
            effect("c", change=TicketChange(body=SAID)),
        ],
    )
    words = ErasedWords([SAID], [], [])
    counts = catalog.eraser.remove(WORKSPACE, Doomed(("rec_1",)), words, "", receipt())
    assert counts["trackers"] == 5
    kept = [
        *catalog.tickets.page(WORKSPACE),
        *catalog.links.links(WORKSPACE),
        *catalog.effects.page(WORKSPACE),
    ]
    assert all("lighthouse" not in one.model_dump_json() for one in kept)
