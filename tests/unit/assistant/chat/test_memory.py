"""What a turn is about: typed wrong, in another language, or only pointed at; and what is no subject at all."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from assistant.chat.evidence import find_evidence
from assistant.chat.intents.own_words import own_words
from assistant.chat.memory import Subject, subject_of, topic_before
from assistant.chat.notes import filled
from assistant.chat.outcomes import Ask, Propose, Say, Write
from assistant.chat.scoping import groups_named, without_groups
from assistant.chat.topics import points_back, tells
from assistant.domain.edit import Reword
from assistant.domain.evidence import Scope
from assistant.domain.thread import Intent, Turn
from assistant.drafting.editing.addresses import addresses
from assistant.llm.use_multilingual import open_use_multilingual
from assistant.workbench import Workbench
from evals.gate import produce
from tests.support.desks import three_topics
from tests.support.search_corpus import a_bench
from tests.unit.assistant.chat.test_turn import THREAD, Talk


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    plans, countries = ("starter", "team", "enterprise"), ("DE", "PL", "US")
    held = [
        record.model_copy(update={"segments": {"plan": plans[at % 3], "country": countries[at % 3]}})
        for at, record in enumerate(three_topics())
    ]
    with a_bench(tmp_path_factory.mktemp("memory"), held) as opened:
        yield opened


def about(bench: Workbench, text: str) -> Subject:
    turn = Turn(id="t", thread_id="thr_1", seq=1, by="person", at=datetime(2026, 4, 1, tzinfo=UTC), text=text)
    return subject_of(bench, turn, own_words(text))


@pytest.mark.parametrize(
    "text",
    ["who wants this?", "whats the biggest pain right now?", "was ist gerade das größte problem", "schreib mir ein PRD dazu",
     "écris un cahier des charges là-dessus", "qui demande ça ?", "¿quién pide esto?", "escribe historias de usuario sobre eso"],
)  # fmt: skip
def test_words_that_only_ask_or_point_name_no_subject(bench: Workbench, text: str) -> None:
    assert about(bench, text).text == ""


def test_a_mistyped_subject_is_read_as_the_records_spell_it_and_that_is_told(bench: Workbench) -> None:
    assert about(bench, "what do people say about exprots") == Subject(
        "export", "I read “exprots” as “export”."
    )
    assert about(bench, "wat do ppl say abot the calender").text == "calendar"
    for kept in ("imports", "zebras", "Jira", "expert mode"):
        assert about(bench, f"what do people say about {kept}") == Subject(kept)


def test_what_was_spoken_of_before_is_meant_by_words_that_point_back(bench: Workbench) -> None:
    talk = Talk(bench)
    talk.say("What do people say about the login password?")
    again = talk.say("who wants this")
    assert isinstance(again, Say)
    assert again.note == "About “login password”."
    order = talk.say("schreib mir ein PRD dazu")
    assert isinstance(order, Write)
    assert (order.request.kind, order.request.brief) == ("prd", "login password")
    assert topic_before(bench, talk.turns, None) == "login password"
    compared = talk.say("is this getting worse?")
    assert isinstance(compared, Say)
    assert compared.note.startswith("About “login password”.")
    assert [claim.text.partition(",")[0] for claim in compared.body.claims.values()][:1] == [
        "In the newest period"
    ]


def test_nothing_before_and_nothing_named_is_asked_for_or_shows_most_trouble(bench: Workbench) -> None:
    said = Talk(bench).say("who wants this")
    assert isinstance(said, Say)
    assert not said.body.claim_ids
    most = Talk(bench).say("whats the biggest pain right now?")
    assert isinstance(most, Say)
    told = [filled(most.body, claim.text) for claim in most.body.claims.values() if claim.fact_ids]
    assert len(told) >= 3
    assert all("people report trouble with it." in one for one in told)


def test_only_a_group_after_an_answer_gives_the_answer_for_it(bench: Workbench) -> None:
    talk = Talk(bench)
    talk.say("was sagen die leute zum calendar")
    said = talk.say("und nur enterprise?")
    assert talk.intent is Intent.scope
    assert isinstance(said, Say)
    assert said.scope == Scope(segments={"plan": ("enterprise",)})
    assert said.body.claim_ids
    named = Talk(bench).say("how many enterprise customers complain about the calendar?")
    assert isinstance(named, Say)
    assert {fact.filter.scope.segments["plan"] for fact in named.body.facts.values()} == {("enterprise",)}


def test_codes_of_a_segment_are_no_words_of_a_language(bench: Workbench) -> None:
    for text in (
        "qu'est-ce qu'on dit de la recherche",
        "user stories for offline mode pls",
        "tell us about it",
    ):
        assert groups_named(bench, text) == []
    assert [one.value for one in groups_named(bench, "only DE and country pl")] == ["DE", "PL"]
    assert without_groups(bench, "export for DE customers") == "export"


def test_a_subject_in_another_language_finds_the_theme_that_means_the_same(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "speech", open_use_multilingual())
    said = find_evidence(bench, "inicio de sesión", Scope())
    assert said.note == "The records say “login” for “inicio de sesión”."
    assert said.body.quotes
    ask = Talk(bench).say("PRD sobre el inicio de sesión")
    assert isinstance(ask, Ask)
    assert [one.change.get("brief") for one in ask.question.options] == ["login", None]
    assert not find_evidence(bench, "blockchain tokens", Scope()).note


def test_an_answer_that_is_none_is_asked_for_again_and_a_question_in_between_is_answered(
    bench: Workbench,
) -> None:
    talk = Talk(bench)
    first = talk.say("PRD for the PDF export for enterprise customers")
    assert isinstance(first, Ask)
    again = talk.say("bananas")
    assert isinstance(again, Ask)
    assert again.question.options == first.question.options
    between = talk.say("who complains about the calendar?")
    assert isinstance(between, Say)
    assert between.body.claim_ids


def test_just_draft_asks_nothing_and_a_side_that_nobody_is_on_is_told(bench: Workbench) -> None:
    order = Talk(bench).say("just draft")
    assert isinstance(order, Write)
    assert order.request.assumptions
    unknown = Talk(bench).say("compare enterprise vs free")
    assert isinstance(unknown, Say)
    assert "no “free”" in unknown.note
    assert "“starter”, “team”" in unknown.note


def test_a_number_of_people_is_no_share(bench: Workbench) -> None:
    talk = Talk(bench)
    talk.say("compare enterprise and starter on the calendar")
    body = talk.turns[-1].body
    share = next(fact.display.split(" ")[0] for fact in body.facts.values() if fact.unit == "%")
    people = {fact.display for fact in body.facts.values() if fact.unit == "person"}
    assert share not in people
    said = talk.say(f"why {share} people?")
    assert isinstance(said, Say)
    assert said.note.startswith("Neither the draft nor an answer here says that number.")


def test_emptiness_is_told_in_the_language_of_the_turn() -> None:
    assert tells("car", "write a PRD about the car")
    assert not tells("car", "qu'est-ce que les gens en disent, car je ne sais pas")
    assert points_back("mehr dazu")
    assert not points_back("PRD about exports")


def test_a_section_of_goals_or_stories_is_worded_by_its_sentences(bench: Workbench) -> None:
    order = Talk(bench).say("PRD about the calendar")
    assert isinstance(order, Write)
    draft = produce(bench, order.request)
    talk = Talk(bench, THREAD.model_copy(update={"draft_id": draft.id}))
    proposed = talk.say("make the goals shorter")
    assert isinstance(proposed, Propose)
    targets = {edit.target for edit in proposed.edits if isinstance(edit, Reword)}
    assert targets
    assert targets <= {name for name, _ in addresses(draft)} | set(draft.claims)
    assert any(one.endswith(".name") for one in targets)
    assert not any(one.endswith(".unit") for one in targets)
