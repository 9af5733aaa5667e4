"""The report: counts, verdict, order; drafts from JSON; plugged-in graders; what a replay tells."""

import json
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from assistant.domain.draft import Draft, DraftStatus, Stance
from assistant.domain.finding import Count, Finding, Severity, Verdict
from assistant.errors import InputRejected, UnknownKind, UsageError
from evals import registry
from evals.check import grade, load_draft_json
from evals.grader import Grader
from evals.registry import OWN, check_names, graders_for
from evals.replay import compare
from evals.sample import with_block, with_claim, with_fact, with_quote
from evals.view import EvidenceView, KindSpec, abstains, kind_spec
from tests.support.drafts import rebuilt, same_json, valid_draft, valid_view


def test_a_clean_draft_is_ready_with_full_counts() -> None:
    report = grade(valid_draft(), valid_view(), OWN)
    assert report.verdict is Verdict.ready
    assert report.findings == ()
    assert report.counts == {
        "claims_supported": Count(ok=3, total=3),
        "quotes_verified": Count(ok=4, total=4),
        "numbers_recomputed": Count(ok=6, total=6),
        "criteria_parsed": Count(ok=4, total=4),
    }


def test_each_count_drops_with_what_fails() -> None:
    draft = with_fact(valid_draft(), "F1", value=9)
    draft = with_quote(draft, "Q3", record_id="rec_z")
    draft = with_claim(draft, "C1", quote_ids=(), fact_ids=())
    story = draft.sections[1].blocks[0]
    broken = tuple(c.model_copy(update={"then": ("",)}) for c in story.criteria)  # type: ignore[union-attr]
    report = grade(with_block(draft, "US-1", criteria=broken), valid_view(), OWN)
    assert {name: count.total - count.ok for name, count in report.counts.items()} == {
        "claims_supported": 1,
        "quotes_verified": 1,
        "numbers_recomputed": 1,
        "criteria_parsed": 2,
    }


def _thin() -> Draft:
    sections = valid_draft().sections
    return valid_draft().model_copy(
        update={"claims": {"C4": valid_draft().claims["C4"]}, "sections": (sections[0].model_copy(update={"blocks": sections[0].blocks[:1]}),)}
    )  # fmt: skip


def test_a_draft_without_a_claim_about_the_world_says_not_enough_evidence() -> None:
    assert abstains(_thin())
    assert grade(_thin(), valid_view(), OWN).verdict is Verdict.not_enough_evidence


def test_a_draft_that_abstains_can_not_hide_an_invented_number() -> None:
    loud = _thin().model_copy(update={"title": "What 97 people want"})
    assert grade(loud, valid_view(), OWN).verdict is Verdict.needs_fixes


def test_a_draft_whose_writer_found_too_little_says_so() -> None:
    provenance = valid_draft().provenance.model_copy(update={"parameters": {"enough_evidence": False}})
    draft = valid_draft().model_copy(update={"provenance": provenance})
    assert grade(draft, valid_view(), OWN).verdict is Verdict.not_enough_evidence


def test_advice_alone_does_not_stop_a_draft() -> None:
    report = grade(with_block(valid_draft(), "US-1", role="user"), valid_view(), OWN)
    assert report.verdict is Verdict.ready
    assert [finding.severity for finding in report.findings] == [Severity.advise]


def test_findings_come_blocking_first_and_in_the_same_order_whatever_the_order_of_graders() -> None:
    draft = with_block(
        with_claim(valid_draft(), "C1", text="Most of 12, and 7."), "US-1", role="user", want="x"
    )
    report = grade(draft, valid_view(), OWN)
    assert same_json(report, grade(draft, valid_view(), tuple(reversed(OWN))))
    assert [f.severity for f in report.findings] == sorted(
        (f.severity for f in report.findings), reverse=True
    )
    assert len(report.findings) >= 5


def test_shuffled_dictionaries_give_the_same_report() -> None:
    draft = with_fact(with_claim(valid_draft(), "C1", text="12 wait."), "F2", value=7)
    shuffled = draft.model_copy(
        update={name: dict(reversed(getattr(draft, name).items())) for name in ("claims", "quotes", "facts")}
    )
    assert same_json(grade(draft, valid_view(), OWN), grade(shuffled, valid_view(), OWN))


def test_a_draft_goes_through_json_unchanged() -> None:
    assert load_draft_json(valid_draft(checked=True).model_dump_json()) == valid_draft(checked=True)
    assert rebuilt(valid_draft()) == valid_draft()


