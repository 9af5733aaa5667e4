"""Resources: a record, a draft, a theme by its address; listed are the newest drafts and the largest themes."""

import re

from mcp_types import Resource, ResourceTemplate

from api.tools import drafts, evidence, themes
from api.tools.caller import Caller
from api.tools.shapes import NOTICE, draft_uri
from assistant.errors import NotFound

_LISTED = 20
_MARKDOWN, _JSON = "text/markdown", "application/json"
_URI = re.compile(r"(evidence|draft|theme)://([A-Za-z0-9_.\-]{1,200})/?\Z")

TEMPLATES = [
    ResourceTemplate(
        uri_template="evidence://{record_id}",
        name="evidence",
        title="A record",
        description=f"One piece of feedback or one document in full, with what is known about it. {NOTICE}",
        mime_type=_JSON,
    ),
    ResourceTemplate(
        uri_template="draft://{draft_id}",
        name="draft",
        title="A draft",
        description="The newest version of a draft with its verdict, quotes and numbers.",
        mime_type=_MARKDOWN,
    ),
    ResourceTemplate(
        uri_template="theme://{theme_id}",
        name="theme",
        title="A theme",
        description=f"What is known of a theme: people, quotes, parts, trend. {NOTICE}",
        mime_type=_JSON,
    ),
]


def listed(caller: Caller) -> list[Resource]:
    """The newest drafts and the largest themes. Raises: StoreError."""
    with caller.service.benches.use(caller.workspace) as bench:
        written = drafts.newest(bench, _LISTED)
        spoken = themes.list_themes(bench, themes.ThemesAsked(limit=_LISTED))
    return [
        *(
            Resource(
                uri=draft_uri(one.draft_id),
                name=one.draft_id,
                title=one.title,
                description=f"{one.kind}, version {one.version}: {one.verdict or 'not checked'}",
                mime_type=_MARKDOWN,
            )
            for one in written
        ),
        *(
            Resource(
                uri=one.uri,
                name=one.id,
                title=one.name or ", ".join(one.keywords[:3]),
                description=f"Theme of {one.people:,} people in {one.records:,} records",
                mime_type=_JSON,
            )
            for one in spoken.themes
        ),
    ]


def read(caller: Caller, uri: str) -> tuple[str, str]:
    """Media type and text of a resource. Raises: NotFound; HttpProblem where a draft isn't written; StoreError."""
    found = _URI.match(uri)
    if found is None:
        raise NotFound(
            f"There is no resource '{uri[:80]}'.",
            hint="Read evidence://…, draft://… or theme://… with an id.",
        )
    kind, name = found.groups()
    with caller.service.benches.use(caller.workspace) as bench:
        if kind == "draft":
            return _MARKDOWN, drafts.draft_markdown(bench, drafts.draft_of(caller, bench, name))
        if kind == "theme":
            return _JSON, themes.get_theme(bench, themes.ThemeAsked(theme=name)).model_dump_json()
        return _JSON, evidence.get_record(
            bench, evidence.RecordAsked(record_id=name, limit=200_000)
        ).model_dump_json()
