"""The ledger of people in the catalog: the `PeopleStore`, and what saving and erasing records do to it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from assistant.domain.base import digest
from assistant.stores.columns import insert_new
from assistant.stores.database import Database
from assistant.stores.grouping import person_links
from assistant.stores.ledger import Identity, PersonLink
from assistant.stores.rows import chunks, make_workspace, workspace_key
from assistant.stores.tables import identities, people, records
from assistant.stores.twins import move_ledger


class SqlPeople:
    """The `PeopleStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def relink(self, workspace: str, rules: Sequence[str]) -> int:
        """Find the people anew; see the port."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            return relink_people(connection, key, rules) if key is not None else 0

    def links(self, workspace: str) -> list[PersonLink]:
        """All links by person, the undone ones too."""
        with self._database.read() as connection:
            found = read_people(connection, workspace_key(connection, workspace)).values()
        return sorted(found, key=lambda link: (link.first_person, link.person))

    def merge(self, workspace: str, one: str, other: str, rules: Sequence[str]) -> None:
        """Say that two pseudonyms are one person."""
        shared = digest("manual", *sorted((one, other)), size=8)
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            add_identities(
                connection, key, [Identity(one, "manual", shared), Identity(other, "manual", shared)]
            )
            where = (people.c.workspace == key, people.c.person.in_((one, other)), people.c.undone)
            connection.execute(delete(people).where(*where))
            relink_people(connection, key, rules)

    def split(self, workspace: str, person: str, rules: Sequence[str]) -> list[str]:
        """Say that a pseudonym is a person of its own; see the port."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            links = read_people(connection, key)
            meant = sorted(
                one.person
                for one in links.values()
                if person in (one.person, one.first_person) and not one.undone
            )
            if key is not None and meant:
                before = _active(links.values())
                for some in chunks(meant):
                    where = (people.c.workspace == key, people.c.person.in_(some))
                    connection.execute(update(people).where(*where).values(undone=True))
                move_ledger(connection, key, before, _active(read_people(connection, key).values()))
                relink_people(connection, key, rules)
        return meant


def add_identities(connection: Connection, workspace: int, given: Iterable[Identity]) -> None:
    """Keep by what people can be known; what is kept already is left as it is."""
    rows = [
        {"workspace": workspace} | one._asdict()
        for one in sorted(given, key=lambda one: (one.person, one.rule, one.identity))
    ]
    if rows:
        connection.execute(insert_new(connection, identities), rows)


def relink_people(connection: Connection, workspace: int, rules: Sequence[str]) -> int:
    """Write the links that the rules give, and move the snapshot by what changed. Returns how many did."""
    stored = read_people(connection, workspace)
    query = select(identities.c.person, identities.c.rule, identities.c.identity).where(
        identities.c.workspace == workspace
    )
    known = [Identity(*row) for row in connection.execute(query)]
    apart = frozenset(one.person for one in stored.values() if one.undone)
    found = person_links(known, rules, apart)
    held = {person: one for person, one in stored.items() if not one.undone}
    gone = [person for person, one in held.items() if found.get(person) != one]
    come = [one for person, one in found.items() if held.get(person) != one]
    for some in chunks(gone):
        where = (people.c.workspace == workspace, people.c.person.in_(some))
        connection.execute(delete(people).where(*where))
    if come:
        connection.execute(insert(people), [{"workspace": workspace} | one._asdict() for one in come])
    move_ledger(connection, workspace, _active(held.values()), _active(found.values()))
    return len({*gone, *(one.person for one in come)})


def read_people(connection: Connection, workspace: int | None) -> dict[str, PersonLink]:
    """Pseudonym → its link, the undone ones too."""
    columns = [people.c[name] for name in ("person", "first_person", "rule", "undone")]
    rows = connection.execute(select(*columns).where(people.c.workspace == workspace))
    return {row[0]: PersonLink(*row) for row in rows}


def forget_people(connection: Connection, workspace: int) -> None:
    """Remove what is kept of people who wrote no record that is still here."""
    query = select(records.c.person).where(records.c.workspace == workspace).distinct()
    writing = set(connection.execute(query).scalars())
    known = select(identities.c.person).where(identities.c.workspace == workspace).distinct()
    gone = sorted(set(connection.execute(known).scalars()) - writing)
    before = read_people(connection, workspace)
    for some in chunks(gone):
        for table in (identities, people):
            connection.execute(delete(table).where(table.c.workspace == workspace, table.c.person.in_(some)))
    dangling = [one.person for one in before.values() if one.first_person in gone and one.person not in gone]
    for some in chunks(dangling):
        connection.execute(delete(people).where(people.c.workspace == workspace, people.c.person.in_(some)))
    move_ledger(
        connection, workspace, _active(before.values()), _active(read_people(connection, workspace).values())
    )


def _active(links: Iterable[PersonLink]) -> dict[str, str]:
    return {f"person {one.person}": one.first_person for one in links if not one.undone}
