"""What the service works with, row by row, for the page of settings: what each means here, and how it is set. No secret is shown."""

from dataclasses import dataclass

from api.access.gate import is_loopback
from assistant.settings import Settings
from assistant.workbench import Workbench


@dataclass(frozen=True)
class Row:
    """A setting with what it means here."""

    group: str
    name: str
    value: str
    note: str
    variable: str
    """How it is set."""


def setting_rows(bench: Workbench) -> list[Row]:
    """Model and its limits, privacy, access, places."""
    settings = bench.settings
    return [
        *_models(bench),
        *_limits(settings),
        *_privacy(settings),
        *_access(settings),
        *_places(settings),
    ]


def _models(bench: Workbench) -> list[Row]:
    settings = bench.settings
    is_local = settings.model == "extractive"
    held = bench.catalog.pages.embedder(bench.workspace)
    return [
        Row(
            "Model",
            "Writer",
            settings.model,
            "No model is asked: wording is cut from what customers said."
            if is_local
            else "A model words what the checks let through; quotes and numbers stay the code’s.",
            "VOXSPEC_MODEL",
        ),
        Row(
            "Model",
            "Model server",
            settings.openai_base_url or "none set",
            ""
            if is_local
            else f"Calls end after {settings.model_timeout_s:g} s, {settings.model_retries} are tried again.",
            "OPENAI_BASE_URL",
        ),
        Row("Model", "Key of the model", _is_set(settings.openai_api_key), "Never shown.", "OPENAI_API_KEY"),
        Row(
            "Model",
            "Judge",
            settings.judge,
            "Drafts are checked by code alone."
            if settings.judge == "off"
            else "Asked of each new draft what only a reader sees; it blocks only where its calibration card lets it.",
            "VOXSPEC_JUDGE",
        ),
        Row(
            "Model",
            "Embedder",
            settings.embedder,
            f"This workspace holds vectors of {held}." if held else "This workspace holds no vectors yet.",
            "VOXSPEC_EMBEDDER",
        ),
    ]


def _limits(settings: Settings) -> list[Row]:
    def most(tokens: int | None, dollars: float | None) -> str:
        told = [f"{tokens:,} tokens"] if tokens else []
        return " or ".join([*told, *([f"${dollars:,.2f}"] if dollars else [])]) or "no limit"

    prices = settings.price_in, settings.price_out
    return [
        Row(
            "Cost",
            "A turn or draft may take",
            most(settings.request_tokens, settings.request_usd),
            "What goes beyond is refused before it is asked.",
            "VOXSPEC_REQUEST_TOKENS, VOXSPEC_REQUEST_USD",
        ),
        Row(
            "Cost",
            "A day may take",
            most(settings.day_tokens, settings.day_usd),
            "Of this workspace, from midnight UTC.",
            "VOXSPEC_DAY_TOKENS, VOXSPEC_DAY_USD",
        ),
        Row(
            "Cost",
            "Price of a million tokens",
            "not set" if None in prices else f"${prices[0]:g} read, ${prices[1]:g} written",
            "Without it, costs are told in tokens alone.",
            "VOXSPEC_PRICE_IN, VOXSPEC_PRICE_OUT",
        ),
        Row(
            "Cost",
            "At once",
            f"{settings.max_turns:,} turns, {settings.max_answers:,} answers, {settings.max_streams:,} open streams",
            "One more is told when to come back.",
            "VOXSPEC_MAX_TURNS, VOXSPEC_MAX_ANSWERS, VOXSPEC_MAX_STREAMS",
        ),
    ]


def _access(settings: Settings) -> list[Row]:
    return [
        Row("Access", "Key of the service", _is_set(settings.api_key), "Never shown.", "VOXSPEC_API_KEY"),
        Row(
            "Access",
            "Sign-in with a provider",
            settings.oidc_issuer or "off",
            f"{len(settings.oidc_roles):,} addresses or domains have a role; who has none stays out."
            if settings.oidc_issuer
            else "OpenID Connect; needs the extra 'oidc'.",
            "VOXSPEC_OIDC_ISSUER, VOXSPEC_OIDC_ROLES",
        ),
    ]


def _privacy(settings: Settings) -> list[Row]:
    return [
        Row(
            "Privacy",
            "Personal data",
            "shown" if settings.show_personal_data else "masked",
            "E-mail addresses, telephone numbers and the like, wherever texts are shown or sent to a model.",
            "VOXSPEC_SHOW_PERSONAL_DATA",
        ),
        Row("Privacy", "Found by", settings.personal_finder, "", "VOXSPEC_PERSONAL_FINDER"),
        Row(
            "Privacy",
            "Key of pseudonyms",
            _is_set(settings.person_key),
            "Authors are kept under pseudonyms.",
            "VOXSPEC_PERSON_KEY",
        ),
        Row(
            "Privacy",
            "Retention",
            "until erased",
            "Nothing is deleted by age. 'voxspec erase --author NAME' removes a person and proves it.",
            "",
        ),
    ]


def _places(settings: Settings) -> list[Row]:
    near = is_loopback(settings.host)
    return [
        Row(
            "Connections",
            "Listens on",
            f"{settings.host}:{settings.port}",
            "Only this machine reaches it." if near else "Others reach it; every request needs the key.",
            "VOXSPEC_HOST",
        ),
        Row(
            "Connections",
            "Catalog",
            "a server" if settings.catalog_url else "a file in the home folder",
            "",
            "VOXSPEC_CATALOG_URL",
        ),
        Row(
            "Connections",
            "Jobs",
            "a server" if settings.jobs_url else "a file in the home folder",
            "",
            "VOXSPEC_JOBS_URL",
        ),
        Row(
            "Connections",
            "Vector index",
            "a server" if settings.chroma_url else "a folder in the home folder",
            "A cache: it can be thrown away and built again.",
            "VOXSPEC_CHROMA_URL",
        ),
        Row(
            "Connections",
            "Web pages",
            "may be fetched" if settings.fetch_urls else "are not fetched",
            "Nothing else of an import uses the network.",
            "VOXSPEC_FETCH_URLS",
        ),
        Row("Connections", "Largest upload", f"{settings.max_upload_mb:,} MB", "", "VOXSPEC_MAX_UPLOAD_MB"),
        *([Row("Connections", "Home folder", str(settings.home), "", "VOXSPEC_HOME")] if near else []),
    ]


def _is_set(secret: object | None) -> str:
    return "set" if secret is not None else "not set"
