"""Which layouts of JSON there are."""

from ingest.layouts.app_store import APP_STORE
from ingest.layouts.elements import ElementLayout
from ingest.layouts.github import GITHUB
from ingest.layouts.gong import GONG
from ingest.layouts.intercom import INTERCOM
from ingest.layouts.zendesk_json import ZENDESK

JSON_LAYOUTS: tuple[ElementLayout, ...] = (APP_STORE, INTERCOM, GONG, GITHUB, ZENDESK)
"""Strongest signature first: of equally sure ones, the first one wins."""
