"""Presidio as a finder of personal data: numbers of documents by their patterns, and names where a spaCy model is installed.

It never downloads anything. Of its recognisers only those are used that add a kind; the built-in finders are surer of the others.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from assistant.domain.personal.extra import Finder
from assistant.domain.personal.kinds import PersonalKind, PersonalSpan
from assistant.errors import UsageError

_RECOGNISERS = (
    "UsSsnRecognizer", "UsItinRecognizer", "UsPassportRecognizer", "UsLicenseRecognizer", "MedicalLicenseRecognizer", "UkNinoRecognizer",
    "EsNifRecognizer", "EsNieRecognizer", "ItFiscalCodeRecognizer", "InPanRecognizer", "FiPersonalIdentityCodeRecognizer", "SgFinRecognizer",
    "CryptoRecognizer",
)  # fmt: skip
"""Those whose form, check digit or the words beside it tell a number from an order's; one in ten numbers passes a bare check digit."""
_SURE = 0.4
"""What a number reaches that is named by a word beside it, or whose check digit holds."""
_LANGUAGE = "en"
_LONGEST = 100_000
"""Characters that are looked at in one go; spaCy takes a kilobyte for each hundred."""
_INSTALL = "Install it with: pip install 'voxspec[presidio]'"


def open_presidio(model: str = "") -> Finder:
    """A finder over Presidio.

    Args:
        model: name of an installed spaCy model that finds names, for example `en_core_web_sm`; empty: no names are looked for.

    Raises: UsageError where Presidio or the model isn't installed.
    """
    engine = _engine(model)

    def find(text: str) -> Iterable[PersonalSpan]:
        for start in range(0, len(text), _LONGEST):
            for found in engine.analyze(
                text[start : start + _LONGEST], language=_LANGUAGE, score_threshold=_SURE
            ):
                kind = PersonalKind.name_of_person if found.entity_type == "PERSON" else PersonalKind.document
                yield PersonalSpan(start + found.start, start + found.end, kind)

    return find


@lru_cache(maxsize=2)
def _engine(model: str) -> Any:
    try:
        import presidio_analyzer
        import spacy
        from presidio_analyzer import predefined_recognizers
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
        from spacy.language import Language
    except ImportError as problem:
        raise UsageError(
            "The setting 'personal_finder' names Presidio, which isn't installed.", hint=_INSTALL
        ) from problem
    try:
        nlp = spacy.load(model) if model else spacy.blank(_LANGUAGE)
    except OSError as problem:
        raise UsageError(
            f"The setting 'personal_finder' names the spaCy model '{model[:60]}', which isn't installed.",
            hint="Install it as a package, or set personal_finder to 'presidio', which finds no names.",
        ) from problem
    if not model:

        @Language.component("voxspec_lower")
        def lower(doc: Any) -> Any:
            # Presidio compares the words beside a number by their lemma, which a pipeline without a model doesn't make.
            for token in doc:
                token.lemma_ = token.lower_
            return doc

        nlp.add_pipe("voxspec_lower")
    engine: Any = SpacyNlpEngine(models=[{"lang_code": _LANGUAGE, "model_name": model or "blank"}])
    # Not load(): it would fetch a model that isn't there.
    engine.nlp = {_LANGUAGE: nlp}
    names = [*_RECOGNISERS, *(["SpacyRecognizer"] if model else [])]
    chosen = [getattr(predefined_recognizers, name)(supported_language=_LANGUAGE) for name in names]
    registry = presidio_analyzer.RecognizerRegistry(recognizers=chosen, supported_languages=[_LANGUAGE])
    return presidio_analyzer.AnalyzerEngine(
        registry=registry, nlp_engine=engine, supported_languages=[_LANGUAGE]
    )
