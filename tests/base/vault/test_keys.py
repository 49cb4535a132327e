from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldcrm.base import vault
from fieldcrm.base.errors import Environment, InvalidField, Refused
from fieldcrm.base.vault import keys, sidecar, slots
from fieldcrm.base.vault.seal import canonical


@pytest.fixture
def made(tmp_path: Path) -> tuple[vault.Vault, str]:
    return vault.create(tmp_path, "correct horse 电池")


def test_password_and_recovery_code_give_the_same_keys(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    first, code = made
    by_password = vault.unlock(tmp_path, password="correct horse 电池")
    by_code = vault.unlock(tmp_path, recovery_code=code.lower().replace("-", " "))
    assert first.data_key == by_password.data_key == by_code.data_key
    assert first.backup_key == by_code.backup_key
    assert len({first.data_key, first.backup_key, first.master}) == 3
    assert first.device == by_code.device
    assert by_code.book_id == first.book_id


def test_wrong_password_and_foreign_code_have_one_sentence_each(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, password="correct horse")
    assert told.value.code == "wrong_password"
    assert told.value.sentence == "The password is wrong."
    _, foreign = vault.create(tmp_path / "other", "x sentence")
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, recovery_code=foreign)
    assert told.value.code == "wrong_recovery_code"


def test_full_width_letters_are_the_letters(tmp_path: Path) -> None:
    vault.create(tmp_path, "abc12345")
    assert vault.unlock(tmp_path, password="ａｂｃ１２３４５")


def test_empty_password_second_vault_and_missing_vault(tmp_path: Path) -> None:
    with pytest.raises(InvalidField):
        vault.create(tmp_path, "")
    with pytest.raises(Environment) as told:
        vault.unlock(tmp_path, password="x sentence")
    assert told.value.code == "vault_missing"
    vault.create(tmp_path, "x sentence")
    with pytest.raises(Refused) as again:
        vault.create(tmp_path, "x sentence")
    assert again.value.code == "vault_exists"


@pytest.mark.parametrize("poor", ["", "1234567", "　密码 ", "ﬁ12345"[1:]])
def test_a_new_password_has_eight_characters(made: tuple[vault.Vault, str], tmp_path: Path, poor: str) -> None:
    book, _ = made
    for change in (
        lambda: vault.create(tmp_path / "other", poor),
        lambda: book.change_password(poor),
        lambda: book.with_new_master(poor),
    ):
        with pytest.raises(InvalidField) as told:
            change()
        assert (told.value.field, told.value.code) == ("password", "password_short" if poor else "password_empty")
    assert not vault.exists(tmp_path / "other")
    assert vault.unlock(tmp_path, password="correct horse 电池")
    vault.check_password("八个字也是密码。")


