"""From settings to a Workbench: the only place that chooses adapters. Nothing is imported before it is used."""

import os
from functools import cache
from pathlib import Path

from assistant.domain.personal.find import use_finder
from assistant.errors import IndexLocked, StoreCorrupt, UsageError
from assistant.llm.port import BatchServer, ChatModel, Embedder
from assistant.settings import Settings
from assistant.stores.index_port import VectorIndex
from assistant.stores.places import catalog_place, chroma_url
from assistant.stores.port import Catalog
from assistant.stores.renewing import IndexFolder, IndexKeeper
from assistant.telemetry import get_logger
from assistant.tracing import start_tracing
from assistant.workbench import Workbench

_MODELS = "'extractive', 'openai:<name>' or 'langchain:<provider>:<name>'"
_NO_JUDGE = ("off", "model")
"""Settings of the judge that name no model of their own."""
_EMBEDDERS = (
    "'minilm', 'use-multilingual', 'minilm:<folder with model.onnx and tokenizer.json>' or 'openai:<name>'"
)
_LOCAL = {"minilm-int8": "minilm", "use-multilingual-3": "use-multilingual"}
"""Name in an embedder's identity → its setting, for those that a workspace brings back by itself: they need neither key nor network."""


def open_workbench(settings: Settings, *, indexed: bool = True) -> Workbench:
    """The seams of a workspace, each opened when it is first used.

    Args:
        indexed: False: without a vector index; search is exact, and nothing of the index's library is loaded.

    Raises: UsageError where the home folder can't be written, or the settings name a model or embedder that doesn't exist.
    """
    _check_model(settings.model)
    _check_judge(settings.judge)
    _check_embedder(settings.embedder)
    _choose_finder(settings.personal_finder)
    # A URL that can't be one is told before anything is done.
    catalog_place(settings)
    chroma_url(settings)
    _make_home(settings.home)
    start_tracing(settings)
    bench = Workbench(
        settings,
        open_catalog=lambda: _with_facets(_open_catalog(settings), settings.workspace),
        open_index=lambda: _open_index(bench) if indexed else None,
        open_embedder=lambda: open_embedder(_remembered(bench)),
        open_model=lambda: _open_chat(bench, settings.model),
        open_batches=lambda: _open_batches(settings),
        open_speech=lambda: _built_in("use-multilingual", settings.embed_threads),
        open_judge=lambda: None if settings.judge in _NO_JUDGE else _open_chat(bench, settings.judge),
    )
    return bench


def _choose_finder(spec: str) -> None:
    """Which finders of personal data this process has. Raises: UsageError."""
    name, _, model = spec.partition(":")
    if name not in ("builtin", "presidio") or (name == "builtin" and model):
        raise UsageError(
            f"There is no finder of personal data '{spec[:60]}'.",
            hint="Set VOXSPEC_PERSONAL_FINDER, or 'personal_finder' in voxspec.toml, to 'builtin', 'presidio' or 'presidio:<spaCy model>'.",
        )
    if name == "builtin":
        use_finder(None)
        return
    from assistant.llm.presidio import open_presidio

    use_finder(open_presidio(model))


def _make_home(home: Path) -> None:
    hint = "Set VOXSPEC_HOME or --home to a folder that you can write to."
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"The data folder {home} can't be made: {problem.strerror}.", hint=hint) from problem
    if not os.access(home, os.W_OK | os.X_OK):
        raise UsageError(f"The data folder {home} can't be written.", hint=hint)


def _open_catalog(settings: Settings) -> Catalog:
    from assistant.stores.catalog import open_catalog

    path = catalog_place(settings)
    cut_off = isinstance(path, Path) and path.is_file() and not path.stat().st_size
    if cut_off and any((settings.home / "index").glob("*/state.json")):
        raise StoreCorrupt(
            f"The catalog {path} is empty, but an index over its records is there: it was cut off.",
            hint="Put a backup of the catalog in its place; or, if there is none, remove the folder and import again.",
        )
    return open_catalog(path)


def _with_facets(catalog: Catalog, workspace: str) -> Catalog:
    """The catalog, whose records of before there were facets get theirs."""
    from assistant.search.facet_weights import worded_by

    decided_by, embedder = catalog.facets.worded_by(workspace)
    if embedder is None or decided_by == worded_by(embedder):
        return catalog
    from assistant.search.facets import refreshed

    return refreshed(catalog, workspace)


def _open_index(bench: Workbench) -> VectorIndex | None:
    if url := chroma_url(bench.settings):
        from assistant.stores.chroma_server import open_chroma_server

        return open_chroma_server(url, bench.catalog, bench.workspace)
    from assistant.stores.chroma import open_chroma_index
    from assistant.stores.sync import open_checked_index

    folder = bench.settings.home / "index" / bench.workspace
    try:
        return open_checked_index(bench.catalog, bench.workspace, open_chroma_index, folder)
    except IndexLocked as problem:
        bench.index_refusal = problem
        get_logger("wiring").warning(
            f"{problem.message} Search compares with every vector instead, which is exact but slower."
        )
        return None


