"""Documents that are small on disk, or nest without end: PDF, HTML, JSON, mail, Markdown."""

import base64
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from evals.bench.attacks.port import Attack, Outcome, text

_GIB = 1 << 30
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(
    content: bytes, more: bytes = b"", *, filters: bytes = b"/FlateDecode", packed: bool = False
) -> bytes:
    """A PDF stream object. Args: packed: whether the content went through its filters already."""
    body = content if packed else zlib.compress(content, 9)
    return b"<</Filter%s/Length %d%s>>\nstream\n%s\nendstream" % (filters, len(body), more, body)


def pdf(objects: Mapping[int, bytes] | None = None, *, trailer: bytes = b"") -> bytes:
    """A PDF of one page with some of its objects replaced, or more of them."""
    held = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: _PAGE,
        4: stream(b"BT /F 9 Tf (Exports are slow.) Tj ET"),
        5: _FONT,
        6: stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"),
    } | dict(objects or {})
    body = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in held.items():
        places[number] = len(body)
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(body)
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
    end = b"xref\n0 1\n0000000000 65535 f \n%strailer <</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
    return bytes(body) + end % (rows, max(held) + 1, trailer, start)


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(b" " * (1 << 20)) for _ in range(size >> 20)), packer.flush()])


def _chain(length: int) -> dict[int, bytes]:
    nodes = {
        10 + n: b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (9 + n, 11 + n) for n in range(length)
    }
    return {2: b"<</Type/Pages/Kids[10 0 R]/Count 1>>", **nodes, 10 + length: _PAGE}


def _image(declared: int) -> bytes:
    more = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB" % (
        declared,
        declared,
    )
    return stream(_bomb(200 << 20), more, packed=True)


def _font(to_unicode: bytes) -> dict[int, bytes]:
    return {5: _FONT[:-2] + b"/ToUnicode 7 0 R>>", 7: stream(to_unicode)}


_RANGES = b"1 begincodespacerange <0000><FFFF> endcodespacerange\n"


