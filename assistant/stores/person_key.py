"""The secret under which authors are pseudonymised, where an installation has one."""

import stat
from hashlib import sha256

from assistant.errors import UsageError
from assistant.settings import Settings

FILE = "person.key"
"""In VOXSPEC_HOME, readable by its owner alone."""
_LEAST_CHARS = 16


def read_person_key(settings: Settings) -> bytes:
    """The key as 32 bytes; empty where there is none.

    It is `VOXSPEC_PERSON_KEY`, else what stands in `$VOXSPEC_HOME/person.key`. With none a pseudonym is a plain hash, the same
    on every machine, which whoever guesses a name can confirm.

    Raises: UsageError for a key that others can read, or that is too short to be one.
    """
    if settings.person_key is not None:
        return _digested(settings.person_key.get_secret_value(), "VOXSPEC_PERSON_KEY")
    path = settings.home / FILE
    try:
        mode, held = path.stat().st_mode, path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return b""
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(
            f"The key of the pseudonyms in {path} can't be read.",
            hint="Give it back its owner and mode 0600.",
        ) from problem
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(
            f"Others can read the key of the pseudonyms in {path}.", hint=f"Run chmod 600 {path}."
        )
    return _digested(held, str(path))


def _digested(secret: str, origin: str) -> bytes:
    if len(secret.strip()) < _LEAST_CHARS:
        raise UsageError(
            f"The key of the pseudonyms in {origin} has fewer than {_LEAST_CHARS} characters.",
            hint="Make one with: python -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return sha256(secret.strip().encode()).digest()
