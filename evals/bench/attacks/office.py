"""Small Office files, written part by part, so that each part can be an attack."""

from collections.abc import Callable

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FORMAT = "application/vnd.openxmlformats-officedocument"


def _types(**kinds: str) -> bytes:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    defaults += '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{_HEAD}<Types xmlns="{_TYPES}">{defaults}{overrides}</Types>'.encode()


def _rels(*targets: tuple[str, str]) -> bytes:
    inner = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELS}">{inner}</Relationships>'.encode()


def word(
    body: str = "<w:p><w:r><w:t>Exports are slow.</w:t></w:r></w:p>", head: str = _HEAD
) -> dict[str, bytes]:
    """Parts of a Word document with this body."""
    return {
        "[Content_Types].xml": _types(
            **{"word/document.xml": f"{_FORMAT}.wordprocessingml.document.main+xml"}
        ),
        "_rels/.rels": _rels(("officeDocument", "word/document.xml")),
        "word/document.xml": f'{head}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'.encode(),
    }


def slides(
    shapes: str = "<p:sp><p:nvSpPr><p:cNvPr id='2' name='a'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>"
    "<a:p><a:r><a:t>Exports are slow.</a:t></a:r></a:p></p:txBody></p:sp>",
    head: str = _HEAD,
    count: int = 1,
) -> dict[str, bytes]:
    """Parts of a presentation whose slides hold these shapes."""
    names = [f"slides/slide{place}.xml" for place in range(1, count + 1)]
    tree = f"<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id='1' name=''/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree></p:cSld>"
    spaces = f'xmlns:p="{_SLIDES}" xmlns:a="{_DRAWING}" xmlns:r="{_OFFICE}"'
    listed = "".join(f'<p:sldId id="{255 + place}" r:id="rId{place}"/>' for place in range(1, count + 1))
    kinds = {f"ppt/{name}": f"{_FORMAT}.presentationml.slide+xml" for name in names}
    return {
        "[Content_Types].xml": _types(
            **{"ppt/presentation.xml": f"{_FORMAT}.presentationml.presentation.main+xml"} | kinds
        ),
        "_rels/.rels": _rels(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"{_HEAD}<p:presentation {spaces}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>".encode(),
        "ppt/_rels/presentation.xml.rels": _rels(*(("slide", name) for name in names)),
        **{f"ppt/{name}": f"{head}<p:sld {spaces}>{tree}</p:sld>".encode() for name in names},
    }


_ROWS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>comment</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Exports are slow.</t></is></c></row>'
)


def sheets(
    rows: str = _ROWS,
    head: str = _HEAD,
    count: int = 1,
    place: str = "worksheets/sheet{}.xml",
    before: str = "",
) -> dict[str, bytes]:
    """Parts of a workbook whose sheets hold these rows. Args: place: of the sheets; before: what stands before their data."""
    names = [place.format(number) for number in range(1, count + 1)]
    listed = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="rId{number}"/>' for number in range(1, count + 1)
    )
    kinds = {f"xl/{name}": f"{_FORMAT}.spreadsheetml.worksheet+xml" for name in names}
    sheet = f'{head}<worksheet xmlns="{_SHEETS}">{before}<sheetData>{rows}</sheetData></worksheet>'
    return {
        "[Content_Types].xml": _types(
            **{"xl/workbook.xml": f"{_FORMAT}.spreadsheetml.sheet.main+xml"} | kinds
        ),
        "_rels/.rels": _rels(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": _rels(*(("worksheet", name) for name in names)),
        **{f"xl/{name}": sheet.encode() for name in names},
    }


FORMATS: dict[str, Callable[..., dict[str, bytes]]] = {"docx": word, "pptx": slides, "xlsx": sheets}
MAIN_PARTS = {
    "docx": "word/document.xml",
    "pptx": "ppt/slides/slide1.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
}
