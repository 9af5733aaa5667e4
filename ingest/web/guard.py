"""Which addresses may be connected to, and the check where it counts: on the connection itself."""

import socket
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from ssl import SSLContext
from threading import Thread
from typing import Any

import httpcore2

from assistant.errors import InputRejected

Allow = Callable[[str], bool]
"""Whether an IP address may be connected to."""
Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to IP addresses. Raises: OSError where there are none."""

_NAT64 = IPv6Network("64:ff9b::/96")
_CONNECT_S = 10.0
_RESOLVE_S = 5.0


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet, also behind the ways to write IPv4 inside IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is not None:
            return is_public(str(inner))
        if found.teredo is not None or found.is_site_local:
            return False
    outside = (
        found.is_multicast
        or found.is_reserved
        or found.is_unspecified
        or found.is_loopback
        or found.is_link_local
    )
    return found.is_global and not outside


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a router would make of an IPv6 one."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, as the system knows them."""
    return list(
        dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    )


@dataclass(frozen=True)
class Guard:
    """What a fetch may reach, and for how long."""

    allow: Allow = is_public
    resolve: Resolve = resolve
    seconds: float = 30.0
    """For everything together, redirects and all."""
    resolve_s: float = _RESOLVE_S
    """For one name."""


class GuardedBackend(httpcore2.NetworkBackend):
    """Resolves a name once, connects to an address that was checked, and looks at the peer again.

    A name that answers differently the next time gains nothing: nobody asks a second time.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._until = time.monotonic() + guard.seconds
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers. Raises: InputRejected if one of the host's addresses isn't allowed."""
        addresses = _in_time(
            lambda: self._guard.resolve(host, port),
            _left(self._until, min(self._guard.resolve_s, _CONNECT_S)),
        )
        for address in addresses:
            self._check(host, address)
        problem: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(
                    address, port, _left(self._until, _CONNECT_S), None, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failure:
                problem = failure
                continue
            peer = stream.get_extra_info("server_addr")
            if not peer or not self._guard.allow(str(peer[0])):
                stream.close()
                self._check(host, str(peer[0]) if peer else "")
            return _TimedStream(stream, self._until)
        raise problem

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Never: a page doesn't lie in a socket of this machine."""
        raise httpcore2.UnsupportedProtocol("no unix sockets")

    def _check(self, host: str, address: str) -> None:
        if not self._guard.allow(address):
            raise InputRejected(
                f"'{host}' leads to {address or 'an unknown address'}, which isn't a public address.",
                hint="Only pages of the public internet are fetched; save the page and import the file.",
            )


def _in_time(resolve: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """What a name server says, if it says it in time: the system's own call takes no limit."""
    answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve())
        except (OSError, UnicodeError) as problem:
            answers.put(problem)

    # A daemon, so that a name server which never answers doesn't keep the process from ending.
    Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty as silence:
        raise httpcore2.ConnectTimeout("the name server doesn't answer") from silence
    if isinstance(answer, OSError | UnicodeError):
        raise answer
    return answer


class _TimedStream(httpcore2.NetworkStream):
    """A connection that ends with the fetch's time, however slowly its bytes trickle in."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout))
        return _TimedStream(inner, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float, limit: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("out of time")
    return left if limit is None else min(left, limit)
