"""The files that pages load, and the lock of those that are vendored."""

import gzip
from hashlib import sha256
from importlib.resources import files

import pytest
from pydantic import TypeAdapter

from api.web.assets import address, assets, vendor_lock


def test_every_vendored_file_is_locked_and_is_what_the_lock_says() -> None:
    packages = TypeAdapter(list[dict[str, object]]).validate_python(vendor_lock()["packages"])
    locked = {}
    for package in packages:
        assert {"name", "version", "licence", "licence_file", "npm_integrity"} <= set(package)
        listed = TypeAdapter(list[dict[str, str]]).validate_python(package["files"])
        locked |= {one["file"]: one["sha256"] for one in listed}
        assert package["licence_file"] in locked
    folder = files("api.web") / "vendor"
    held = {
        one.name: sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.name != "lock.json"
    }
    assert held == locked


@pytest.mark.parametrize("name", ["voxspec.css", "islands/keys.js", "vendor/htmx.min.js", "icon.svg"])
def test_an_asset_is_served_packed_under_an_address_that_names_its_content(name: str) -> None:
    held = assets()[name]
    assert gzip.decompress(held.packed) == held.content
    assert address(name) == f"/static/{name}?v={sha256(held.content).hexdigest()[:12]}"


def test_all_of_our_own_and_vendored_assets_together_stay_light() -> None:
    assert sum(len(one.packed) for one in assets().values()) <= 100 * 1024
