"""Authors are pseudonymised under the installation's key, where it has one."""

from pathlib import Path

import pytest

from assistant.domain.ids import person_id
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.stores.person_key import read_person_key

KEY = "a secret of this installation"


def _file(home: Path, text: str, mode: int = 0o600) -> Settings:
    path = home / "person.key"
    path.write_text(text)
    path.chmod(mode)
    return Settings(home=home)


def test_without_a_key_pseudonyms_are_the_same_on_every_machine(tmp_path: Path) -> None:
    assert read_person_key(Settings(home=tmp_path)) == b""
    assert person_id("w", "Ann Lee") == person_id("w", "ann  lee", b"") == "per_385ef831a208ef3f"


def test_a_key_in_the_home_or_in_the_settings_changes_every_pseudonym(tmp_path: Path) -> None:
    key = read_person_key(_file(tmp_path, f"{KEY}\n"))
    assert key == read_person_key(Settings(home=tmp_path / "other", person_key=KEY))
    assert len(key) == 32
    keyed = person_id("w", "Ann Lee", key)
    assert keyed == person_id("w", "ann  lee", key)
    assert (
        len(
            {
                keyed,
                person_id("w", "Ann Lee"),
                person_id("v", "Ann Lee", key),
                person_id("w", "Ann Lee", b"k"),
            }
        )
        == 4
    )


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Others can read"):
        read_person_key(_file(tmp_path, KEY, 0o640))


@pytest.mark.parametrize("text", ["", "short"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="fewer than 16"):
        read_person_key(_file(tmp_path, text))


def test_no_message_shows_the_key(tmp_path: Path) -> None:
    assert KEY not in repr(Settings(home=tmp_path, person_key=KEY))
