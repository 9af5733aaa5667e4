"""The items of a draft as ReqIF 1.2, which requirement tools exchange: one specification, one object per item."""

from collections.abc import Mapping
from datetime import UTC, datetime

from lxml import etree

from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.drafting.formats.items import Item, items_of
from assistant.drafting.formats.tree import plain
from assistant.drafting.formats.words import legal

_NAMESPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
_COLUMNS = {
    "ReqIF.ForeignID": "id",
    "Type": "type",
    "ReqIF.Name": "title",
    "ReqIF.Text": "text",
    "Acceptance criteria": "criteria",
    "Priority": "priority",
    "Reason": "reason",
    "Bound": "bound",
    "Stories": "stories",
    "Assumptions": "assumptions",
    "Rests on": "rests_on",
    "Quotes": "quotes",
}
"""Attribute, as ReqIF's implementation guide names them where it does → part of an item. All are strings."""
_LONGEST = 1_000_000


def reqif(draft: Draft) -> bytes:
    """A `.reqif` file. Its times are that of the evidence: the same draft gives the same bytes."""
    moment = max(
        (fact.as_of for fact in draft.facts.values() if fact.as_of), default=datetime(2000, 1, 1, tzinfo=UTC)
    )
    maker = _Maker(draft, moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return bytes(etree.tostring(maker.document(), xml_declaration=True, encoding="UTF-8", pretty_print=True))


class _Maker:
    def __init__(self, draft: Draft, moment: str) -> None:
        self.draft = draft
        self.moment = moment
        self.items = items_of(draft)

    def document(self) -> etree._Element:
        root = etree.Element("REQ-IF", nsmap={None: _NAMESPACE})
        header = self.child(
            self.child(root, "THE-HEADER"), "REQ-IF-HEADER", {"IDENTIFIER": self.name("header")}
        )
        title = legal(plain(self.draft, self.draft.title))
        for tag, text in (
            ("COMMENT", f"Voxspec draft {self.draft.id}, version {self.draft.version}"),
            ("CREATION-TIME", self.moment),
            ("REQ-IF-TOOL-ID", "Voxspec"),
            ("REQ-IF-VERSION", "1.0"),
            ("SOURCE-TOOL-ID", "Voxspec"),
            ("TITLE", title),
        ):
            self.child(header, tag).text = text
        content = self.child(self.child(root, "CORE-CONTENT"), "REQ-IF-CONTENT")
        self.types(content)
        objects = self.child(content, "SPEC-OBJECTS")
        for place, item in enumerate(self.items):
            self.spec_object(objects, place, item)
        held = self.child(content, "SPECIFICATIONS")
        specification = self.identified(held, "SPECIFICATION", "specification", {"LONG-NAME": title})
        self.refer(specification, "TYPE", "SPECIFICATION-TYPE-REF", "specification-type")
        children = self.child(specification, "CHILDREN")
        for place, _ in enumerate(self.items):
            row = self.identified(children, "SPEC-HIERARCHY", f"row-{place}")
            self.refer(row, "OBJECT", "SPEC-OBJECT-REF", f"object-{place}")
        return root

    def types(self, content: etree._Element) -> None:
        more = {"LONG-NAME": "String", "MAX-LENGTH": str(_LONGEST)}
        self.identified(self.child(content, "DATATYPES"), "DATATYPE-DEFINITION-STRING", "string", more)
        kinds = self.child(content, "SPEC-TYPES")
        kind = self.identified(kinds, "SPEC-OBJECT-TYPE", "object-type", {"LONG-NAME": "Voxspec item"})
        attributes = self.child(kind, "SPEC-ATTRIBUTES")
        for name in _COLUMNS:
            one = self.identified(
                attributes, "ATTRIBUTE-DEFINITION-STRING", f"attribute-{name}", {"LONG-NAME": name}
            )
            self.refer(one, "TYPE", "DATATYPE-DEFINITION-STRING-REF", "string")
        self.identified(kinds, "SPECIFICATION-TYPE", "specification-type", {"LONG-NAME": "Voxspec draft"})

    def spec_object(self, objects: etree._Element, place: int, item: Item) -> None:
        one = self.identified(objects, "SPEC-OBJECT", f"object-{place}")
        values = self.child(one, "VALUES")
        for name, part in _COLUMNS.items():
            text = legal(getattr(item, part))
            if text:
                value = self.child(values, "ATTRIBUTE-VALUE-STRING", {"THE-VALUE": text[:_LONGEST]})
                self.refer(value, "DEFINITION", "ATTRIBUTE-DEFINITION-STRING-REF", f"attribute-{name}")
        self.refer(one, "TYPE", "SPEC-OBJECT-TYPE-REF", "object-type")

    def name(self, part: str) -> str:
        """An identifier as XML wants it: a letter first, the same for the same draft."""
        return f"_{digest(self.draft.id, self.draft.version, part, size=12)}"

    def identified(
        self, parent: etree._Element, tag: str, part: str, more: Mapping[str, str] | None = None
    ) -> etree._Element:
        return self.child(
            parent, tag, {"IDENTIFIER": self.name(part), "LAST-CHANGE": self.moment, **(more or {})}
        )

    def refer(self, parent: etree._Element, tag: str, reference: str, part: str) -> None:
        self.child(self.child(parent, tag), reference).text = self.name(part)

    @staticmethod
    def child(
        parent: etree._Element, tag: str, attributes: Mapping[str, str] | None = None
    ) -> etree._Element:
        return etree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}", dict(attributes or {}))
