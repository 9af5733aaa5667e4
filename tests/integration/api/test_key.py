"""The service with a key."""

from pathlib import Path

from tests.support.service import running

KEY = "a-key-of-some-length-0123456789"


def test_with_a_key_set_everything_but_liveness_asks_for_it(tmp_path: Path) -> None:
    with running(tmp_path, api_key=KEY) as client:
        assert client.get("/healthz").status_code == 200
        for address in ("/", "/v1/jobs", "/metrics", "/readyz", "/openapi.json"):
            refused = client.get(address)
            assert refused.status_code == 401, address
            assert refused.headers["www-authenticate"].startswith("Bearer")
            assert refused.json()["code"] == "key-required"
        # What the page for signing in needs.
        assert client.get("/static/voxspec.css").status_code == 200
        assert client.get("/v1/jobs", headers={"Authorization": f"Bearer {KEY}"}).status_code == 200
        assert client.get("/", auth=("me", KEY)).status_code == 200
        assert KEY not in client.get("/metrics", auth=("me", KEY)).text
