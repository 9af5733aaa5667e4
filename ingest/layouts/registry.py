"""Which layouts there are."""

from ingest.layouts.delighted import delighted
from ingest.layouts.g2 import g2
from ingest.layouts.google_forms import google_forms
from ingest.layouts.google_play import google_play
from ingest.layouts.jira import jira
from ingest.layouts.linear import linear
from ingest.layouts.port import Shape, TableLayout, TableLook
from ingest.layouts.qualtrics import qualtrics
from ingest.layouts.surveymonkey import surveymonkey
from ingest.layouts.typeform import typeform
from ingest.layouts.zendesk_csv import zendesk_csv

TABLES: tuple[TableLayout, ...] = (
    qualtrics,
    surveymonkey,
    google_play,
    typeform,
    g2,
    jira,
    linear,
    zendesk_csv,
    delighted,
    google_forms,
)
"""Strongest signature first: of equal confidence, the first one wins."""


def recognise_table(look: TableLook) -> Shape | None:
    """The shape that fits best, or None."""
    shapes = [shape for layout in TABLES if (shape := layout(look)) is not None]
    return max(shapes, key=lambda shape: shape.confidence, default=None)
