"""Which claims of drafts no longer hold: the `StalenessStore`, and what saving and erasing do about it in their own transactions."""

import json
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.erased_words import ErasedWords
from assistant.domain.staleness import Foundation, Proof, StaleClaim, foundation_of
from assistant.stores.database import Database
from assistant.stores.rows import NO_RECORDS, workspace_key
from assistant.stores.staleness_port import Evaluated
from assistant.stores.staleness_tables import draft_proofs, stale_claims
from assistant.stores.tables import drafts, workspaces

_UNSEEN = {"state": "", "looked": ""}


class SqlStaleness:
    """The `StalenessStore` over tables `draft_proofs` and `stale_claims`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, workspace: str) -> tuple[str, list[Proof]]:
        """The corpus of now, and the proofs that nobody held against it; see the port."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            corpus = _corpus(connection, key)
            query = select(draft_proofs).where(
                draft_proofs.c.workspace == key, draft_proofs.c.looked != corpus
            )
            rows = connection.execute(query.order_by(draft_proofs.c.draft_id)).all()
        return corpus, [
            Proof(
                draft_id=row.draft_id,
                version=row.version,
                foundation=Foundation.model_validate_json(row.foundation) if row.foundation else None,
                state=row.state,
            )
            for row in rows
        ]

    def put(self, workspace: str, corpus: str, evaluated: Sequence[Evaluated]) -> list[StaleClaim] | None:
        """Keep what came of it; see the port."""
        fresh: list[StaleClaim] = []
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            if key is None or _corpus(connection, key) != corpus:
                return None
            for proof, claims in evaluated:
                foundation = canonical_json(proof.foundation) if proof.foundation else ""
                this = (draft_proofs.c.workspace == key, draft_proofs.c.draft_id == proof.draft_id)
                changed = connection.execute(
                    update(draft_proofs)
                    .where(*this, draft_proofs.c.version == proof.version)
                    .values(foundation=foundation, state=proof.state, looked=corpus)
                ).rowcount
                if changed and claims is not None:
                    fresh += _replaced(connection, key, proof.draft_id, claims)
        return fresh

    def claims(self, workspace: str, draft_id: str | None = None) -> list[StaleClaim]:
        """Stale claims as they were kept last; see the port."""
        with self._database.read() as connection:
            query = select(stale_claims.c.claim).where(
                stale_claims.c.workspace == workspace_key(connection, workspace)
            )
            if draft_id is not None:
                query = query.where(stale_claims.c.draft_id == draft_id)
            found = [StaleClaim.model_validate_json(row) for row in connection.execute(query).scalars()]
        return sorted(found, key=lambda one: (one.draft_id, _natural(one.claim_id)))


def note_proof(connection: Connection, workspace: int, draft: Draft) -> None:
    """Remember what a version rests on, in place of the one before it. An older version than the newest changes nothing."""
    this = (draft_proofs.c.workspace == workspace, draft_proofs.c.draft_id == draft.id)
    held = connection.execute(select(draft_proofs.c.version).where(*this)).scalar()
    if held is not None and held > draft.version:
        return
    row = {"version": draft.version, "foundation": canonical_json(foundation_of(draft))} | _UNSEEN
    if held is None:
        connection.execute(insert(draft_proofs), {"workspace": workspace, "draft_id": draft.id} | row)
    else:
        connection.execute(update(draft_proofs).where(*this).values(row))
    connection.execute(
        delete(stale_claims).where(stale_claims.c.workspace == workspace, stale_claims.c.draft_id == draft.id)
    )


def forget_proofs(
    connection: Connection, workspace: int, redacted: Iterable[str], words: ErasedWords
) -> None:
    """Take erased records out of what drafts rest on, and erased words out of what is told of their claims.

    Args: redacted: ids of the drafts that were redacted.
    """
    for draft_id in sorted(set(redacted)):
        these = (drafts.c.workspace == workspace, drafts.c.id == draft_id)
        query = select(drafts.c.document).where(*these).order_by(drafts.c.version.desc()).limit(1)
        document = connection.execute(query).scalar_one()
        held = canonical_json(foundation_of(Draft.model_validate_json(document)))
        _unsee(connection, workspace, draft_id, {"foundation": held})
    told = select(stale_claims).where(stale_claims.c.workspace == workspace)
    for row in connection.execute(told).all():
        if any(words.occur_in(one) for one in _texts(row.claim)):
            this = (stale_claims.c.draft_id == row.draft_id, stale_claims.c.claim_id == row.claim_id)
            connection.execute(delete(stale_claims).where(stale_claims.c.workspace == workspace, *this))
            _unsee(connection, workspace, row.draft_id, {})


def _natural(name: str) -> list[tuple[int, str]]:
    """C2 before C10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _texts(claim: str) -> list[str]:
    held = json.loads(claim)
    return [
        held["reason"],
        *(str(one[name]) for one in (held, *held["moved"]) for name in ("before", "after")),
    ]


def _unsee(connection: Connection, workspace: int, draft_id: str, more: dict[str, str]) -> None:
    this = (draft_proofs.c.workspace == workspace, draft_proofs.c.draft_id == draft_id)
    connection.execute(update(draft_proofs).where(*this).values(_UNSEEN | more))


def _corpus(connection: Connection, workspace: int | None) -> str:
    """All that facts and quotes are evaluated over. Facets are no part of a record's revision, so the snapshot lacks them."""
    query = select(workspaces.c.snapshot, workspaces.c.worded_by).where(workspaces.c.key == workspace)
    row = connection.execute(query).first()
    return f"{row.snapshot} {row.worded_by}" if row else NO_RECORDS


def _replaced(
    connection: Connection, workspace: int, draft_id: str, claims: Sequence[StaleClaim]
) -> list[StaleClaim]:
    """Write the stale claims of a draft in place of those that are kept. Returns those that weren't stale before."""
    these = (stale_claims.c.workspace == workspace, stale_claims.c.draft_id == draft_id)
    held = dict(
        connection.execute(select(stale_claims.c.claim_id, stale_claims.c.claim).where(*these)).tuples().all()
    )
    rows = {one.claim_id: canonical_json(one) for one in claims}
    if rows != held:
        connection.execute(delete(stale_claims).where(*these))
        if rows:
            named = {"workspace": workspace, "draft_id": draft_id}
            connection.execute(
                insert(stale_claims), [named | {"claim_id": n, "claim": row} for n, row in rows.items()]
            )
    return [one for one in claims if one.claim_id not in held]
