"""Flag beats environment beats file beats default; a wrong setting is one clear sentence that names it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import UsageError
from assistant.settings import Settings


@pytest.fixture(autouse=True)
def _clean_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "HOME",
        "WORKSPACE",
        "MODEL",
        "EMBEDDER",
        "PORT",
        "HOST",
        "OPENAI_BASE_URL",
        "OPENAI_API_KEY",
        "API_KEY",
    ):
        monkeypatch.delenv(f"VOXSPEC_{name}", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def _file(text: str) -> None:
    Path("voxspec.toml").write_text(text, encoding="utf-8")


def test_by_default_nothing_leaves_the_machine() -> None:
    settings = Settings.load()
    assert (settings.model, settings.embedder, settings.workspace) == ("extractive", "minilm", "default")
    assert settings.host == "127.0.0.1"
    assert settings.api_key is None
    assert settings.openai_api_key is None
    assert settings.home.is_absolute()


def test_a_flag_beats_the_environment_and_that_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    _file('workspace = "from-file"\nport = 1\nmodel = "openai:file"\n')
    monkeypatch.setenv("VOXSPEC_WORKSPACE", "from-env")
    monkeypatch.setenv("VOXSPEC_PORT", "2")
    settings = Settings.load(workspace="from-flag")
    assert (settings.workspace, settings.port, settings.model) == ("from-flag", 2, "openai:file")


def test_a_flag_that_is_not_given_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSPEC_WORKSPACE", "from-env")
    assert Settings.load(workspace=None).workspace == "from-env"


def test_the_home_may_be_set_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSPEC_HOME", str(tmp_path / "here"))
    assert Settings.load().home == tmp_path / "here"


def test_the_usual_names_of_a_model_server_are_heeded_and_our_own_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "usual")
    settings = Settings.load()
    assert settings.openai_base_url == "http://127.0.0.1:1/v1"
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "usual"
    monkeypatch.setenv("VOXSPEC_OPENAI_BASE_URL", "http://127.0.0.1:2/v1")
    assert Settings.load().openai_base_url == "http://127.0.0.1:2/v1"


def test_keys_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSPEC_OPENAI_API_KEY", "sk-very-hidden")
    monkeypatch.setenv("VOXSPEC_API_KEY", "sk-also-hidden")
    monkeypatch.setenv("VOXSPEC_CATALOG_URL", "postgresql://me:hidden@host/db")
    monkeypatch.setenv("VOXSPEC_JOBS_URL", "postgresql://me:hidden@host/db")
    monkeypatch.setenv("VOXSPEC_OIDC_CLIENT_SECRET", "hidden")
    settings = Settings.load()
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "hidden" not in shown


@pytest.mark.parametrize(
    "name",
    [
        "",
        "UPPER",
        "with space",
        "../etc",
        "a/b",
        "-leading",
        "_leading",
        "ä",
        "a" * 64,
        "a\n",
        "con.",
        "a\x00",
    ],
)
def test_a_workspace_name_is_plain(name: str) -> None:
    with pytest.raises(UsageError, match="workspace"):
        Settings.load(workspace=name)


@pytest.mark.parametrize("name", ["a", "0", "team-a_1", "a" * 63])
def test_a_plain_workspace_name_is_taken(name: str) -> None:
    assert Settings.load(workspace=name).workspace == name


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", 70000), ("port", -1), ("port", "many"), ("model_timeout_s", 0), ("model_retries", 11), ("embed_threads", -1),
     ("max_upload_mb", 0), ("max_field_chars", 0)],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_name(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name) as problem:
        Settings.load(**{name: value})
    assert problem.value.hint


def test_an_unknown_key_in_the_file_is_refused() -> None:
    _file('colour = "red"\n')
    with pytest.raises(UsageError, match="colour"):
        Settings.load()


def test_a_file_that_is_no_toml_is_a_usage_error() -> None:
    _file("workspace = = 3\n")
    with pytest.raises(UsageError):
        Settings.load()


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValidationError):
        Settings.load().workspace = "other"  # type: ignore[misc]
