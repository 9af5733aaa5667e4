"""Streams of records to a real server: constant memory, a client that goes away, a line without end, a killed import."""

import http.client
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.server_process import ServerProcess, server
from tests.support.waiting import until

HEADERS = {"Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"}
MB = 1 << 20
STREAM_MB = 160
ALLOWED_GROWTH_MB = 48
LINE = b'{"text": ' + b"-" * 100_000 + b"}\n"
"""Refused after it was read whole, so that the server's work is reading alone."""


def post(url: str, pieces: Iterator[bytes]) -> tuple[int, dict[str, Any]]:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request("POST", "/v1/records", body=pieces, headers=HEADERS, encode_chunked=True)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def get(url: str, path: str) -> Any:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def finished(url: str, job: dict[str, Any]) -> dict[str, Any]:
    until(lambda: get(url, f"/v1/jobs/{job['id']}")["state"] in {"done", "failed"})
    done: dict[str, Any] = get(url, f"/v1/jobs/{job['id']}")
    assert done["state"] == "done", done
    return dict(done["result"]["files"][0])


def records(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield json.dumps({"text": f"The export of board {number} hangs."}).encode() + b"\n"


def peak_mb(started: ServerProcess) -> int:
    status = Path(f"/proc/{started.pid}/status").read_text()
    [kilobytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(kilobytes) // 1024


def cpu_s(started: ServerProcess) -> float:
    fields = Path(f"/proc/{started.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kept_files(home: Path) -> list[Path]:
    return [path for path in home.glob("uploads/**/*") if path.is_file()]


def long_stream(megabytes: int) -> Iterator[bytes]:
    yield from records(20)
    for _ in range(megabytes * MB // len(LINE)):
        yield LINE


def test_the_memory_stays_the_same_however_long_the_stream_is(tmp_path: Path) -> None:
    with server(tmp_path) as started:
        # Embedder and index are loaded before the measurement begins.
        assert finished(started.url, post(started.url, records(200))[1])["kept"] == 200
        before = peak_mb(started)
        status, job = post(started.url, long_stream(STREAM_MB))
        assert status == 202
        report = finished(started.url, job)
        assert report["rejected"] == STREAM_MB * MB // len(LINE)
        assert report["duplicate"] == 20
        assert peak_mb(started) - before <= ALLOWED_GROWTH_MB
        assert kept_files(tmp_path) == []


def test_a_line_without_end_is_refused_at_once(tmp_path: Path) -> None:
    with server(tmp_path) as started:
        get(started.url, "/healthz")
        memory, cpu = peak_mb(started), cpu_s(started)
        piece = b"x" * MB
        head = b"POST /v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n"
        sent = 0
        with raw_connection(started.url) as connection:
            connection.sendall(head + b"Content-Length: %d\r\n\r\n" % (1024 * MB))
            try:
                while sent < 1024 * MB:
                    connection.sendall(piece)
                    sent += MB
            except OSError:
                pass  # The server has answered and hung up.
        assert sent < 64 * MB
        assert cpu_s(started) - cpu <= 1.0
        assert peak_mb(started) - memory <= 64
        assert kept_files(tmp_path) == []


def test_a_client_that_goes_away_leaves_nothing_and_may_send_it_again(tmp_path: Path) -> None:
    with server(tmp_path) as started:
        head = b"POST /v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n"
        with raw_connection(started.url) as connection:
            connection.sendall(head + b"Content-Length: 5000000\r\n\r\n" + b"".join(records(50)))
            until(lambda: len(kept_files(tmp_path)) == 1)
        until(lambda: not kept_files(tmp_path))
        assert get(started.url, "/v1/records")["items"] == []
        report = finished(started.url, post(started.url, records(50))[1])
        assert (report["rows"], report["kept"]) == (50, 50)


def test_records_that_were_taken_survive_a_kill_of_the_server(tmp_path: Path) -> None:
    with server(tmp_path) as started:
        status, job = post(started.url, records(1_000))
        assert status == 202
        assert started.stop(signal.SIGKILL) != 0
    with server(tmp_path) as started:
        report = finished(started.url, job)
        assert (report["rows"], report["kept"] + report["duplicate"]) == (1_000, 1_000)
        again = finished(started.url, post(started.url, records(1_000))[1])
        assert (again["kept"], again["duplicate"]) == (0, 1_000)
        assert kept_files(tmp_path) == []


def raw_connection(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=60)
