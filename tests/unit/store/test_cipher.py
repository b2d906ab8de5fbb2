"""Sealed values: what was sealed opens in its own row and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.store.cipher import Broken, Cipher, NoEnvelope, NoKey
from suyuan.store.key_ring import add_key, create_key_ring, drop_key

HERE = b"person/17/name"


class Lodging(msgspec.Struct):
    """A small thing to seal."""

    name: str
    since: date


@pytest.fixture(scope="module")
def cipher(tmp_path_factory: pytest.TempPathFactory) -> Cipher:
    """Return a cipher with fresh keys."""
    return Cipher(create_key_ring(tmp_path_factory.mktemp("keys") / "keys.toml"))


@given(plain=st.binary(max_size=200), context=st.binary(max_size=40))
def test_what_is_sealed_opens_again(cipher: Cipher, plain: bytes, context: bytes):
    """Any value opens in its place, costs 33 bytes more, and is never sealed to the same bytes twice."""
    blob = cipher.seal(plain, context)
    assert cipher.open_sealed(blob, context) == plain
    assert cipher.open_sealed(memoryview(blob), context) == plain
    assert len(blob) == len(plain) + 33
    assert cipher.seal(plain, context) != blob


def test_a_value_opens_in_no_other_row(cipher: Cipher):
    """A value that was copied to another person or field is refused."""
    blob = cipher.seal("张伟".encode(), HERE)
    for elsewhere in (b"person/18/name", b"person/17/address", b""):
        with pytest.raises(Broken):
            cipher.open_sealed(blob, elsewhere)


@given(at=st.integers(0), bit=st.integers(0, 7))
def test_every_changed_bit_is_noticed(cipher: Cipher, at: int, bit: int):
    """No bit of a sealed value can be changed, header and nonce included, without a typed refusal."""
    blob = bytearray(cipher.seal(b"a value", HERE))
    blob[at % len(blob)] ^= 1 << bit
    with pytest.raises((NoEnvelope, NoKey, Broken)):
        cipher.open_sealed(bytes(blob), HERE)


@pytest.mark.parametrize("length", [0, 1, 32])
def test_what_is_too_short_is_no_envelope(cipher: Cipher, length: int):
    """A torn value is told apart from a changed one."""
    with pytest.raises(NoEnvelope):
        cipher.open_sealed(cipher.seal(b"", HERE)[:length], HERE)


def test_rotation_of_keys(tmp_path: Path):
    """After a new key old values open and ask to be sealed anew; after the old key went they name what is missing."""
    path = tmp_path / "keys.toml"
    first = create_key_ring(path)
    blob = Cipher(first).seal(b"a value", HERE)
    rotated = Cipher(add_key(path))
    assert rotated.open_sealed(blob, HERE) == b"a value"
    assert rotated.needs_new_key(blob)
    anew = rotated.seal(rotated.open_sealed(blob, HERE), HERE)
    assert not rotated.needs_new_key(anew)
    left = Cipher(drop_key(path, first.current))
    assert left.open_sealed(anew, HERE) == b"a value"
    with pytest.raises(NoKey) as problem:
        left.open_sealed(blob, HERE)
    assert first.current in problem.value.sentence()


def test_structs(cipher: Cipher):
    """A struct comes back as itself; another shape is refused without a word of the value."""
    lodging = Lodging("王小明", date(2022, 7, 1))
    blob = cipher.seal_json(lodging, HERE)
    assert cipher.open_json(blob, HERE, Lodging) == lodging
    with pytest.raises(Broken) as problem:
        cipher.open_json(blob, HERE, list[int])
    assert problem.value.code == "sealed.no_json"
    assert "王" not in problem.value.sentence()


def test_blind_index(cipher: Cipher, tmp_path: Path):
    """Equal texts of a kind meet; other kinds, other texts and other keys do not, though the joined text be equal."""
    entry = cipher.blind("telephone", "+8613912345678")
    assert len(entry) == 16
    assert entry == cipher.blind("telephone", "+8613912345678")
    assert entry != cipher.blind("name", "+8613912345678")
    assert cipher.blind("ab", "c") != cipher.blind("a", "bc")
    assert entry != Cipher(create_key_ring(tmp_path / "keys.toml")).blind("telephone", "+8613912345678")


def test_the_index_outlives_a_rotation(tmp_path: Path):
    """A new encryption key leaves every index entry as it is."""
    path = tmp_path / "keys.toml"
    before = Cipher(create_key_ring(path)).blind("name", "张伟")
    assert Cipher(add_key(path)).blind("name", "张伟") == before


def test_repr_shows_the_key_id_only(cipher: Cipher):
    """What a log prints of a cipher is the id of its key."""
    assert repr(cipher).startswith("Cipher(current='")
    assert len(repr(cipher)) == len("Cipher(current='')") + 8
