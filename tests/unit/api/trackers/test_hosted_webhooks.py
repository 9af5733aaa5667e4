"""What GitHub and GitLab tell by webhook: tickets, comments, what is gone, and what we wrote ourselves."""

import json
from typing import Any

import pytest

from api.trackers.port import Forged, Happened
from assistant.domain.ticket import TicketState, marker, with_marker
from tests.support import github_server, gitlab_server
from tests.support.webhook_schemes import GITHUB_MESSAGE, GITLAB_MESSAGE, NOW, SCHEMES

GITHUB, GITLAB_SIGNED, GITLAB_TOKEN = SCHEMES[:3]
OURS = marker("evidence/desk/7")
AT = "2026-03-04T05:06:07Z"


def github(action: str, **told: Any) -> dict[str, Any]:
    return {**GITHUB_MESSAGE, "action": action, **told}


def gitlab_note(text: str, **told: Any) -> dict[str, Any]:
    about = {
        "id": 301, "note": text, "noteable_type": "Issue", "author_id": 7, "action": "create", "system": False,
        "created_at": "2026-03-04 05:06:07 UTC", "updated_at": "2026-03-04 05:06:07 UTC",
    }  # fmt: skip
    issue = {"id": 9007, "iid": 7, "title": "Exports", "state": "opened"}
    return {**GITLAB_MESSAGE, "object_kind": "note", "object_attributes": about | told, "issue": issue}


@pytest.mark.parametrize("action", ["deleted", "transferred"])
def test_an_issue_that_is_gone_from_github_is_removed(action: str) -> None:
    told = GITHUB.read(*GITHUB.genuine(github(action)))
    assert (told.happened, told.key, told.ticket) == (Happened.removed, "7", None)


def test_a_change_on_github_tells_the_whole_ticket() -> None:
    issue = github_server.issue(7, "ada", AT) | {
        "state": "closed", "state_reason": "not_planned", "body": "One\r\n\r\nTwo",
        "labels": [github_server.label("bug"), github_server.label("api")],
        "parent_issue_url": "https://api.github.com/repos/kanbo/app/issues/3",
    }  # fmt: skip
    ticket = GITHUB.read(*GITHUB.genuine(github("closed", issue=issue))).ticket
    assert ticket is not None
    assert (ticket.state, ticket.status) == (TicketState.closed, "not_planned")
    assert (ticket.body, ticket.labels, ticket.parent) == ("One\n\nTwo", ("api", "bug"), "3")
    assert (ticket.author, ticket.marker) == ("ada", "")


@pytest.mark.parametrize("action", ["created", "edited"])
def test_a_comment_on_github_tells_its_text_and_its_author(action: str) -> None:
    said = github_server.comment(501, 7, "grace", "/story", AT)
    told = GITHUB.read(*GITHUB.genuine(github(action, comment=said, sender=github_server.user("grace"))))
    assert (told.happened, told.key, told.actor) == (Happened.comment, "7", "grace")
    assert told.comment is not None
    assert (told.comment.id, told.comment.text, told.comment.marker) == ("501", "/story", "")


def test_a_deleted_comment_commands_nothing_and_removes_no_ticket() -> None:
    said = github_server.comment(501, 7, "grace", "/story", AT)
    told = GITHUB.read(*GITHUB.genuine(github("deleted", comment=said)))
    assert (told.happened, told.comment) == (Happened.ticket, None)


def test_a_deleted_comment_sent_again_as_a_deleted_issue_is_forged() -> None:
    said = github_server.comment(501, 7, "grace", "/story", AT)
    headers, body = GITHUB.genuine(github("deleted", comment=said))
    with pytest.raises(Forged, match="event"):
        GITHUB.read({**headers, "x-github-event": "issues"}, body)


def test_a_ping_and_a_pull_request_are_nothing_to_us() -> None:
    headers, body = GITHUB.genuine({"zen": "Keep it logically awesome.", "hook_id": 1})
    assert GITHUB.read({**headers, "x-github-event": "ping"}, body).happened is Happened.other
    pull = github_server.issue(8, "ada", AT) | {"pull_request": {"url": "https://api.github.com"}}
    said = github_server.comment(501, 8, "grace", "/story", AT)
    told = GITHUB.read(*GITHUB.genuine(github("created", issue=pull, comment=said)))
    assert told.happened is Happened.other


def test_our_own_words_come_back_from_github_with_their_marker() -> None:
    issue = github_server.issue(7, "voxspec-bot", AT) | {"body": with_marker("Body", OURS)}
    ticket = GITHUB.read(*GITHUB.genuine(github("opened", issue=issue))).ticket
    assert ticket is not None
    assert (ticket.body, ticket.marker) == ("Body", OURS)
    said = github_server.comment(501, 7, "voxspec-bot", with_marker("12 people", OURS), AT)
    comment = GITHUB.read(*GITHUB.genuine(github("created", issue=issue, comment=said))).comment
    assert comment is not None
    assert (comment.text, comment.marker) == ("12 people", OURS)


