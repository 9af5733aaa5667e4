"""Files of one name in one upload: each is a source of its own."""

from typing import Any

from starlette.testclient import TestClient

from tests.support.service import wait_for_job


def test_files_of_one_name_in_one_upload_keep_all_their_rows(client: TestClient) -> None:
    def sent(*files: tuple[str, bytes]) -> Any:
        answer = client.post("/v1/ingest", files=[("files", file) for file in files])
        return wait_for_job(client, answer.json()["id"])["result"]

    one, two = (
        f"id,text\n1,The {name} window shakes.\n2,The {name} door squeaks.\n".encode()
        for name in ("red", "blue")
    )
    first = sent(("namesake.csv", one), ("namesake.csv", two))
    assert (first["records"], [report["kept"] for report in first["files"]]) == (4, [2, 2])
    assert sent(("namesake.csv", two), ("namesake.csv", one))["records"] == 0
    foldered = sent(("jan/other.csv", one + b"3,So does the roof.\n"), ("feb/other.csv", two))
    assert foldered["records"] == 5
    assert "'feb/other'" in foldered["files"][1]["reasons"][-1]
