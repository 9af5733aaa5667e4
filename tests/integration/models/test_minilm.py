"""The local embedder: unit rows, the same bytes in any company, damaged files refused."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from assistant.errors import ModelError, UsageError
from assistant.llm import minilm
from assistant.llm.minilm import OnnxEmbedder, open_minilm

pytestmark = pytest.mark.disable_socket

TEXT = (
    "export fails since the last update and support never answered my ticket about invoices "
    "größer 日本語 😀 مرحبا pricing board sync offline crash slow mobile app"
)
WORDS = TEXT.split()


def texts_of_many_lengths(count: int) -> list[str]:
    random = Random(7)
    return [" ".join(random.choices(WORDS, k=random.choice((1, 3, 8, 8, 8, 15, 40)))) for _ in range(count)]


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return open_minilm(threads=1)


def rows(embedder: OnnxEmbedder, texts: Sequence[str]) -> list[bytes]:
    return [row.tobytes() for row in embedder.embed(texts)]


def test_rows_are_float32_of_unit_length(embedder: OnnxEmbedder) -> None:
    vectors = embedder.embed(["The export is broken.", "", "x" * 10_000])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-6)


def test_no_texts_give_no_rows(embedder: OnnxEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_identity_names_model_file_hash_and_dimension(embedder: OnnxEmbedder) -> None:
    assert embedder.identity == "minilm-int8:8199be6f:384"
    assert embedder.dimension == 384


def test_texts_of_one_meaning_are_nearer_than_others(embedder: OnnxEmbedder) -> None:
    crash, breaks, price = embedder.embed(
        ["The app crashes on start.", "It breaks as soon as I open it.", "Too expensive for us."]
    )
    assert crash @ breaks > crash @ price + 0.2


def test_a_text_has_the_same_bytes_alone_and_in_shuffled_batches(embedder: OnnxEmbedder) -> None:
    texts = texts_of_many_lengths(30)
    together = rows(embedder, texts)
    assert [rows(embedder, [text])[0] for text in texts] == together
    order = Random(1).sample(range(len(texts)), len(texts))
    shuffled = rows(embedder, [texts[i] for i in order])
    assert [together[i] for i in order] == shuffled


def test_the_number_of_threads_does_not_change_a_byte(embedder: OnnxEmbedder) -> None:
    texts = texts_of_many_lengths(20)
    assert rows(open_minilm(threads=2), texts) == rows(embedder, texts)


def test_words_beyond_256_tokens_do_not_count(embedder: OnnxEmbedder) -> None:
    long = "slow " * 300
    assert rows(embedder, [long]) == rows(embedder, [long + " completely different ending"])


def test_a_lone_surrogate_is_embedded_as_a_question_mark(embedder: OnnxEmbedder) -> None:
    assert rows(embedder, ["broken \ud83d emoji"]) == rows(embedder, ["broken ? emoji"])


def test_a_damaged_weights_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "broken_weights"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "model.onnx").write_bytes(b"not the weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(minilm, "WEIGHTS_PACKAGE", "broken_weights")
    with pytest.raises(ModelError, match=r"model\.onnx is damaged") as caught:
        open_minilm()
    assert "Install" in caught.value.hint
    assert not caught.value.retryable


def test_missing_weights_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "WEIGHTS_PACKAGE", "no_such_weights_package")
    with pytest.raises(ModelError, match="no_such_weights_package"):
        open_minilm()


def test_a_folder_gives_its_own_identity_and_the_same_vectors(embedder: OnnxEmbedder, tmp_path: Path) -> None:
    weights = minilm._package_file(minilm.WEIGHTS_PACKAGE, "model.onnx")
    tokenizer = Path(minilm.__file__).parents[1] / "models" / minilm.TOKENIZER_FILE
    shutil.copy(weights, tmp_path / "model.onnx")
    shutil.copy(tokenizer, tmp_path / "tokenizer.json")
    other = open_minilm(tmp_path, threads=1)
    assert other.identity.startswith("onnx:")
    assert other.identity.endswith(":384")
    texts = texts_of_many_lengths(10)
    assert rows(other, texts) == rows(embedder, texts)


def test_a_folder_without_the_files_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        open_minilm(tmp_path)


def test_a_folder_of_garbage_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"garbage")
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    with pytest.raises(ModelError, match="can't be used"):
        open_minilm(tmp_path)