def pdfs() -> list[Attack]:
    """What pypdf could be made to do without end."""
    loop = {2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}
    wide = {2: b"<</Type/Pages/Kids[%s]/Count 1000000>>" % (b"3 0 R " * 1_000_000)}
    orders = stream(b"BT (x) Tj ET\n" * 2_000_000)
    itself = stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 6 0 R>>>>")
    twice = {
        4: stream(b"/X Do"),
        **{6 + n: stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X %d 0 R>>>>" % (7 + n)) for n in range(40)},
        46: stream(b"BT /F 9 Tf (x) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"),
    }  # fmt: skip
    found: dict[str, tuple[Callable[[], bytes], Outcome]] = {
        "page-loop": (lambda: pdf(loop), "refused"),
        "page-loop-two": (lambda: pdf({2: b"<</Type/Pages/Kids[7 0 R]/Count 1>>", 7: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}), "refused"),
        "page-chain": (lambda: pdf(_chain(50_000)), "refused"),
        "page-many": (lambda: pdf(wide), "refused"),
        "page-count": (lambda: pdf({2: b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"}), "read"),
        "bomb": (lambda: pdf({4: stream(_bomb(_GIB), packed=True)}), "refused"),
        "bomb-twice": (lambda: pdf({4: stream(_bomb(_GIB), filters=b"[/FlateDecode/FlateDecode]")}), "refused"),
        "bomb-many": (lambda: pdf({3: _PAGE.replace(b"4 0 R", b"[%s]" % (b"4 0 R " * 4_000)), 4: stream(_bomb(15 << 20), packed=True)}), "refused"),
        "orders": (lambda: pdf({4: orders}), "refused"),
        "image": (lambda: pdf({4: stream(b"/X Do BT /F 9 Tf (Exports are slow.) Tj ET"), 6: _image(100_000)}), "read"),
        "form-itself": (lambda: pdf({4: stream(b"/X Do BT /F 9 Tf (Exports are slow.) Tj ET"), 6: itself}), "read"),
        "form-doubling": (lambda: pdf(twice), "refused"),
        "object-stream": (lambda: pdf({7: stream(b"7 0 " * 10, b"/Type/ObjStm/N 1000000000/First 4")}, trailer=b"/Info 7 0 R"), "read"),
        "object-stream-itself": (lambda: pdf({2: b"<</Type/Pages/Kids 7 0 R/Count 1>>", 7: stream(b"7 0 [3 0 R]", b"/Type/ObjStm/N 1/First 4/Extends 7 0 R")}), "refused"),
        "previous-itself": (lambda: pdf(trailer=b"/Prev 9"), "read"),
        "length-itself": (lambda: pdf({4: b"<</Length 4 0 R>>\nstream\nBT ET\nendstream"}), "refused"),
        "cmap-range": (lambda: pdf(_font(_RANGES + b"1 beginbfrange <0000><FFFFFFFF><0000> endbfrange")), "refused"),
        "cmap-ranges": (lambda: pdf(_font(_RANGES + b"100 beginbfrange " + b"<0000><FFFF><0000>\n" * 20_000 + b"endbfrange")), "refused"),
        "nested-arrays": (lambda: pdf({7: b"[" * 100_000}, trailer=b"/Info 7 0 R"), "refused"),
        "nested-orders": (lambda: pdf({4: stream(b"[" * 1_000_000)}), "refused"),
        "no-table": (lambda: b"%PDF-1.7\n" + b"1 0 obj\n<</Type/Catalog>>\nendobj\n" * 300_000, "refused"),
        "blanks": (lambda: b"%PDF-1.7\n" + b" " * (150 << 20), "refused"),
        "words": (lambda: b"%PDF-1.7\n" + b"obj endobj xref " * (1 << 20), "refused"),
    }  # fmt: skip
    return [text(f"{name}.pdf", make, outcome) for name, (make, outcome) in found.items()]


def _repeated(
    name: str, head: bytes, block: bytes, tail: bytes, outcome: Outcome = "refused", within_s: float = 1.0
) -> Attack:
    """A file of a gigabyte, written piece by piece."""

    def write(path: Path) -> None:
        piece = block * ((1 << 20) // len(block))
        with path.open("wb") as file:
            file.write(head)
            for _ in range(_GIB // len(piece)):
                file.write(piece)
            file.write(tail)

    return Attack(name, write, outcome, within_s)


def gigabytes() -> list[Attack]:
    """A field or a line of a gigabyte in every format of text."""
    table = b"id,comment\n1,The export fails again and again\n2,"
    after = b"\n3,And the login is slow as well\n"
    return [
        _repeated("quoted.csv", table + b'"', b"a", b'"' + after),
        _repeated(
            "quoted-lines.csv", table + b'"', b"a line of it\n", b'"' + after, "rejected", within_s=3.0
        ),
        _repeated("unquoted.csv", table, b"a", after),
        _repeated("never-closed.csv", table + b'"', b"a", b""),
        _repeated("commas.csv", table, b"a,", after),
        _repeated("one-line.csv", b"", b"a", b""),
        _repeated("one-line.tsv", b"id\tcomment\n1\t", b"a", b""),
        _repeated("array.json", b'["', b"a", b'"]'),
        _repeated("field.json", b'[{"text": "', b"a", b'"}]'),
        _repeated("field.jsonl", b'{"text": "good"}\n{"text": "', b"a", b'"}\n{"text": "good"}\n'),
        _repeated("one-line.jsonl", b'{"text": "', b"a", b""),
        _repeated("one-line.txt", b"", b"a", b""),
        _repeated("one-line.md", b"# ", b"a", b""),
        _repeated("one-line.html", b"<p>", b"a", b""),
        _repeated("one-tag.html", b"<p ", b"a", b">"),
        _repeated("one-line.eml", b"Subject: a\n\n", b"a", b""),
        _repeated("one-header.eml", b"Subject: ", b"a", b"\n\ntext"),
        _repeated("one-line.mbox", b"From ana Thu Jan  1 10:00:00 2026\nSubject: a\n\n", b"a", b""),
        _repeated("chat.txt", b"[2026-03-01 10:22] Ana: b\n" * 3 + b"[2026-03-01 10:23] Ben: ", b"a", b""),
        _repeated("binary.csv", b"", bytes(range(256)), b""),
        _repeated("zeros.txt", b"", b"\0", b""),
    ]


def nested() -> list[Attack]:
    """A hundred thousand levels, columns or parts."""
    columns = range(100_000)
    deep = 100_000
    return [
        text("arrays.json", lambda: "[" * deep + "]" * deep),
        text("objects.json", lambda: '{"a":' * deep + "1" + "}" * deep),
        text("arrays.jsonl", lambda: '{"text": "good"}\n' + "[" * deep + "]" * deep, "rejected"),
        text("keys.json", lambda: "[{" + ",".join(f'"k{n}":1' for n in columns) + "}]"),
        text("divs.html", lambda: "<div>" * deep + "x" + "</div>" * deep),
        text("bolds.html", lambda: "<b>" * deep + "x"),
        text("flood.html", lambda: "<p>x</p>" * 300_000),
        text("formatted.html", lambda: "".join(f"<b id={n}>" for n in range(500)) + "<p>x</p>" * 50_000),
        text("attributes.html", lambda: f"<p {' '.join(f'a{n}=1' for n in range(200_000))}>x</p>"),
        text("tables.html", lambda: "<table><tr><td>" * deep + "x"),
        text("selects.html", lambda: "<select><option>" * deep + "x"),
        text("foreign.html", lambda: "<svg><foreignObject>" * deep + "x"),
        text("templates.html", lambda: "<template>" * deep + "x"),
        text("comments.html", lambda: "<p>x" + "<!--" * 2_000_000),
        text("comment.html", lambda: "<p>x" + "<!--" * 200_000, "read"),
        text("entities.html", lambda: "<p>" + "&amp;" * 900_000, "read", 5.0),
        text("columns.csv", lambda: ",".join(f"c{n}" for n in columns) + "\n" + ",".join("x" for _ in columns)),
        text("wide-row.csv", lambda: "id,text\n1,The export fails\n2," + "x," * 1_000_000 + "\n", "rejected"),
        text("headings.md", lambda: "# a\n" * 500_000),
        text("large.md", lambda: "word " * 5_000_000),
        text("quotes.md", lambda: ">" * 1_000_000 + " x", "read"),
        text("brackets.md", lambda: "# " + "[" * 1_000_000 + "x", "read"),
        text("parts.eml", lambda: _multiparts(1_000), "rejected"),
        text("messages.eml", lambda: "Subject: a\nContent-Type: message/rfc822\n\n" * 1_000 + "Exports are slow.", "rejected"),
        text("base64.eml", lambda: _attached(30 << 20), "read"),
        text("base64-text.eml", lambda: _attached(30 << 20, kind="text/plain", name=""), "rejected"),
        text("boundary.eml", lambda: "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 4_000, "read"),
        text("boundaries.eml", lambda: "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n" * 2_000_000, "rejected"),
        text("headers.eml", lambda: "".join(f"X-{n}: a\n" for n in range(500_000)) + "\nExports are slow.", "rejected"),
        text("folded.eml", lambda: "Subject: a\n" + " b\n" * 2_000_000 + "\nExports are slow.", "rejected"),
        text("encoded.eml", lambda: "Subject: " + "=?utf-8?q?a?= " * 50_000 + "\n\nExports are slow.", "read"),
        text("attributions.eml", lambda: "Subject: a\n\nSlow.\n" + "On 1 May Ben wrote:\n> a\n" * 40_000, "read"),
        text("quotes.eml", lambda: "Subject: a\n\n" + "On x\n" * 180_000, "read"),
    ]  # fmt: skip


def _multiparts(depth: int) -> str:
    heads = [f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth)]
    return (
        "Subject: a\n"
        + "".join(heads)
        + "\nExports are slow.\n"
        + "".join(f"--b{n}--\n" for n in reversed(range(depth)))
    )


def _attached(size: int, kind: str = "application/zip", name: str = "; name=a.zip") -> bytes:
    coded = base64.encodebytes(b"a" * (size * 3 // 4 // 57 * 57))
    head = "From: ana@example.com\nSubject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nExports are slow.\n--b\n"
    part = f"Content-Type: {kind}{name}\nContent-Transfer-Encoding: base64\n\n"
    return (head + part).encode() + coded[: size - 2000] + b"\n--b--\n"