def test_a_short_password_of_before_still_opens(
    made: tuple[vault.Vault, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(slots, "SHORTEST", 3)
        made[0].change_password("abc")
    assert vault.unlock(tmp_path, password="abc")


def test_changing_the_password_rewraps_and_the_old_one_ends(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    book, code = made
    before = book.data_key
    book.change_password("new one sentence")
    assert vault.unlock(tmp_path, password="new one sentence").data_key == before
    assert vault.unlock(tmp_path, recovery_code=code).data_key == before
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, password="correct horse 电池")
    assert told.value.code == "wrong_password"


def test_an_old_copy_left_by_a_kill_does_not_keep_the_old_password(tmp_path: Path) -> None:
    book, _ = vault.create(tmp_path, "old sentence")
    old = (tmp_path / sidecar.NAMES[1]).read_bytes()
    book.change_password("new sentence")
    (tmp_path / sidecar.NAMES[1]).write_bytes(old)
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, password="old sentence")
    assert told.value.code == "wrong_password"
    vault.unlock(tmp_path, password="new sentence")
    assert (tmp_path / sidecar.NAMES[1]).read_bytes() == (tmp_path / sidecar.NAMES[0]).read_bytes()


def test_new_recovery_code_ends_the_one_before(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    book, code = made
    fresh = book.new_recovery_code()
    assert vault.unlock(tmp_path, recovery_code=fresh).data_key == book.data_key
    with pytest.raises(Refused):
        vault.unlock(tmp_path, recovery_code=code)


def test_office_slot_opens_and_can_be_taken_away(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    book, _ = made
    office = X25519PrivateKey.generate()
    slot = book.add_office(office.public_key().public_bytes_raw(), "恢复")
    private = office.private_bytes_raw()
    book_id, device_id, (offered,) = keys.office_slots(tmp_path)
    assert (book_id, device_id) == (book.book_id, book.device_id)
    master = slots.open_office(book_id, offered, private)
    assert master is not None
    assert keys.reopen(tmp_path, master).data_key == book.data_key
    assert slots.open_office(book_id, offered, X25519PrivateKey.generate().private_bytes_raw()) is None
    with pytest.raises(Refused) as told:
        keys.reopen(tmp_path, bytes(32))
    assert told.value.code == "wrong_office_key"
    book.remove_slot(slot)
    assert keys.office_slots(tmp_path)[2] == []
    with pytest.raises(Refused) as last:
        book.remove_slot(book.slots()[0].id)
    assert last.value.code == "last_slot"


def test_secrets_are_kept_and_never_in_clear(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    book, _ = made
    address = "postgresql+psycopg://office:s3cret-marker@db.example/crm"
    book.set_secret("database", address)
    assert vault.unlock(tmp_path, password="correct horse 电池").secret("database") == address
    assert all(b"s3cret-marker" not in file.read_bytes() for file in tmp_path.iterdir())
    book.set_secret("database", None)
    assert book.secret("database") is None


def test_locked_vault_gives_nothing(made: tuple[vault.Vault, str]) -> None:
    book, _ = made
    shown = repr(book) + repr(book.device)
    assert book.data_key.hex() not in shown
    assert repr(book.master) not in shown
    book.lock()
    for ask in (lambda: book.data_key, lambda: book.device, lambda: book.secret("database")):
        with pytest.raises(Refused) as told:
            ask()
        assert told.value.code == "vault_locked"


def _rewrite(folder: Path, change: Any, names: tuple[str, ...] = sidecar.NAMES) -> None:
    """Change the body as somebody with an editor would, with a right checksum."""
    for name in names:
        whole = json.loads((folder / name).read_bytes())
        change(whole["body"])
        whole["check"] = slots.checksum(canonical(whole["body"]))
        (folder / name).write_text(json.dumps(whole))


def test_weaker_argon2_parameters_are_refused(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    _rewrite(tmp_path, lambda body: body["slots"][0]["params"].update(memory=1024))
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, password="correct horse 电池")
    assert told.value.code == "vault_tampered"


def test_stalling_argon2_parameters_are_refused(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    _rewrite(tmp_path, lambda body: body["slots"][0]["params"].update(memory=1 << 30))
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, password="correct horse 电池")
    assert told.value.code == "vault_tampered"


def test_a_slot_of_another_book_or_an_added_one_is_refused(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    other, _ = vault.create(tmp_path / "other", "theirs sentence")
    theirs = dict(other.sidecar.slots[0])
    _rewrite(tmp_path, lambda body: body["slots"].append(theirs))
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, password="theirs sentence")
    assert told.value.code == "wrong_password"
    with pytest.raises(Refused) as told:
        vault.unlock(tmp_path, password="correct horse 电池")
    assert told.value.code == "vault_tampered"


def test_a_tampered_newest_copy_falls_back_to_the_good_one(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    book, _ = made

    def forge(body: dict[str, Any]) -> None:
        body["generation"] += 5
        body["slots"][0]["wrapped"] = body["slots"][1]["wrapped"]

    _rewrite(tmp_path, forge, sidecar.NAMES[:1])
    assert vault.unlock(tmp_path, password="correct horse 电池").data_key == book.data_key
    assert (tmp_path / sidecar.NAMES[0]).read_bytes() == (tmp_path / sidecar.NAMES[1]).read_bytes()


@pytest.mark.parametrize("name", sidecar.NAMES)
@pytest.mark.parametrize("how", ["flip", "cut", "empty", "gone"])
def test_one_bad_copy_is_mended(made: tuple[vault.Vault, str], tmp_path: Path, name: str, how: str) -> None:
    book, _ = made
    file = tmp_path / name
    raw = bytearray(file.read_bytes())
    if how == "flip":
        raw[len(raw) // 2] ^= 0x10
        file.write_bytes(raw)
    elif how == "gone":
        file.unlink()
    else:
        file.write_bytes(raw[: len(raw) // 2] if how == "cut" else b"")
    assert vault.unlock(tmp_path, password="correct horse 电池").data_key == book.data_key
    assert sidecar.is_whole(tmp_path, book.sidecar)


def test_both_copies_bad_has_its_own_sentence(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    for name in sidecar.NAMES:
        raw = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(raw[:-200])
    with pytest.raises(Environment) as told:
        vault.unlock(tmp_path, password="correct horse 电池")
    assert told.value.code == "vault_damaged"


def test_no_flipped_bit_is_ever_read_as_something_else(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    book, _ = made
    raw = (tmp_path / sidecar.NAMES[0]).read_bytes()
    for at in range(0, len(raw) * 8, 7):
        bad = bytearray(raw)
        bad[at // 8] ^= 1 << at % 8
        read = sidecar.parse(bytes(bad))
        assert read is None or read == book.sidecar  # a flip inside the mac itself is found at unlock


def test_a_later_format_is_named(made: tuple[vault.Vault, str], tmp_path: Path) -> None:
    _rewrite(tmp_path, lambda body: body.update(format=2))
    with pytest.raises(Environment) as told:
        vault.unlock(tmp_path, password="correct horse 电池")
    assert told.value.code == "vault_newer"