def _without(name: str) -> Callable[[dict[str, object]], str]:
    return lambda held: json.dumps({key: value for key, value in held.items() if key != name})


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda held: "", "isn't JSON"),
        (lambda held: '{"sections": [', "isn't JSON"),
        (lambda held: "[" * 200_000, "isn't JSON"),
        (lambda held: "[1]", "is no draft"),
        (lambda held: '{"id": "x"}', "is no draft"),
        (_without("provenance"), "'provenance'"),
        (lambda held: json.dumps(held | {"extra": 1}), "'extra'"),
        (lambda held: json.dumps(held | {"claims": {"C1": {"id": "C1"}}}), "'claims.C1.text'"),
    ],
)
def test_json_that_is_no_draft_is_refused_in_one_sentence(
    spoil: Callable[[dict[str, object]], str], says: str
) -> None:
    with pytest.raises(InputRejected, match=says) as refused:
        load_draft_json(spoil(valid_draft().model_dump(mode="json")))
    assert refused.value.hint
    assert len(refused.value.message) < 300


def _shouting(draft: Draft, view: EvidenceView) -> list[Finding]:
    loud = draft.title.isupper()
    return (
        [Finding(grader="shouting", severity=Severity.block, target="draft", message="Loud.")] if loud else []
    )


SHOUTING = Grader(
    "shouting",
    0,
    Severity.block,
    _shouting,
    lambda d: d,
    lambda d: d.model_copy(update={"title": d.title.upper()}),
)
NOT_A_GRADER = "just words"
TWIN = Grader("gherkin", 0, Severity.block, _shouting, lambda d: d, lambda d: d)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def with_entry(name: str) -> None:
        entry = EntryPoint(name, f"{__name__}:{name}", "voxspec.graders")
        monkeypatch.setattr(EntryPoint, "load", lambda self: globals()[self.name])
        monkeypatch.setattr(registry, "entry_points", lambda group: EntryPoints([entry]))
        registry.graders.cache_clear()
        monkeypatch.setattr(registry.graders, "cache_clear", registry.graders.cache_clear, raising=False)

    yield with_entry  # type: ignore[misc]
    registry.graders.cache_clear()


def test_an_installed_grader_runs_for_every_kind(install: Callable[[str], None]) -> None:
    install("SHOUTING")
    applied = graders_for(kind_spec("prd"))
    assert [grader.name for grader in applied][-1] == "shouting"
    report = grade(SHOUTING.bad(valid_draft()), valid_view(), applied)
    assert [finding.grader for finding in report.findings] == ["shouting"]


@pytest.mark.parametrize(
    ("name", "says"), [("NOT_A_GRADER", "is no Grader"), ("TWIN", "Two graders are called")]
)
def test_an_installed_grader_that_cannot_be_used_is_named(
    install: Callable[[str], None], name: str, says: str
) -> None:
    install(name)
    with pytest.raises(UsageError, match=says):
        graders_for(kind_spec("prd"))


def test_all_graders_apply_to_our_kinds_and_a_kind_may_name_some() -> None:
    for name in ("prd", "user_stories", "insight_summary"):
        assert graders_for(kind_spec(name)) == OWN
    some = KindSpec("any", graders=("gherkin", "quote_verbatim"))
    assert [grader.name for grader in graders_for(some)] == ["gherkin", "quote_verbatim"]
    with pytest.raises(UsageError, match="no grader called 'spelling'"):
        check_names(["spelling"])
    with pytest.raises(UnknownKind, match="no kind of draft called 'poem'"):
        kind_spec("poem")


def _provenance(**changes: object) -> Draft:
    held = valid_draft().provenance.model_copy(update=changes)
    return valid_draft().model_copy(update={"provenance": held})


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"corpus": "c1"}, "corpus changed"),
        ({"prompt_sha256": "1" * 64}, "prompt changed"),
        ({"settings": "s1"}, "settings changed"),
        ({"writer": "openai:x"}, "writer changed"),
        ({"embedder": "other"}, "writer changed"),
    ],
)
def test_a_replay_names_what_changed(changes: dict[str, object], cause: str) -> None:
    outcome = compare(valid_draft(), _provenance(**changes))
    assert not outcome.same
    assert outcome.causes == (cause,)
    assert outcome.paths == tuple(f"provenance.{name}" for name in changes)


def test_a_replay_of_the_same_bytes_is_the_same_whatever_a_person_set_later() -> None:
    assert compare(
        valid_draft(), valid_draft().model_copy(update={"version": 3, "status": DraftStatus.approved})
    ).same


def test_a_replay_with_other_text_says_where() -> None:
    outcome = compare(valid_draft(), with_claim(valid_draft(), "C4", text="Other.", stance=Stance.target))
    assert outcome.causes == ("text differs",)
    assert outcome.paths == ("claims.C4.stance", "claims.C4.text")
    both = compare(valid_draft(), with_claim(_provenance(corpus="c1"), "C4", text="Other."))
    assert both.causes == ("corpus changed", "text differs")
