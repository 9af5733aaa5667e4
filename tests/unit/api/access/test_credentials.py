"""Who sends a request, and what their role lets them do."""

import base64

import pytest
from starlette.datastructures import Headers

from api.access.credentials import LOCAL, ROOT, Credentials
from api.access.oidc import role_of
from api.access.rules import refusal
from api.access.sessions import local_path
from assistant.domain.access import Principal, Role, secret_hash
from assistant.settings import Settings

KEY = "a-key-of-some-length-0123456789"
ANN = Principal(name="ann", role=Role.editor, workspace="default", key_id="key_1")


def _find(hashed: str) -> Principal | None:
    return ANN if hashed == secret_hash("vxs_ann") else None


def _who(key: str | None, **headers: str) -> Principal | None:
    return Credentials(Settings.load(api_key=key)).principal(Headers(headers), _find)


def _basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"anyone:{secret}".encode()).decode()


@pytest.mark.parametrize(("secret", "who"), [(KEY, ROOT), ("vxs_ann", ANN)])
def test_a_key_is_taken_as_bearer_as_a_browsers_password_and_as_a_session(
    secret: str, who: Principal
) -> None:
    assert _who(KEY, authorization=f"Bearer {secret}") == who
    assert _who(KEY, authorization=_basic(secret)) == who
    assert _who(KEY, cookie=f"other=1; voxspec_session={secret}") == who


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer wrong", "Basic !!", "Basic /w==", f"Token {KEY}", KEY, "Bearer vxs_other"]
)
def test_with_a_key_set_strangers_stay_out(value: str) -> None:
    assert _who(KEY, authorization=value) is None


def test_on_its_own_machine_nobody_needs_a_key_but_one_of_ours_counts() -> None:
    assert _who(None) == LOCAL
    assert _who(None, authorization="Bearer sk-anything") == LOCAL
    assert _who(None, authorization="Bearer vxs_ann") == ANN
    assert _who(None, authorization="Bearer vxs_revoked") is None


READS = [
    ("GET", "/v1/drafts"),
    ("GET", "/"),
    ("HEAD", "/themes"),
    ("POST", "/v1/search"),
    ("POST", "/v1/checks"),
]
SENDS = [("POST", "/v1/ingest"), ("POST", "/v1/records"), ("POST", "/v1/drafts"), ("POST", "/v1/drafts/dra_1/revisions"),
         ("DELETE", "/v1/jobs/job_1"), ("POST", "/v1/chat/completions"), ("POST", "/v1/tickets")]  # fmt: skip
DECIDES = [("POST", "/v1/drafts/dra_1/approval"), ("POST", "/v1/drafts/dra_1/findings/abc/overrule"), ("POST", "/v1/drafts/dra_1/edits"),
           ("POST", "/v1/themes/edits"), ("POST", "/v1/evals"), ("DELETE", "/v1/mappings/x"), ("POST", "/drafts/dra_1/approval"),
           ("POST", "/v1/drafts/x/../approval")]  # fmt: skip
OWNS = [("GET", "/v1/keys"), ("POST", "/v1/keys"), ("DELETE", "/v1/keys/key_1"), ("GET", "/v1/audit"), ("GET", "/v1/audit/verify"),
        ("POST", "/v1/erasures"), ("GET", "/v1/audit.json")]  # fmt: skip
MAY = {
    Role.owner: READS + SENDS + DECIDES + OWNS,
    Role.editor: READS + SENDS + DECIDES,
    Role.machine: READS + SENDS,
    Role.viewer: READS,
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_its_own_and_nothing_else(role: Role) -> None:
    who = Principal(name="x", role=role, workspace="default")
    for asked in READS + SENDS + DECIDES + OWNS:
        refused = refusal(who, *asked)
        assert (refused is None) is (asked in MAY[role]), asked
        assert refused is None or refused.status == 403


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb", "evil"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(wanted: str) -> None:
    assert local_path(wanted) == "/"
    assert local_path("/drafts/dra_1?version=2") == "/drafts/dra_1?version=2"


def test_an_addresss_own_role_goes_before_its_domains() -> None:
    roles = {"Ann@example.com": Role.owner, "@example.com": Role.viewer}
    assert role_of("ann@example.com", roles) is Role.owner
    assert role_of("bob@example.com", roles) is Role.viewer
    assert role_of("bob@example.com.evil.example", roles) is None
