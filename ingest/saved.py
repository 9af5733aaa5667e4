"""Saved mappings: which one a file's columns call for, how it is applied, and what is saved.

A file whose header has the signature of a saved mapping is read by it, whatever the order and the case of its columns.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.errors import InputRejected, NotFound, UsageError
from assistant.stores.decisions import SavedMapping
from assistant.workbench import Workbench
from ingest.layouts.port import squashed
from ingest.mapping import ColumnMapping, listed
from ingest.options import IngestOptions
from ingest.port import Connector
from ingest.recognise import Opened

_NAME = re.compile(r"[^\W_][\w .-]{0,79}")
_UNNAMED = re.compile(r"column\d+")


def with_saved(bench: Workbench, options: IngestOptions, files: int) -> IngestOptions:
    """The options with the workspace's saved mappings; what can't be done with them is said before anything is read.

    Raises: NotFound: no mapping has the name. UsageError: no name to save by, or more than one file to save from.
    """
    options = replace(options, saved=bench.catalog.mappings.saved(bench.workspace))
    if options.saved_name is not None:
        named_mapping(options.saved, options.saved_name)
    if options.save_as is not None:
        checked_name(options.save_as)
        if files != 1:
            raise UsageError(
                f"A mapping is saved from one file, and {files:,} were named.",
                hint="Import the file whose columns it is about alone.",
            )
    return options


def checked_name(name: str) -> str:
    """A name for a mapping. Raises: UsageError."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name[:80]}' can't be the name of a mapping.",
            hint="Use letters, digits, spaces, dots and hyphens, at most 80 of them.",
        )
    return name


def signature(columns: Iterable[str]) -> tuple[str, ...]:
    """What a header is known by: its names without case, spaces and punctuation, sorted."""
    return tuple(sorted(map(squashed, columns)))


def saved_for(connector: Connector, options: IngestOptions) -> SavedMapping | None:
    """The saved mapping that a table is to be read by: the one that was named, else the one of its header.

    A header without names tells nothing, and a mapping that the person writes out now has the last word over one of the past.

    Raises: NotFound: no mapping has the name.
    """
    if options.saved_name is not None:
        return named_mapping(options.saved, options.saved_name)
    known = signature(connector.columns())
    if options.mapping or all(map(_UNNAMED.fullmatch, known)):
        return None
    return next((one for one in options.saved if one.columns == known), None)


def named_mapping(saved: Sequence[SavedMapping], name: str) -> SavedMapping:
    """The mapping of a name. Raises: NotFound."""
    found = next((one for one in saved if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in saved[:20]) or "none yet"
        raise NotFound(
            f"There is no saved mapping '{name}'.", hint=f"Saved mappings of this workspace: {names}."
        )
    return found


def fitted(saved: SavedMapping, columns: Sequence[str], file_name: str) -> dict[str, str]:
    """The mapping's fields with the columns as this file writes them. Raises: InputRejected: a column isn't there."""
    known: dict[str, str] = {}
    for column in columns:
        known.setdefault(squashed(column), column)
    missing = [c for c in saved.fields.values() if c and c not in columns and squashed(c) not in known]
    if missing:
        raise InputRejected(
            f"{file_name} doesn't fit the saved mapping '{saved.name}': it has no column '{missing[0]}'.",
            hint=f"Its columns are: {listed(dict.fromkeys(columns))}. Leave the mapping out, or name them with --map.",
        )
    return {name: c if c in columns else known.get(squashed(c), "") for name, c in saved.fields.items()}


def to_save(
    opened: Opened, columns: Iterable[str], mapping: ColumnMapping, chosen: Mapping[str, str], name: str
) -> SavedMapping:
    """What a person confirmed, under a name: the whole mapping, or what they changed of a known layout's.

    Raises: UsageError: they changed nothing of a known layout.
    """
    if opened.known is not None and not chosen:
        raise UsageError(
            f"What the columns of {opened.path.name} mean is known ({opened.layout}), so there is nothing to save.",
            hint="Save a mapping together with --map, or for files of unknown layout.",
        )
    fields = dict(chosen) if opened.known is not None else mapping.as_report()
    return SavedMapping(checked_name(name), opened.layout, signature(columns), fields)
