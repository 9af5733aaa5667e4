"""One POST to somebody's address. It connects to what was checked, follows nothing, and reads no answer but its status."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from urllib.parse import urlsplit

import httpcore2

from api.trackers.web import retry_after_s
from assistant.errors import InputRejected, TrackerRateLimited, TrackerRefused, TrackerUnavailable, UsageError
from ingest.web.fetch import checked_url
from ingest.web.guard import Guard, GuardedBackend

_SECONDS = 20.0
_GONE = 410
_TOO_MANY = 429


def demand_url(url: str, *, private: bool) -> str:
    """The address as it is called. Args: private: whether the owner lets hooks reach private addresses.

    Raises: UsageError for one without TLS that isn't allowed to be private, InputRejected for what is no web address.
    """
    found = checked_url(url)
    if urlsplit(found).scheme != "https" and not private:
        raise UsageError(
            "The address of a hook begins with https://.",
            hint="Set VOXSPEC_PRIVATE_HOOKS=true where it is a service of your own network.",
        )
    return found


def post(url: str, headers: Mapping[str, str], body: bytes, guard: Guard) -> None:
    """Send it; any 2xx is an arrival.

    Raises: TrackerUnavailable, TrackerRateLimited (it may be repeated), TrackerRefused (it may not).
    """
    host = urlsplit(url).hostname or ""
    backend = GuardedBackend(replace(guard, seconds=min(guard.seconds, _SECONDS)))
    sent = {"Content-Type": "application/json", "User-Agent": f"Voxspec/{version('voxspec')}", "Connection": "close", **headers}  # fmt: skip
    try:
        with (
            httpcore2.ConnectionPool(network_backend=backend, max_connections=1, max_keepalive_connections=0) as pool,
            pool.stream("POST", url, headers=list(sent.items()), content=body) as answer,
        ):  # fmt: skip
            status = answer.status
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    except InputRejected as problem:
        raise TrackerRefused(
            f"'{host}' leads to an address that isn't public.",
            hint="Set VOXSPEC_PRIVATE_HOOKS=true where it is a service of your own network.",
        ) from problem
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, OSError, UnicodeError) as problem:  # fmt: skip
        raise TrackerUnavailable(
            f"{host} can't be reached, or gives no answer in time.", hint="It is tried again."
        ) from problem
    if 200 <= status < 300:
        return
    if status == _GONE:
        raise TrackerRefused(
            f"{host} says that it is gone for good (410).", hint="Remove the hook, or correct its address."
        )
    wait = retry_after_s(told)
    if status == _TOO_MANY and wait is not None:
        raise TrackerRateLimited(f"{host} asks to slow down.", hint="It is tried again.", retry_after_s=wait)
    raise TrackerUnavailable(f"{host} answered {status}.", hint="It is tried again.")