def index_keeper(bench: Workbench) -> IndexKeeper:
    """The workspace's index as an erasure handles it."""
    if chroma_url(bench.settings):
        from assistant.stores.chroma_server import ChromaServerIndex, IndexOnServer

        assert isinstance(bench.index, ChromaServerIndex)
        return IndexOnServer(bench.index, bench.catalog, bench.workspace)
    return IndexFolder(bench.settings.home, bench.workspace, catalog_place(bench.settings))


def _check_embedder(spec: str) -> None:
    provider, _, name = spec.partition(":")
    if not (spec in _LOCAL.values() or (provider in {"minilm", "openai"} and name)):
        raise UsageError(f"There is no embedder '{spec}'.", hint=f"Set VOXSPEC_EMBEDDER to {_EMBEDDERS}.")


def _remembered(bench: Workbench) -> Settings:
    """The settings with the embedder that the workspace was made with, unless the person names one."""
    settings = bench.settings
    if "embedder" in settings.model_fields_set:
        return settings
    stored = bench.catalog.pages.embedder(bench.workspace) or ""
    spec = _LOCAL.get(stored.partition(":")[0], settings.embedder)
    return settings.model_copy(update={"embedder": spec})


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Raises: UsageError where there is none of that name; ModelError."""
    _check_embedder(settings.embedder)
    provider, _, name = settings.embedder.partition(":")
    if not name:
        return _built_in(provider, settings.embed_threads)
    if provider == "minilm":
        from assistant.llm.minilm import open_minilm

        return open_minilm(Path(name), settings.embed_threads)
    from assistant.llm.openai_embed import OpenAIEmbedder

    embedder = OpenAIEmbedder(
        name=name,
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key,
        timeout_s=settings.model_timeout_s,
        retries=settings.model_retries,
    )
    if settings.show_personal_data:
        return embedder
    from assistant.llm.masked import MaskedEmbedder

    return MaskedEmbedder(embedder)


@cache
def _built_in(name: str, threads: int) -> Embedder:
    """One for all workspaces of the process: opening MiniLM takes 0.2 CPU-seconds, the other one second and 100 MB."""
    if name == "use-multilingual":
        from assistant.llm.use_multilingual import open_use_multilingual

        return open_use_multilingual()
    from assistant.llm.minilm import open_minilm

    return open_minilm(None, threads)


def _check_model(spec: str) -> None:
    if spec != "extractive" and not _names_model(spec):
        raise UsageError(
            f"There is no model '{spec}'.",
            hint=f"Set VOXSPEC_MODEL, or 'model' in voxspec.toml, to {_MODELS}.",
        )


def _check_judge(spec: str) -> None:
    if spec not in _NO_JUDGE and not _names_model(spec):
        raise UsageError(
            f"There is no judge '{spec}'.",
            hint="Set VOXSPEC_JUDGE, or 'judge' in voxspec.toml, to 'off', 'model' (the one that writes), 'openai:<name>' or 'langchain:<provider>:<name>'.",
        )


def _names_model(spec: str) -> bool:
    parts = spec.split(":", 2)
    return (parts[0] == "openai" and bool(spec.removeprefix("openai:")) and len(parts) > 1) or (
        parts[0] == "langchain" and len(parts) == 3 and all(parts)
    )


def _open_chat(bench: Workbench, spec: str) -> ChatModel | None:
    """The model of that name before which the workspace's call store stands; None: `extractive` is none."""
    if spec == "extractive":
        return None
    from assistant.llm.budget import BudgetedModel, MeteredModel
    from assistant.llm.cache import CachedModel
    from assistant.llm.traced import TracedModel

    asked = TracedModel(_bare_model(bench.settings, spec))
    paid = BudgetedModel(asked, bench.settings, bench.catalog.spending)
    model = MeteredModel(CachedModel(paid, bench.catalog.calls, bench.workspace))
    if bench.settings.show_personal_data:
        return model
    from assistant.llm.masked import MaskedModel

    return MaskedModel(model)


def _open_batches(settings: Settings) -> BatchServer | None:
    provider, _, name = settings.model.partition(":")
    if provider != "openai":
        return None
    from assistant.llm.openai_batch import OpenAIBatches

    return OpenAIBatches(
        name=name,
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key,
        timeout_s=settings.model_timeout_s,
        retries=settings.model_retries,
    )


def _bare_model(settings: Settings, spec: str) -> ChatModel:
    provider, _, name = spec.partition(":")
    if provider == "openai":
        from assistant.llm.openai_chat import OpenAIChat

        return OpenAIChat(
            name=name,
            base_url=settings.openai_base_url,
            api_key=settings.openai_api_key,
            timeout_s=settings.model_timeout_s,
            retries=settings.model_retries,
        )
    from assistant.llm.langchain_chat import open_langchain

    vendor, _, model = name.partition(":")
    return open_langchain(vendor, model, timeout_s=settings.model_timeout_s, retries=settings.model_retries)
