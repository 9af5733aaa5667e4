"""Opening the catalog: one database, seen through the small seams of `assistant.stores.port`."""

from pathlib import Path

from sqlalchemy.engine import URL

from assistant.stores.access import SqlAccess, SqlAudit
from assistant.stores.counted import SqlCounted
from assistant.stores.database import open_database
from assistant.stores.deliveries import SqlAsked, SqlDeliveries
from assistant.stores.drafts import SqlCalls, SqlDrafts
from assistant.stores.effects import SqlEffects
from assistant.stores.erasing import SqlEraser, SqlErasureLog
from assistant.stores.facets import SqlFacets
from assistant.stores.history import SqlComments, SqlHistory
from assistant.stores.hooks import SqlHookOutbox, SqlHooks
from assistant.stores.imports import SqlImports
from assistant.stores.judgements import SqlCases, SqlLabels
from assistant.stores.lexical import SqlLexicalIndex
from assistant.stores.mappings import SqlMappings
from assistant.stores.outbox import SqlOutbox
from assistant.stores.people import SqlPeople
from assistant.stores.port import Catalog
from assistant.stores.records import SqlRecordPages, SqlRecords
from assistant.stores.staleness import SqlStaleness
from assistant.stores.statements import SqlStatements
from assistant.stores.tally import SqlTally
from assistant.stores.themes import SqlThemes
from assistant.stores.threads import SqlSpending, SqlThreads, SqlTurns
from assistant.stores.tombstones import SqlTombstones
from assistant.stores.trackers import SqlConnections, SqlLinks, SqlTickets
from assistant.stores.turns import FileTurns, SessionTurns
from assistant.stores.twins import SqlTwins
from assistant.stores.vectors import SqlVectors


def open_catalog(place: Path | URL) -> Catalog:
    """Open or create the catalog in a file or in a Postgres database, and bring it to this version's revision.

    Raises: UsageError where a newer version wrote it or it can't be written; StoreCorrupt; DiskFull; StoreError.
    """
    database = open_database(place)
    return Catalog(
        records=SqlRecords(database),
        pages=SqlRecordPages(database),
        vectors=SqlVectors(database),
        drafts=SqlDrafts(database),
        history=SqlHistory(database),
        comments=SqlComments(database),
        calls=SqlCalls(database),
        imports=SqlImports(database),
        outbox=SqlOutbox(database),
        lexical=SqlLexicalIndex(database),
        facets=SqlFacets(database),
        twins=SqlTwins(database),
        people=SqlPeople(database),
        tombstones=SqlTombstones(database),
        mappings=SqlMappings(database),
        eraser=SqlEraser(database),
        erasures=SqlErasureLog(database),
        staleness=SqlStaleness(database),
        statements=SqlStatements(database),
        themes=SqlThemes(database),
        counted=SqlCounted(database),
        labels=SqlLabels(database),
        cases=SqlCases(database),
        access=SqlAccess(database),
        audit=SqlAudit(database),
        threads=SqlThreads(database),
        said=SqlTurns(database),
        spending=SqlSpending(database),
        connections=SqlConnections(database),
        tickets=SqlTickets(database),
        links=SqlLinks(database),
        effects=SqlEffects(database),
        hooks=SqlHooks(database),
        hook_outbox=SqlHookOutbox(database),
        deliveries=SqlDeliveries(database),
        asked=SqlAsked(database),
        turns=FileTurns(place.parent) if isinstance(place, Path) else SessionTurns(database.engine),
        tally=SqlTally(database),
        identity=database.identity,
        close=database.close,
    )
