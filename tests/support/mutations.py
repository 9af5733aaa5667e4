"""Valid files with anything done to their bytes, and what must hold for whoever reads them."""

import copy
import random
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from lxml import etree

from assistant.domain.record import RecordKind
from assistant.errors import InputRejected
from assistant.settings import Settings
from evals.bench.attacks.zips import parts_of, write_zip
from ingest.build import Origin, build_document, build_rows
from ingest.columns import map_table
from ingest.options import IngestOptions
from ingest.recognise import Opened, open_file

EXAMPLES = 2_000
"""Of each parser and each way to damage its files."""
EXAMPLES_OF_A_LAYOUT = 400
"""Of each layout that a parser with examples of its own reads: what differs is only what its columns mean."""
_MAX_CPU_S = 5.0
"""For a file of some kilobytes: a hang, not slowness."""
_MAX_FIELD = 20_000
_ODD = (b"\0", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"<", b">", b"&#0;", b"\r", b"\n\n", b"\\u0000", b"[" * 50, b"9" * 30, b"]]>", b"obj", b"--", b"From ", b"=?utf-8?b?", b"1e999", b"\x1b", "٣".encode(), "é".encode("cp1252"))  # fmt: skip


def fresh(path: Path) -> Path:
    """The path, for another file than the one that stood there.

    A file that is cut to nothing and written again goes to the disk at once (ext4: 3 ms each time), a new one doesn't.
    """
    path.unlink(missing_ok=True)
    return path


@cache
def settings_at(home: Path, **given: int) -> Settings:
    """Settings, made once: to look for them in the environment takes as long as to read a small file."""
    return Settings(home=home, **given)


def mutated(base: bytes, chance: random.Random) -> bytes:
    """One to six changes: bytes flipped, cut, inserted, doubled, moved, or the end cut off."""
    content = bytearray(base)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        span = chance.choice((1, 1, 2, 8, 40, 400))
        match chance.randrange(6):
            case 0 if content:
                content[min(at, len(content) - 1)] = chance.randrange(256)
            case 1:
                del content[at : at + span]
            case 2:
                content[at:at] = chance.choice((*_ODD, chance.randbytes(span)))
            case 3:
                content[at:at] = content[at : at + span] * chance.choice((1, 1, 2, 9))
            case 4:
                to = chance.randrange(len(content) + 1)
                piece = content[at : at + span]
                del content[at : at + span]
                content[to:to] = piece
            case _:
                if chance.random() < 0.3:
                    del content[at:]
    return bytes(content)


def mutated_xml(content: bytes, chance: random.Random) -> bytes:
    """One to six elements removed, doubled, moved, emptied, renamed, or with another text or attribute; still XML."""
    root = etree.fromstring(content)
    for _ in range(chance.randint(1, 6)):
        elements = list(root.iter())
        one, other = chance.choice(elements), chance.choice(elements)
        parent = one.getparent()
        odd = chance.choice(("", "-1", "99999999999", "x", "rId9", "٣", "/", "../a", "true"))
        match chance.randrange(7):
            case 0 if parent is not None:
                parent.remove(one)
            case 1:
                other.append(copy.deepcopy(one))
            case 2 if parent is not None and one not in other.iterancestors() and one is not other:
                other.append(one)
            case 3:
                one.clear()
            case 4 if one.attrib:
                one.set(chance.choice(sorted(one.attrib)), odd)
            case 5 if one.attrib:
                del one.attrib[chance.choice(sorted(one.attrib))]
            case _:
                one.tag = other.tag if chance.random() < 0.5 else one.tag
                one.text = odd
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def mutated_zip(files: Mapping[str, bytes], path: Path, chance: random.Random) -> None:
    """Write a container of which bytes, or parts, or the names of parts are changed."""
    parts = dict(files)
    way = chance.randrange(4)
    if way <= 1:
        # The longest part is what the others only lead to.
        longest = max(sorted(parts), key=lambda name: len(parts[name]))
        chosen = [longest] if chance.random() < 0.6 else chance.sample(sorted(parts), min(2, len(parts)))
        for name in chosen:
            # Damaged bytes are hardly ever XML; damaged elements are.
            is_xml = parts[name].startswith(b"<?xml") and chance.random() < 0.8
            parts[name] = (mutated_xml if is_xml else mutated)(parts[name], chance)
    elif way == 2:
        name = chance.choice(sorted(parts))
        content = parts.pop(name)
        if chance.random() < 0.7:
            odd = (
                name.upper(),
                name + "\0.png",
                "../" + name,
                "a/" + name,
                name[:-1],
                chance.choice(sorted(files)),
            )
            parts[chance.choice(odd)] = chance.choice((content, b"", *files.values()))
    write_zip(fresh(path), parts_of(parts))
    if way == 3:
        content = path.read_bytes()
        fresh(path).write_bytes(mutated(content, chance))


def read_or_refused(path: Path) -> str:
    """Read a file up to its records.

    Returns: `refused`, `rows` or `document`. Anything but a refusal with a sentence and a hint, rows that add up, or a document
        with its places in order is a failed assertion, or the exception itself.
    """
    started = time.process_time()
    refused: InputRejected | None = None
    try:
        told = _read(path)
    except InputRejected as refusal:
        told, refused = "refused", refusal
    assert time.process_time() - started < _MAX_CPU_S
    if refused is not None:
        assert refused.message.endswith("."), refused.message
        assert refused.hint.endswith("."), refused.hint
    return told


def _read(path: Path) -> str:
    opened = open_file(path, settings_at(path.parent, max_field_chars=_MAX_FIELD))
    if opened.connector is not None:
        try:
            return _read_rows(opened)
        except InputRejected:
            if opened.parser is None:
                raise
    return _read_document(opened)


def _read_rows(opened: Opened) -> str:
    connector = opened.connector
    assert connector is not None
    rows = list(connector.rows())
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all(bool(row.problem) or bool(row.cells) for row in rows)
    mapping, total = map_table(opened, connector, IngestOptions())
    assert total == len(rows)
    origin = Origin("w", "s", RecordKind.customer)
    for row, built in zip(rows, build_rows(rows, mapping, origin), strict=True):
        assert built.problem == row.problem
        for candidate in built.candidates:
            candidate.record.raw.encode("utf-8")
            assert all(0 <= a < b <= len(candidate.record.raw) for a, b in candidate.own or ())
    return "rows"


def _read_document(opened: Opened) -> str:
    assert opened.parser is not None
    document = opened.parser(opened.path)
    document.text.encode("utf-8")
    assert document.text.strip()
    end = 0
    for anchor in document.anchors:
        assert end <= anchor.start < anchor.end <= len(document.text)
        end = anchor.end
    build_document(document, opened.path.stem, Origin("w", "s", RecordKind.customer))
    return "document"


Write = Callable[[Path, random.Random], None]
"""Writes a damaged file."""


def damaged(base: bytes) -> Write:
    """Of the bytes of one file."""

    def write(path: Path, chance: random.Random) -> None:
        fresh(path).write_bytes(mutated(base, chance))

    return write


def damaged_zip(files: Mapping[str, bytes]) -> Write:
    """Of the parts of a container."""
    return lambda path, chance: mutated_zip(files, path, chance)
