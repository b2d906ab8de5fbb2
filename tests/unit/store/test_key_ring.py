"""The key file: private, whole, never overwritten, never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from suyuan.reporting import whole_files
from suyuan.store.key_ring import KeyRing, add_key, create_key_ring, drop_key, load_key_ring
from suyuan.terms import BadInput, BadUsage

posix = pytest.mark.skipif(os.name != "posix", reason="rights of files are another matter on Windows")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a key file."""
    path = tmp_path / "secrets" / "keys.toml"
    create_key_ring(path)
    return path


def test_what_is_written_is_read(path: Path):
    """A new ring has one key in use and an index key, each of 32 bytes, and comes back from its file as it was."""
    ring = load_key_ring(path)
    assert list(ring.keys) == [ring.current]
    assert len(ring.keys[ring.current].secret) == len(ring.index.secret) == 32
    assert ring.index.secret != ring.keys[ring.current].secret
    again = load_key_ring(path)
    assert (again.current, dict(again.keys), again.index) == (ring.current, dict(ring.keys), ring.index)


@posix
def test_only_the_owner_can_read_it(path: Path):
    """The file has the rights 0600, also after a change, and one that others can read is refused with the mend."""
    add_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        with pytest.raises(BadInput) as problem:
            load_key_ring(path)
        assert problem.value.code == "keys.open"
        assert "chmod 600" in problem.value.sentence()


def test_a_new_ring_never_overwrites_one(path: Path):
    """Making keys where keys are is refused and changes nothing."""
    before = path.read_bytes()
    with pytest.raises(BadUsage) as problem:
        create_key_ring(path)
    assert problem.value.code == "keys.taken"
    assert path.read_bytes() == before


def test_rotation(path: Path):
    """A new key is the one in use, the older is kept until it is dropped; the index key stays the same."""
    first = load_key_ring(path)
    second = add_key(path)
    assert second.current != first.current
    assert set(second.keys) == {first.current, second.current}
    assert second.index == first.index
    third = drop_key(path, first.current)
    assert set(load_key_ring(path).keys) == set(third.keys) == {second.current}


def test_dropping_what_must_stay(path: Path):
    """The key in use and an unknown key cannot be dropped."""
    ring = load_key_ring(path)
    with pytest.raises(BadUsage) as problem:
        drop_key(path, ring.current)
    assert problem.value.code == "keys.current"
    with pytest.raises(BadUsage) as problem:
        drop_key(path, "00000000")
    assert problem.value.code == "keys.unknown"


def test_a_crash_while_writing_leaves_the_old_keys(path: Path, monkeypatch: pytest.MonkeyPatch):
    """If the machine stops before the new file is in its place, the old one is there, whole, with nothing beside it."""
    before = path.read_bytes()

    def crash(_part: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(whole_files, "_flush", crash)
    with pytest.raises(KeyboardInterrupt):
        add_key(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir() if each.name.endswith(".part")] == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('secret = "', 'secret = "AAAA', "keys.damaged"),
        ('check = "', 'check = "0', "keys.damaged"),
        ('generation = "', 'generation = "x', "keys.damaged"),
        ('current = "', 'current = "x', "keys.unknown"),
        ("[index]", "[index", "keys.unreadable"),
        ("[index]", "[other]", "keys.unreadable"),
        ("current", "currant", "keys.unreadable"),
    ],
)
def test_a_damaged_file_is_told_without_its_secrets(path: Path, old: str, new: str, code: str):
    """Whatever is wrong with the file is said, and the sentence holds no part of a secret."""
    secrets = [line.split('"')[1] for line in path.read_text("utf-8").splitlines() if line.startswith("secret")]
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as problem:
        load_key_ring(path)
    assert problem.value.code == code
    assert not any(secret[:6] in problem.value.sentence() for secret in secrets)


def test_an_absent_file(tmp_path: Path):
    """Without the file there is a sentence, not a traceback."""
    with pytest.raises(BadInput) as problem:
        load_key_ring(tmp_path / "keys.toml")
    assert problem.value.code == "keys.absent"


def test_repr_hides_the_secrets(path: Path):
    """What a log prints of a ring holds no secret."""
    ring: KeyRing = load_key_ring(path)
    for key in (ring.index, *ring.keys.values()):
        assert repr(key.secret) not in repr(ring)
        assert "secret" not in repr(key)
