"""Settings: flag > environment (`VOXSPEC_*`) > `voxspec.toml` > default."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import UsageError

WORKSPACE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}\Z")


class Settings(BaseSettings):
    """Everything a person can set. Unknown keys in `voxspec.toml` are refused."""

    model_config = SettingsConfigDict(
        env_prefix="VOXSPEC_",
        toml_file="voxspec.toml",
        frozen=True,
        extra="forbid",
        populate_by_name=True,
    )

    home: Path = Field(default_factory=lambda: user_data_path("voxspec", appauthor=False))
    """Where catalog, index and job database live, unless they have a URL of their own."""
    catalog_url: SecretStr | None = None
    """`postgresql://user:password@host/database`; None: `catalog.sqlite3` in the home folder."""
    jobs_url: SecretStr | None = None
    """The same for the queue; None: `jobs.sqlite3` in the home folder."""
    chroma_url: str | None = None
    """`http://host:port` of a Chroma server; None: the index lies in the home folder and has one owner."""
    workspace: str = "default"
    model: str = "extractive"
    """`extractive`, `openai:<name>` or `langchain:<provider>:<name>`."""
    judge: str = "off"
    """Who is asked about each new draft what only a reader sees: `off`, `model` (the one above), or a model's name as there."""
    embedder: str = "minilm"
    """`minilm`, `use-multilingual`, `minilm:<folder with model.onnx and tokenizer.json>` or `openai:<name>`: for new workspaces.

    Where it isn't set, a workspace goes on with the local embedder that it was made with.
    """
    openai_base_url: str | None = Field(
        default_factory=lambda: os.environ.get("OPENAI_BASE_URL"), validation_alias="VOXSPEC_OPENAI_BASE_URL"
    )
    openai_api_key: SecretStr | None = Field(
        default_factory=lambda: (
            SecretStr(os.environ["OPENAI_API_KEY"]) if "OPENAI_API_KEY" in os.environ else None
        ),
        validation_alias="VOXSPEC_OPENAI_API_KEY",
    )
    model_timeout_s: float = Field(default=60.0, gt=0, le=3600)
    model_retries: int = Field(default=2, ge=0, le=10)
    price_in: float | None = Field(default=None, ge=0)
    """US dollars per million tokens that the model reads; with `price_out`, plans and reports tell what they cost."""
    price_out: float | None = Field(default=None, ge=0)
    """US dollars per million tokens that the model writes."""
    request_tokens: int | None = Field(default=None, ge=1)
    """Most tokens, read and written, that one turn or draft may take of a model; None: no limit."""
    request_usd: float | None = Field(default=None, gt=0)
    """The same in US dollars; needs `price_in` and `price_out`."""
    day_tokens: int | None = Field(default=None, ge=1)
    """Most tokens that a workspace may take of models in a day (UTC)."""
    day_usd: float | None = Field(default=None, gt=0)
    """The same in US dollars; needs `price_in` and `price_out`."""
    max_turns: int = Field(default=50, ge=1, le=10_000)
    """Turns of a workspace that may be answered at once; one more is told to come back."""
    max_streams: int = Field(default=256, ge=1, le=10_000)
    """Event streams that the server holds open at once."""
    traces: bool | None = None
    """Whether spans go to OTEL_EXPORTER_OTLP_ENDPOINT (the extra `otel`); None: where that is set."""
    trace_content: bool = False
    """Whether spans hold prompts and replies, and with them texts of records."""
    workers: int = Field(default=1, ge=0, le=16)
    """Processes beside `serve` that do its jobs, the first one all, the others all but imports and runs of themes; 0: its own threads, and pages wait for them."""
    embed_threads: int = Field(default=0, ge=0, le=256)
    """Threads of the local embedder; 0: one per core."""
    host: str = "127.0.0.1"
    port: int = Field(default=8756, ge=0, le=65535)
    public_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+(/\S*)?$")
    """Where people reach the pages, for links in tickets; None: no links are written."""
    api_key: SecretStr | None = None
    """Key that the HTTP service asks for; any bind but loopback demands one."""
    oidc_issuer: str | None = Field(default=None, pattern=r"^https?://[^\s/]+(/\S*)?$")
    """`https://…` of an OpenID Connect provider through which people sign in (the extra `oidc`)."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_roles: dict[str, Literal["owner", "editor", "viewer"]] = Field(default_factory=dict)
    """E-mail address or `@domain` → `owner`, `editor` or `viewer`, as JSON; who isn't in it stays out."""
    person_key: SecretStr | None = None
    """Secret under which authors are pseudonymised; None: what `person.key` in the home folder holds, if it is there."""
    show_personal_data: bool = False
    """Off: e-mail addresses, telephone numbers and the like are masked wherever texts are shown or sent to a model."""
    personal_finder: str = "builtin"
    """`builtin`, `presidio` (the extra of that name) or `presidio:<installed spaCy model>`, which also finds names."""
    max_answers: int = Field(default=64, ge=1, le=10_000)
    """Answers to chat clients that are written at once; beyond it they hear 429."""
    max_upload_mb: int = Field(default=200, ge=1)
    max_field_chars: int = Field(default=1_000_000, ge=1)
    """A longer cell is rejected with its row."""
    tracker_poll_s: float = Field(default=60.0, ge=1, le=86_400)
    """Seconds between two questions to an issue system that sends no webhooks."""
    fetch_urls: bool = False
    """Whether web pages may be fetched; nothing else of an import uses the network."""
    private_hooks: bool = False
    """Whether hooks may lie in private networks and do without TLS; off: they may be anywhere in the public internet."""
    identity_rules: tuple[Literal["email", "account_name", "handle"], ...] = (
        "email",
        "account_name",
        "handle",
    )
    """By what pseudonyms of several channels are taken for one person; an empty list switches it off."""

    @field_validator("workspace")
    @classmethod
    def _plain_name(cls, value: str) -> str:
        if not WORKSPACE_NAME.match(value):
            raise ValueError("use 1 to 63 of a-z, 0-9, '-' and '_', starting with a letter or digit")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then `voxspec.toml` in the working directory."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **flags: Any) -> Self:
        """Read the settings; flags that are None don't count. Raises: UsageError that names the field."""
        try:
            return cls(**{name: value for name, value in flags.items() if value is not None})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise UsageError(
                f"voxspec.toml can't be read: {problem}.", hint="Mend the file, or run from another folder."
            ) from problem
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UsageError(
                f"The setting '{where}' can't be used: {first['msg'].removeprefix('Value error, ')}.",
                hint="Check the flag, VOXSPEC_* in the environment, and voxspec.toml.",
            ) from problem
