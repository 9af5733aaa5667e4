"""Documents of two fictional competitors: a pricing page and a help article."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import cast

import docx
import yaml

_FOLDER = Path(__file__).parent / "texts"
_STYLES = {"p": None, "h1": "Heading 1", "h2": "Heading 2", "b": "List Bullet", "n": "List Number"}
FIXED_TIME = (2026, 8, 17, 9, 0, 0)
"""Of every member of an archive, so that the same content has the same bytes."""


def boardly_pricing() -> bytes:
    """The HTML page."""
    return (_FOLDER / "boardly_pricing.html").read_bytes()


def flowdeck_export_guide() -> bytes:
    """The DOCX file."""
    data = yaml.safe_load((_FOLDER / "_flowdeck_export_guide.yaml").read_text(encoding="utf-8"))
    document = docx.Document()
    document.add_heading(str(data["title"]), level=0)
    for style, content in data["blocks"]:
        if style == "table":
            _add_table(document, cast(list[list[str]], content))
        else:
            document.add_paragraph(str(content), style=_STYLES[style])
    properties = document.core_properties
    properties.title, properties.author = str(data["title"]), "Flowdeck"
    properties.created = properties.modified = datetime(*FIXED_TIME)
    buffer = io.BytesIO()
    document.save(buffer)
    return fixed_zip(_members(buffer.getvalue()))


def _add_table(document: "docx.document.Document", rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def fixed_zip(members: dict[str, bytes]) -> bytes:
    """Pack members with fixed times.

    Stored without compression: zlib builds differ in the bytes they give for the same content.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.create_system = 3
            packed.writestr(info, content)
    return buffer.getvalue()
