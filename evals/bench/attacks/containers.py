"""Bombs and tricks in ZIP containers and their XML."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from evals.bench.attacks.office import FORMATS, MAIN_PARTS
from evals.bench.attacks.port import Attack, Outcome
from evals.bench.attacks.zips import Part, endless, parts_of, stored, write_zip

_GIB = 1 << 30
_SYMLINK = 0o120777 << 16
_USERS = b'[{"id": "U1", "name": "ana"}]'
_DAY = b'[{"type": "message", "user": "U1", "ts": "1767261600.000100", "text": "Exports are slow."}]'
_SLACK = {"users.json": _USERS, "channels.json": b"[]", "general/2026-01-01.json": _DAY}
_CELL = '<row r="{row}"><c r="{place}"><v>1</v></c></row>'


def _zip(
    name: str, parts: Callable[[], Iterable[Part]], outcome: Outcome = "refused", overlap: int = 1
) -> Attack:
    return Attack(name, lambda path: write_zip(path, parts(), overlap=overlap), outcome)


def _with(kind: str, *more: Part) -> list[Part]:
    return [*parts_of(FORMATS[kind]()), *more]


def _replaced(kind: str, change: Callable[[bytes], bytes], part: str = "") -> list[Part]:
    files = FORMATS[kind]()
    name = part or MAIN_PARTS[kind]
    files[name] = change(files[name])
    return list(parts_of(files))


def _declared(content: bytes, declaration: str, use: str) -> bytes:
    head, _, rest = content.partition(b"?>")
    return head + b"?>" + declaration.encode() + rest.replace(b"Exports are slow.", use.encode())


def _laughs(content: bytes) -> bytes:
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return _declared(content, f'<!DOCTYPE x [<!ENTITY a0 "lol">{inner}]>', "&a9;")


def _quadratic(content: bytes) -> bytes:
    return _declared(content, f'<!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>', "&a;" * 100_000)


def _external(content: bytes) -> bytes:
    return _declared(content, '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;")


def _in_utf16(content: bytes) -> bytes:
    return _laughs(content).decode().replace("UTF-8", "UTF-16").encode("utf-16")


def _in_utf7(content: bytes) -> bytes:
    plain = _laughs(content).decode().replace("UTF-8", "UTF-7")
    head, _, rest = plain.partition("?>")
    return f"{head}?>".encode() + rest.replace("<!", "+ADwAIQ-").encode()


def _in_ebcdic(content: bytes) -> bytes:
    return _laughs(content).decode().replace("UTF-8", "IBM037").encode("cp037")


_XML = {"laughs": _laughs, "quadratic": _quadratic, "external": _external, "utf16": _in_utf16, "utf7": _in_utf7, "ebcdic": _in_ebcdic}  # fmt: skip


def _nested(depth: int) -> bytes:
    """ZIPs in ZIPs, sixteen each, as 42.zip is."""
    content = b"\0" * (1 << 22)
    for level in range(depth):
        content = _zipped([stored(f"lib {n}.zip" if level else f"{n}.dll", content) for n in range(16)])
    return content


def _zipped(parts: list[Part]) -> bytes:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, "a.zip")
        write_zip(path, parts)
        return path.read_bytes()


def _shaped(rows: str, **options: str) -> Callable[[], Iterable[Part]]:
    return lambda: parts_of(FORMATS["xlsx"](rows, **options))


def _endless_parts(kind: str, claims: int | None) -> Iterable[Part]:
    main = MAIN_PARTS[kind]
    files = {name: content for name, content in FORMATS[kind]().items() if name != main}
    return [*parts_of(files), endless(main, 10 * _GIB, claims=claims)]


def _slack(*more: Part) -> list[Part]:
    return [*parts_of(_SLACK), *more]


def archives() -> list[Attack]:
    """What a container can do before its parts are looked at."""
    many = [f"word/media/{n}.png" for n in range(100_000)]
    found = [
        _zip("nested.zip", lambda: [stored(f"{n}.zip", _nested(3)) for n in range(16)]),
        _zip("nested.docx", lambda: _with("docx", *(stored(f"word/{n}.zip", _nested(3)) for n in range(16))), "read"),
        _zip("overlapping.docx", lambda: [stored("word/document.xml", b"\0" * (4 << 20))], overlap=4_000),
        _zip("crowded.docx", lambda: _with("docx", *(stored(name, b"") for name in many))),
        _zip("crowded.zip", lambda: _slack(*(stored(f"general/{n}.json", b"") for n in range(100_000)))),
        _zip("zeros.zip", lambda: _slack(endless("general/2026-01-02.json", 10 * _GIB))),
        _zip("lying.zip", lambda: _slack(endless("general/2026-01-02.json", 10 * _GIB, claims=1_000))),
        _zip("blanks.zip", lambda: _slack(endless("general/2026-01-02.json", 10 * _GIB, claims=99, fill=b" "))),
        _zip("many-bombs.docx", lambda: _with("docx", *(stored(f"word/{n}.xml", b" " * (4 << 20)) for n in range(120)))),
    ]  # fmt: skip
    for kind in FORMATS:
        found += [
            _zip(f"zeros.{kind}", partial(_endless_parts, kind, None)),
            _zip(f"lying-zeros.{kind}", partial(_endless_parts, kind, 1_000)),
        ]
    names = {"up": "../../evil.txt", "absolute": "/etc/evil", "drive": "C:\\evil", "back": "..\\..\\evil"}
    for label, name in names.items():
        found += [_zip(f"{label}.docx", partial(_with, "docx", stored(name, b"x")))]
        found += [_zip(f"{label}.zip", partial(_slack, stored(name, b"x")))]
    for kind in ("docx", "xlsx", "pptx"):
        main = MAIN_PARTS[kind]
        found += [
            _zip(f"link.{kind}", partial(_with, kind, stored("word/link", b"/etc/passwd", attributes=_SYMLINK))),
            _zip(f"twice.{kind}", partial(_with, kind, stored(main, FORMATS[kind]()[main]))),
            _zip(f"case.{kind}", partial(_with, kind, stored(main.upper(), FORMATS[kind]()[main]))),
            _zip(f"nul.{kind}", partial(_with, kind, stored(f"{main}\0.png", b"x"))),
        ]  # fmt: skip
    return found


def markup() -> list[Attack]:
    """What the XML in a container can do."""
    found = [
        _zip(f"{label}.{kind}", partial(_replaced, kind, change))
        for label, change in _XML.items()
        for kind in FORMATS
    ]
    found += [
        _zip(f"laughs-{label}.{kind}", partial(_replaced, kind, _laughs, part))
        for kind in FORMATS
        for label, part in (("types", "[Content_Types].xml"), ("rels", "_rels/.rels"))
    ]
    found += [
        _zip("deep.docx", lambda: parts_of(FORMATS["docx"]("<w:sdt><w:sdtContent>" * 100_000))),
        _zip("deep.pptx", lambda: parts_of(FORMATS["pptx"]("<p:grpSp>" * 100_000))),
        _zip("giant.pptx", lambda: parts_of(FORMATS["pptx"]("<p:sp><p:nvSpPr/></p:sp>" * 600_000))),
        _zip("flood.pptx", lambda: parts_of(FORMATS["pptx"](count=4_000))),
        _zip("flood.docx", lambda: parts_of(FORMATS["docx"]("<w:p><w:r><w:t>slow</w:t></w:r></w:p>" * 300_000))),
        _zip("attributes.docx", lambda: parts_of(FORMATS["docx"](
            f"<w:p {' '.join(f'a{n}=&quot;&quot;'.replace('&quot;', chr(34)) for n in range(200_000))}/>"))),
    ]  # fmt: skip
    return found


def workbooks() -> list[Attack]:
    """What the sheets of a workbook can claim."""
    row = _CELL.format(row=1, place="A1")
    far = row + _CELL.format(row=1_048_576, place="XFD1048576")
    wide = f'<row r="1">{"".join(f"<c><v>{n}</v></c>" for n in range(100_000))}</row>'
    return [
        _zip("far.xlsx", _shaped(far)),
        _zip("far-hidden.xlsx", _shaped(far, place="data/part{}.bin")),
        _zip("beyond.xlsx", _shaped(row + _CELL.format(row=4_000_000_000, place="ZZZZZZ4000000000"))),
        _zip("columns.xlsx", _shaped(wide)),
        _zip("unplaced.xlsx", _shaped(f'<row r="1">{"<c><v>1</v></c>" * 9_000}</row><row r="1048576"><c><v>1</v></c></row>')),
        _zip("alike.xlsx", _shaped("".join(f'<row r="{n}">{"<c><v>1</v></c>" * 100}</row>' for n in range(1, 100_000)))),
        _zip("tall.xlsx", _shaped(row + "".join(_CELL.format(row=n * 1_000, place=f"AAA{n * 1_000}") for n in range(1, 1_000)))),
        _zip("dimension.xlsx", _shaped(row, before='<dimension ref="A1:XFD1048576"/>'), "read"),
        _zip("many-sheets.xlsx", lambda: parts_of(FORMATS["xlsx"](count=100_000))),
        _zip("some-sheets.xlsx", lambda: parts_of(FORMATS["xlsx"](row, count=4_900))),
        _zip("rows.xlsx", _shaped("<row/>" * 2_000_000)),
    ]  # fmt: skip
