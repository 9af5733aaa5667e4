"""From settings to a Workbench: what is refused, and what opens."""

import os
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.llm.masked import MaskedEmbedder, MaskedModel
from assistant.settings import Settings
from assistant.wiring import open_workbench


@pytest.mark.parametrize("spec", ["gpt", "openai", "openai:", "langchain:x", "langchain::y", ""])
def test_an_unknown_model_is_refused_with_what_is_possible(tmp_path: Path, spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_workbench(Settings.load(home=tmp_path, model=spec))
    assert "langchain:<provider>:<name>" in caught.value.hint


@pytest.mark.parametrize("spec", ["bert", "openai:", "minilm:", ""])
def test_an_unknown_embedder_is_refused_with_what_is_possible(tmp_path: Path, spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_workbench(Settings.load(home=tmp_path, embedder=spec))
    assert "minilm" in caught.value.hint


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(UsageError, match="data folder"):
        open_workbench(Settings.load(home=tmp_path / "home"))


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_home_that_is_read_only_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="can't be"):
        open_workbench(Settings.load(home=tmp_path / "home"))


def test_models_and_embedders_of_others_see_masks_unless_the_workspace_shows_personal_data(
    tmp_path: Path,
) -> None:
    given = {
        "home": tmp_path,
        "model": "openai:any",
        "embedder": "openai:any",
        "openai_base_url": "http://127.0.0.1:9/v1",
    }
    with open_workbench(Settings.load(**given)) as bench:
        assert isinstance(bench.model, MaskedModel)
        assert isinstance(bench.embedder, MaskedEmbedder)
    with open_workbench(Settings.load(**given, show_personal_data=True)) as bench:
        assert not isinstance(bench.model, MaskedModel)
        assert not isinstance(bench.embedder, MaskedEmbedder)


def test_the_extractive_writer_needs_no_model(tmp_path: Path) -> None:
    with open_workbench(Settings.load(home=tmp_path)) as bench:
        assert bench.model is None
        assert bench.corpus().record_ids == ()
        assert (tmp_path / "catalog.sqlite3").exists()
