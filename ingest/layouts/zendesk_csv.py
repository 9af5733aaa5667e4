"""Tickets from Zendesk's CSV export. It holds no ticket body: the subject is all that the customer says in it."""

from ingest.layouts.port import Shape, TableLook, fields_from, names_of

_FIELDS = {
    "external_id": ("id", "ticketid"),
    "said_at": ("createdat",),
    "author": ("requesteremail", "requesterid", "requester"),
    "account": ("organization", "organisation"),
    "segment.status": ("status",),
    "segment.priority": ("priority",),
    "segment.channel": ("via",),
    "segment.type": ("tickettype",),
    "segment.tags": ("tags",),
    "segment.satisfaction": ("satisfactionscore",),
}
_TYPICAL = ("summationcolumn", "requesterid", "requesteremail", "tickettype", "satisfactionscore", "via")
_NO_BODY = "a CSV export of Zendesk holds no ticket text, so the subjects were imported; the JSON export has the conversations"


def zendesk_csv(look: TableLook) -> Shape | None:
    """Id, requester and subject, with what only Zendesk adds: its summation column, or the channel under `Via`."""
    if not look.has("id", "requester", "subject", "status") or sum(key in look.keys for key in _TYPICAL) < 2:
        return None
    texts = fields_from(look, {"text": ("description", "ticketdescription"), "title": ("subject",)})
    if "text" not in texts:
        texts = {"text": texts["title"]}
    return Shape(
        layout="zendesk-csv",
        confidence=look.sureness(*_TYPICAL),
        columns=names_of(look),
        fields=texts | fields_from(look, _FIELDS),
        # Not the JSON export's: a ticket's subject must not take the place of its text, nor the other way about at each import.
        source="zendesk-csv",
        notes=() if "title" in texts else (_NO_BODY,),
    )
