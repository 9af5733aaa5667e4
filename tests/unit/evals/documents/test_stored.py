"""A draft from a file is compared with the stored one."""

import json
from typing import Any

import pytest

from assistant.domain.draft import Draft, DraftStatus, Priority
from assistant.domain.finding import Severity
from assistant.errors import InputRejected
from evals.check import load_draft_json
from evals.documents.stored import compare_copy, is_goal
from evals.graders.numbers_recomputed import numbers_recomputed
from evals.sample import with_block, with_claim, with_fact, with_quote
from tests.support.drafts import valid_draft, valid_view

STORED = valid_draft(checked=True)


def _said(draft: Draft) -> list[tuple[Severity, str, str]]:
    return [(one.severity, one.target, one.message) for one in compare_copy(draft, STORED)]


def test_the_stored_draft_itself_differs_nowhere() -> None:
    assert compare_copy(load_draft_json(STORED.model_dump_json()), STORED) == []


def test_a_draft_that_is_not_stored_blocks() -> None:
    (finding,) = compare_copy(STORED, None)
    assert finding.severity is Severity.block
    assert "not a draft of this workspace" in finding.message
    assert "voxspec draft" in finding.fix


def _rewritten(**changes: Any) -> Draft:
    return STORED.model_copy(update=changes)


def _rule(rule: str) -> Draft:
    forged = STORED.selections["S1"].model_copy(update={"rule": rule})
    return _rewritten(selections={"S1": forged})


def _provenance(**changes: Any) -> Draft:
    return _rewritten(provenance=STORED.provenance.model_copy(update=changes))


@pytest.mark.parametrize(
    ("draft", "target", "place"),
    [
        (_rewritten(status=DraftStatus.approved), "draft", "status"),
        (_rewritten(language="fr"), "draft", "language"),
        (_rewritten(brief=f"{STORED.brief} 97"), "draft", "brief"),
        (_rewritten(report=None), "draft", "report"),
        (_provenance(writer="openai:other"), "draft", "provenance.writer"),
        (_provenance(prompt_sha256="1" * 64), "draft", "provenance.prompt_sha256"),
        (with_fact(STORED, "F1", unit="million dollars"), "F1", "facts.F1.unit"),
        (with_fact(STORED, "F1", param="97"), "F1", "facts.F1.param"),
        (with_quote(STORED, "Q1", anchor="page 7 of the CEO memo"), "Q1", "quotes.Q1.anchor"),
        (with_claim(STORED, "C4", text="They said: 'We will leave you now.'"), "C4", "claims.C4.text"),
        (_rule("97% of all <script>"), "S1", "selections.S1.rule"),
        (_rewritten(title="Other"), "draft", "title"),
        (with_block(STORED, "FR-1", text="The system shall never keep it."), "FR-1", "sections[1].blocks[2].text"),
        (with_block(STORED, "G1", target="already 97% of customers left"), "G1", "sections[1].blocks[4].target"),
        (with_block(STORED, "G1", guardrail="see http://evil.example"), "G1", "sections[1].blocks[4].guardrail"),
    ],
)  # fmt: skip
def test_what_differs_blocks_and_says_where(draft: Draft, target: str, place: str) -> None:
    ((severity, at, message),) = _said(draft)
    assert (severity, at) == (Severity.block, target)
    assert message.startswith(f"{place} differs")


def test_a_block_that_was_taken_out_or_added_blocks() -> None:
    section = STORED.sections[0]
    for blocks in (section.blocks[1:], (*section.blocks, section.blocks[0])):
        forged = _rewritten(sections=(section.model_copy(update={"blocks": blocks}), *STORED.sections[1:]))
        assert [said[:2] for said in _said(forged)] == [(Severity.block, "problem")]


@pytest.mark.parametrize(
    ("block", "changes"),
    [
        ("G1", {"target": "under 2"}),
        ("G1", {"target": "at least 99.5 % of people"}),
        ("G1", {"window": "6 weeks after release"}),
        ("FR-1", {"priority": Priority.wont}),
    ],
)
def test_a_goal_or_priority_that_a_person_sets_is_advised(block: str, changes: dict[str, Any]) -> None:
    ((severity, target, message),) = _said(with_block(STORED, block, **changes))
    assert (severity, target) == (Severity.advise, block)
    assert "differs from the stored draft" in message


@pytest.mark.parametrize(
    "text",
    ["already 97% of customers left", "97% said “we will leave”", "see [here](//evil.example)", "5 " * 90],
)
def test_a_statement_is_no_goal(text: str) -> None:
    assert not is_goal(text, "people who report it under 1 person 4 weeks")


def test_no_more_than_fifty_differences_are_listed() -> None:
    forged = _provenance(parameters={f"p{number}": number for number in range(90)})
    assert len(compare_copy(forged, STORED)) == 51


def _spoilt(old: str, new: str) -> str:
    text = STORED.model_dump_json()
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (_spoilt('"title":', '"title":"other","title":'), "'title' twice"),
        (_spoilt('"value":3', f'"value":{"9" * 5000}'), "5000 digits"),
        (_spoilt('"version":1', f'"version":{"9" * 20}'), "20 digits"),
        (_spoilt('"value":3', '"value":Infinity'), "the number Infinity"),
        (_spoilt('"value":3', '"value":NaN'), "the number NaN"),
        (_spoilt('"value":3', '"value":1e999'), "the number 1e999"),
    ],
)
def test_json_that_two_readers_would_read_in_two_ways_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputRejected, match=says):
        load_draft_json(text)


@pytest.mark.parametrize(
    ("fact", "changes"),
    [
        ("F6", {"param": f"Q2:45:{'9' * 5000}"}),
        ("F1", {"measure": "top_accounts_share", "param": "9" * 5000}),
    ],
)
def test_a_parameter_of_thousands_of_digits_is_a_finding(fact: str, changes: dict[str, Any]) -> None:
    forged = load_draft_json(json.dumps(_with(fact, changes)))
    (finding,) = numbers_recomputed(forged, valid_view())
    assert finding.target == fact
    assert len(finding.message) < 200


def _with(fact: str, changes: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = STORED.model_dump(mode="json")
    held["facts"][fact] |= changes
    return held
