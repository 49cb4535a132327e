import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base.errors import Refused
from fieldcrm.base.vault import create, seal


def test_only_the_receiver_opens_and_only_in_the_same_context() -> None:
    mine, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    sealed = seal.seal("王淑珍".encode(), mine.public_key().public_bytes_raw(), b"package 0412")
    private = mine.private_bytes_raw()
    assert seal.open_sealed(sealed, private, b"package 0412").decode() == "王淑珍"
    tries = [
        (sealed, other.private_bytes_raw(), b"package 0412"),
        (sealed, private, b"package 0413"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), private, b"package 0412"),
        (sealed[:20], private, b"package 0412"),
        (b"", private, b"package 0412"),
    ]
    for bad, key, context in tries:
        with pytest.raises(Refused) as told:
            seal.open_sealed(bad, key, context)
        assert told.value.code == "sealed_for_another"


def test_device_signs_and_opens(tmp_path) -> None:
    book, _ = create(tmp_path, "x sentence")
    device = book.device
    signature = device.sign(b"package", b"header")
    assert seal.verify(device.signing_public, b"package", b"header", signature)
    assert not seal.verify(device.signing_public, b"grant", b"header", signature)
    assert not seal.verify(device.signing_public, b"package", b"headeR", signature)
    assert not seal.verify(b"\0" * 31, b"package", b"header", signature)
    assert not seal.verify(device.signing_public, b"package", b"header", signature[:63])
    assert device.open(seal.seal(b"grant", device.sealing_public, b"g"), b"g") == b"grant"


def test_fingerprint_is_twelve_stable_digits() -> None:
    one = seal.fingerprint(b"\1" * 32, b"\2" * 32)
    assert one == seal.fingerprint(b"\1" * 32, b"\2" * 32) != seal.fingerprint(b"\2" * 32, b"\1" * 32)
    assert [len(part) for part in one.split()] == [4, 4, 4]
    assert one.replace(" ", "").isdigit()


def test_domain_and_message_do_not_run_into_each_other(tmp_path) -> None:
    book, _ = create(tmp_path, "x sentence")
    signature = book.device.sign(b"ab", b"c")
    assert not seal.verify(book.device.signing_public, b"a", b"bc", signature)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_canonical_bytes_are_stable(value: object) -> None:
    import json

    raw = seal.canonical(value)
    assert json.loads(raw) == value
    assert seal.canonical(json.loads(raw)) == raw


def test_commitments_hide_and_bind() -> None:
    assert seal.commit(b"a" * 16, b"v") != seal.commit(b"b" * 16, b"v")
    assert seal.commit(b"a", b"bc") != seal.commit(b"ab", b"c")
    assert len(seal.commit(b"a" * 16, b"")) == 32