def test_our_own_words_come_back_from_gitlab_with_their_marker() -> None:
    told = GITLAB_SIGNED.read(*GITLAB_SIGNED.genuine(gitlab_note(with_marker("12 people\n\\/close", OURS))))
    assert (told.happened, told.key) == (Happened.comment, "7")
    assert told.comment is not None
    assert (told.comment.id, told.comment.text, told.comment.marker) == ("301", "12 people\n/close", OURS)


def test_an_issue_of_gitlab_is_asked_for_as_its_message_does_not_tell_who_wrote_it() -> None:
    for kind in ("issue", "work_item"):
        message = {**GITLAB_MESSAGE, "object_kind": kind}
        message["object_attributes"] = {**GITLAB_MESSAGE["object_attributes"], "type": "Task"}
        told = GITLAB_SIGNED.read(*GITLAB_SIGNED.genuine(message))
        assert (told.happened, told.key, told.ticket) == (Happened.ticket, "7", None)
    message["object_attributes"]["type"] = "Epic"
    assert GITLAB_SIGNED.read(*GITLAB_SIGNED.genuine(message)).happened is Happened.other


def test_what_gitlab_itself_notes_and_other_events_are_nothing_to_us() -> None:
    merge = gitlab_note("looks good", noteable_type="MergeRequest")
    del merge["issue"]
    for message in (gitlab_note("closed", system=True), merge, {**GITLAB_MESSAGE, "object_kind": "push"}):
        assert GITLAB_SIGNED.read(*GITLAB_SIGNED.genuine(message)).happened is Happened.other


def test_a_signature_that_does_not_fit_is_not_made_good_by_a_token() -> None:
    headers, body = GITLAB_SIGNED.genuine()
    token, signing = GITLAB_TOKEN.secrets[0], GITLAB_SIGNED.secrets[0]
    both = {**headers, "x-gitlab-token": token}
    assert GITLAB_SIGNED.read(both, body, signing, token).key == "7"
    with pytest.raises(Forged):
        GITLAB_SIGNED.read(both, body + b" ", signing, token)
    with pytest.raises(Forged):
        GITLAB_SIGNED.read({**headers, "x-gitlab-token": signing}, body + b" ", signing)


def test_a_signing_token_is_never_taken_as_it_is() -> None:
    headers, body = GITLAB_TOKEN.genuine(secret=GITLAB_SIGNED.secrets[0])
    with pytest.raises(Forged):
        GITLAB_TOKEN.read(headers, body, GITLAB_SIGNED.secrets[0])


def test_one_of_several_signatures_is_enough() -> None:
    headers, body = GITLAB_SIGNED.genuine()
    several = "v1a,abc v1,def " + headers["webhook-signature"]
    assert GITLAB_SIGNED.read({**headers, "webhook-signature": several}, body).key == "7"


def test_gitlabs_signed_id_counts_and_the_other_one_does_not() -> None:
    headers, body = GITLAB_SIGNED.genuine()
    assert GITLAB_SIGNED.read({**headers, "idempotency-key": "another"}, body).delivery_id == "delivery-1"
    with pytest.raises(Forged):
        GITLAB_SIGNED.read({**headers, "webhook-id": "another"}, body)


def test_an_old_gitlab_that_names_only_the_event_gets_one_id_per_message() -> None:
    headers, body = GITLAB_TOKEN.genuine()
    del headers["idempotency-key"]
    headers["x-gitlab-event-uuid"] = "event-1"
    other = json.dumps({**GITLAB_MESSAGE, "changes": {"title": {}}}).encode()
    first, again, caused = (GITLAB_TOKEN.read(headers, one).delivery_id for one in (body, body, other))
    assert first == again
    assert first != caused


def test_a_message_of_github_without_an_id_gets_one_from_itself() -> None:
    headers, body = GITHUB.genuine()
    del headers["x-github-delivery"]
    first, again = (GITHUB.read(headers, body, now=NOW).delivery_id for _ in range(2))
    assert first == again
    other = GITHUB.genuine(github("edited"))
    del other[0]["x-github-delivery"]
    assert GITHUB.read(*other).delivery_id != first


def test_a_numeric_project_of_gitlab_is_known_by_its_number() -> None:
    numbered = GITLAB_SIGNED.connection.model_copy(update={"project": "15"})
    headers, body = GITLAB_SIGNED.genuine()
    webhook = GITLAB_SIGNED.kind.webhook
    assert webhook is not None
    assert webhook.read(numbered, headers, body, GITLAB_SIGNED.secrets[:1], NOW).key == "7"


def test_somebodys_text_keeps_its_slashes() -> None:
    told = GITLAB_SIGNED.read(*GITLAB_SIGNED.genuine(gitlab_note("\\/close\n/story")))
    assert told.comment is not None
    assert told.comment.text == "\\/close\n/story"
    assert told.actor != gitlab_server.LOGIN
