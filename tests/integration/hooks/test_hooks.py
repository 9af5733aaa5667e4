"""Hooks are told what happens: signed, at least once under one id, without a word of a record, and nowhere that they may not reach."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.hooks.messenger import LEASE, tell_all
from api.hooks.telling import tell, tell_check, tell_draft, tell_stale
from assistant.domain.draft import Draft
from assistant.domain.finding import Finding, Overruling, Severity, Verdict
from assistant.domain.hook import LISTENED, Hook, HookEvent, HookMessage
from assistant.domain.staleness import Moved, StaleClaim, Why
from assistant.domain.ticket import RETRY_AFTER, EffectState
from assistant.workbench import Workbench
from tests.support.command_line import CommandLine
from tests.support.hook_receiver import HookReceiver
from tests.support.mirrored import a_mirror

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD2ZkVGxsdGRk="


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workbench, Draft]]:
    monkeypatch.setenv("HOOK", SECRET)
    monkeypatch.setenv("OLD_HOOK", OLD)
    bench, draft = a_mirror(tmp_path / "home")
    bench.settings = bench.settings.model_copy(update={"private_hooks": True})
    yield bench, draft
    bench.close()


def hook(bench: Workbench, url: str, *events: HookEvent) -> None:
    told = Hook(name="chat", url=url, events=events or LISTENED, secrets=("env:HOOK", "env:OLD_HOOK"))
    bench.catalog.hooks.put("default", told)


def messages(bench: Workbench) -> list[HookMessage]:
    return bench.catalog.hook_outbox.page("default")


def again(bench: Workbench, message: HookMessage) -> None:
    """Its time has come."""
    assert bench.catalog.hook_outbox.settle("default", message.model_copy(update={"not_before": None}))


def test_a_draft_that_is_completed_is_told_signed_and_without_a_word_of_it(
    mirror: tuple[Workbench, Draft],
) -> None:
    bench, draft = mirror
    with HookReceiver() as receiver:
        hook(bench, receiver.url)
        tell_draft(bench, draft)
        tell_draft(bench, draft)
        assert tell_all(bench) == 1
        ((headers, body),) = receiver.heard
    for secret in (SECRET, OLD):
        assert Webhook(secret).verify(body, headers)["type"] == "draft.completed"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"ready", b"later"), headers)
    told = json.loads(body)["data"]
    assert told == {
        "workspace": "default", "draft_id": draft.id, "version": 1, "kind": "prd", "verdict": "ready",
        "claims": len(draft.claims), "quotes": len(draft.quotes), "facts": len(draft.facts),
    }  # fmt: skip
    assert headers["content-type"] == "application/json"


def test_a_check_that_fails_and_claims_that_are_stale_are_told_by_ids_and_counts(
    mirror: tuple[Workbench, Draft],
) -> None:
    bench, draft = mirror
    hook(bench, "https://example.com/", HookEvent.check_failed, HookEvent.claim_stale)
    tell_draft(bench, draft)
    assert messages(bench) == []
    assert draft.report is not None
    blocked = Finding(
        grader="quote_verbatim", severity=Severity.block, target="C1", message="Words of somebody"
    )
    report = draft.report.model_copy(update={"verdict": Verdict.needs_fixes, "findings": (blocked,)})
    tell_draft(bench, draft.model_copy(update={"version": 2, "report": report}))
    stale = StaleClaim(
        draft_id=draft.id, version=1, claim_id="C1", reason="Words of somebody", moved=(Moved(id="Q1", why=Why.edited),)
    )  # fmt: skip
    tell_stale(bench, [stale, stale.model_copy(update={"claim_id": "C2"})])
    tell_stale(bench, [stale, stale.model_copy(update={"claim_id": "C2"})])
    late, failed = messages(bench)
    assert late.data == {"workspace": "default", "draft_id": draft.id, "version": 1, "claims": 2, "claim_ids": ["C1", "C2"]}  # fmt: skip
    assert failed.data["blocking"] == 1
    assert "Words" not in late.model_dump_json() + failed.model_dump_json()


def test_what_does_not_arrive_is_sent_again_under_the_same_id_and_given_up_at_last(
    mirror: tuple[Workbench, Draft],
) -> None:
    bench, draft = mirror
    with HookReceiver((500, {}), (302, {"Location": "http://127.0.0.1:9/"}), (204, {})) as receiver:
        hook(bench, receiver.url)
        tell_draft(bench, draft)
        for _ in range(3):
            tell_all(bench)
            if messages(bench)[0].state is EffectState.waiting:
                again(bench, messages(bench)[0])
        assert len({(head["webhook-id"], body) for head, body in receiver.heard}) == 1
        assert len(receiver.heard) == 3
        assert (messages(bench)[0].state, messages(bench)[0].tries) == (EffectState.done, 3)
        receiver.answers = [(503, {})] * (len(RETRY_AFTER) + 1)
        tell(bench, HookEvent.draft_completed, "another", {"n": 1})
        for _ in range(len(RETRY_AFTER)):
            tell_all(bench)
            assert messages(bench)[0].state is EffectState.waiting
            again(bench, messages(bench)[0])
        assert tell_all(bench) == 1
        assert messages(bench)[0].state is EffectState.dead
        assert "503" in messages(bench)[0].error


def test_a_hook_that_is_gone_is_not_asked_again_and_one_that_is_busy_is_left_alone(
    mirror: tuple[Workbench, Draft],
) -> None:
    bench, _ = mirror
    with HookReceiver((410, {}), (429, {"Retry-After": "3600"})) as receiver:
        hook(bench, receiver.url)
        tell(bench, HookEvent.draft_completed, "one", {})
        tell(bench, HookEvent.draft_completed, "two", {})
        assert tell_all(bench) == 1
    busy, gone = messages(bench)
    assert gone.state is EffectState.dead
    assert busy.not_before is not None
    assert (busy.not_before - datetime.now(UTC)).total_seconds() > 3500


def test_who_dies_while_sending_leaves_it_to_the_next(mirror: tuple[Workbench, Draft]) -> None:
    bench, _ = mirror
    outbox = bench.catalog.hook_outbox
    with HookReceiver() as receiver:
        hook(bench, receiver.url)
        tell(bench, HookEvent.draft_completed, "one", {})
        long_ago = datetime.now(UTC) - 2 * LEASE
        killed = outbox.claim("default", long_ago, LEASE)
        assert killed is not None
        assert outbox.due(datetime.now(UTC)) == ["default"]
        tell_all(bench)
        assert not outbox.settle("default", killed)
        assert (messages(bench)[0].state, messages(bench)[0].tries) == (EffectState.done, 2)
        assert outbox.due(datetime.now(UTC)) == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"],
)
def test_private_addresses_are_never_reached_unless_the_owner_lets_them(
    mirror: tuple[Workbench, Draft], host: str
) -> None:
    bench, _ = mirror
    hook(bench, f"https://{host}/")
    bench.settings = bench.settings.model_copy(update={"private_hooks": False})
    tell(bench, HookEvent.draft_completed, "one", {})
    assert tell_all(bench) == 1
    assert messages(bench)[0].state is EffectState.dead
    assert "public" in messages(bench)[0].error


def test_a_person_adds_lists_replays_and_removes_hooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", SECRET)
    monkeypatch.setenv("WEAK", "letmein")
    shell = CommandLine(tmp_path, tmp_path / "home")
    (tmp_path / "voxspec.toml").write_text("private_hooks = true\n")
    with HookReceiver((410, {})) as receiver:
        told = ("--url", receiver.url, "--event", "draft.completed")
        assert b"Standard Webhooks" in shell.run("hook", "add", "chat", *told, "--secret", "env:WEAK", expect=2).stderr  # fmt: skip
        shell.run("hook", "add", "chat", *told, "--secret", "env:HOOK", expect=0)
        assert SECRET not in shell.run("hook", "list", "--json", expect=0).stdout.decode()
        bench_home = tmp_path / "home"
        assert bench_home.exists()
        assert b"Events: draft.completed" in shell.run("hook", "add", "x", "--url", receiver.url, "--event", "all", "--secret", "env:HOOK", expect=2).stderr  # fmt: skip
        shell.run("hook", "replay", "msg_0", expect=2)
        gone = json.loads(shell.run("hook", "test", "chat", "--json", expect=3).stdout)["message"]
        assert (gone["state"], gone["event"]) == ("dead", "hook.test")
        assert gone["id"] in shell.run("hook", "sent", expect=0).stdout.decode()
        again = json.loads(shell.run("hook", "replay", gone["id"], "--json", expect=0).stdout)["message"]
        assert (again["state"], again["id"], again["tries"]) == ("done", gone["id"], 1)
        (first, body), (second, same) = receiver.heard
        assert (first["webhook-id"], body) == (second["webhook-id"], same)
        Webhook(SECRET).verify(same, second)
        shell.run("hook", "remove", "chat", expect=0)
        shell.run("hook", "remove", "chat", expect=2)
    (tmp_path / "voxspec.toml").unlink()
    assert b"https" in shell.run("hook", "add", "chat", *told, "--secret", "env:HOOK", expect=2).stderr


def test_a_check_on_the_command_line_that_fails_is_told_once_without_a_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", SECRET)
    shell = CommandLine(tmp_path, tmp_path / "home")
    (tmp_path / "notes.csv").write_text("id,comment\n1,The export of my board ends with an empty file.\n")
    shell.run("ingest", "notes.csv", expect=0)
    to = ("--url", "https://example.com/", "--event", "check.failed", "--secret", "env:HOOK")
    shell.run("hook", "add", "chat", *to, expect=0)

    def sent() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(shell.run("hook", "sent", "--json", expect=0).stdout)[
            "messages"
        ]
        return found

    (tmp_path / "fine.md").write_text('# Export\n\n> "The export of my board ends with an empty file."\n')
    shell.run("check", "fine.md", expect=0)
    assert sent() == []
    (tmp_path / "false.md").write_text('# Export\n\n> "The export has never once failed in my whole life."\n')
    for _ in range(2):
        shell.run("check", "false.md", expect=1)
    (told,) = sent()
    assert set(told["data"]) == {"workspace", "verdict", "blocking", "graders", "document"}
    assert (told["state"], told["data"]["blocking"] > 0) == ("waiting", True)
    assert "whole life" not in json.dumps(told)
    draft = json.loads(shell.run("draft", "prd", "empty export", "--json").stdout)
    shell.run("check", draft["id"], expect=3)
    assert (sent()[0]["data"]["draft_id"], sent()[0]["data"]["version"]) == (draft["id"], 1)
    (tmp_path / "copy.json").write_text(json.dumps(draft | {"title": "Another title"}))
    shell.run("check", "copy.json")
    assert sent()[0]["data"]["draft_id"] == draft["id"]
    assert "document" in sent()[0]["data"]


def test_a_draft_on_the_command_line_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", SECRET)
    shell = CommandLine(tmp_path, tmp_path / "home")
    (tmp_path / "notes.csv").write_text("id,comment\n1,The export of my board ends with an empty file.\n")
    shell.run("ingest", "notes.csv", expect=0)
    to = ("--url", "https://example.com/", "--event", "draft.completed", "--secret", "env:HOOK")
    shell.run("hook", "add", "chat", *to, expect=0)
    for _ in range(2):
        draft = json.loads(shell.run("draft", "prd", "empty export", "--json").stdout)
    (told,) = json.loads(shell.run("hook", "sent", "--json", expect=0).stdout)["messages"]
    assert (told["event"], told["state"]) == ("draft.completed", "waiting")
    assert (told["data"]["draft_id"], told["data"]["claims"]) == (draft["id"], len(draft["claims"]))
    assert "empty" not in json.dumps(told)


def test_a_check_whose_findings_a_person_overruled_does_not_fail(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    hook(bench, "https://example.com/", HookEvent.check_failed)
    assert draft.report is not None
    blocked = Finding(grader="quote_verbatim", severity=Severity.block, target="C1", message="Not so")
    report = draft.report.model_copy(update={"verdict": Verdict.needs_fixes, "findings": (blocked,)})
    by_ida = Overruling(by="Ida", reason="It is.", at=datetime.now(UTC))
    overruled = blocked.model_copy(update={"overruled": by_ida})
    tell_check(bench, report.model_copy(update={"findings": (overruled,)}), draft)
    assert messages(bench) == []
    tell_check(bench, report, draft)
    assert len(messages(bench)) == 1
