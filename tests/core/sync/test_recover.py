"""A forgotten password and a lost code: request, grant, accept; who may, what nobody sees, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import vault
from fieldcrm.base.data.audit import Audit
from fieldcrm.base.errors import FieldcrmError, InvalidField
from fieldcrm.core import sync
from fieldcrm.core.book import Book, unlock
from fieldcrm.core.sync import envelope, recover
from support.books import PASSWORD, FoundBook

NEW = "a new sentence"


def entries(session: Session) -> list[tuple[str, str]]:
    found = session.scalars(select(Audit).where(Audit.what == "recover").order_by(Audit.seq))
    return [(entry.codes.get("step", ""), entry.codes.get("how", "")) for entry in found]


def refused(*call: object) -> str:
    function, *arguments = call
    with pytest.raises(FieldcrmError) as told:
        function(*arguments)  # type: ignore[operator]
    return told.value.code


def test_the_office_helps_back_in(enrolled: tuple[Book, Book], tmp_path: Path) -> None:
    manager, office = enrolled
    folder, key = manager.folder, manager.vault.data_key
    manager.close()
    asked, answer = tmp_path / "asked.xlsx", tmp_path / "answer.xlsx"
    digits = recover.request(folder, asked)
    asking = recover.look(office, asked)
    assert asking is not None
    assert asking.fingerprint == digits  # what the two compare by telephone
    assert recover.look(office, tmp_path / "request.xlsx") is None  # an enrolment request
    who = recover.grant(office, asked, answer)
    assert (who.person_name, who.fingerprint) == ("林晓", digits)
    assert office.store.read(entries) == [("grant", "")]

    assert refused(recover.accept, folder, answer, "short") == "password_short"
    opened = recover.accept(folder, answer, NEW)
    assert opened.book.vault.data_key == key
    assert opened.book.store.read(entries) == [("", "request"), ("accept", "")]
    opened.book.close()
    assert not (folder / recover.FILE).exists()
    assert refused(lambda: vault.unlock(folder, password=PASSWORD)) == "wrong_password"
    for way in ({"password": NEW}, {"recovery_code": opened.recovery_code}):
        unlock(folder, **way).close()
    assert refused(recover.accept, folder, answer, NEW) == "recover.not_for_us"  # an answer serves once


def test_the_key_travels_sealed_and_the_office_gets_nothing_else(enrolled: tuple[Book, Book], tmp_path: Path) -> None:
    manager, office = enrolled
    asked, answer = tmp_path / "asked.xlsx", tmp_path / "answer.xlsx"
    master = manager.vault.master
    recover.request(manager.folder, asked)
    recover.grant(office, asked, answer)
    for file in (asked, answer):
        found, _ = envelope.read(file)
        whole = found.header_bytes + found.body
        assert master not in whole
        assert master.hex().encode() not in whole
    header = envelope.read(asked)[0].header
    assert set(header) == {"kind", "at", "nonce", "book_id", "slots", "from", "format", "body_sha256", "body_bytes"}
    assert [slot["kind"] for slot in header["slots"]] == ["office"]
    waiting = json.loads((manager.folder / recover.FILE).read_text())
    assert waiting["private"] not in found.header_bytes.decode() + asked.read_bytes().decode("latin-1")


def test_what_is_refused(enrolled: tuple[Book, Book], found_book: FoundBook, tmp_path: Path) -> None:
    manager, office = enrolled
    asked, answer = tmp_path / "asked.xlsx", tmp_path / "answer.xlsx"
    recover.request(manager.folder, asked)
    stranger = found_book("陈敏", "厦门支公司", role="office")
    lone = found_book("周平", "无")
    assert refused(recover.request, lone.folder, answer) == "recover.no_office"
    assert refused(recover.grant, lone, asked, answer) == "recover.only_office"
    assert refused(recover.grant, stranger, asked, answer) == "recover.unknown"
    assert refused(recover.grant, office, tmp_path / "request.xlsx", answer) == "recover.not_a_request"
    assert refused(sync.grant, office, asked, answer) == "enrol.not_a_request"
    assert refused(recover.accept, manager.folder, asked, NEW) == "recover.not_a_grant"

    recover.grant(office, asked, answer)
    assert refused(recover.accept, manager.folder, answer, NEW) == "open_in_command"  # the book is open
    manager.close()
    recover.request(manager.folder, asked)
    assert refused(recover.accept, manager.folder, answer, NEW) == "recover.not_for_us"  # the answer to the one before

    office.store.change(sync.revoke_peer, manager.store.author.device)
    assert refused(recover.grant, office, asked, answer) == "recover.revoked"


def test_a_forged_answer_opens_nothing(enrolled: tuple[Book, Book], tmp_path: Path) -> None:
    """Another key sealed to the right computer: whatever it is, the key file does not know it."""
    from fieldcrm.base.vault import seal
    from fieldcrm.core.sync import enrol

    manager, office = enrolled
    asked, answer = tmp_path / "asked.xlsx", tmp_path / "answer.xlsx"
    recover.request(manager.folder, asked)
    manager.close()
    header = envelope.read(asked)[0].header
    context = seal.canonical(["fieldcrm recover 1", header["book_id"], header["nonce"]])
    body = seal.seal(bytes(32), bytes.fromhex(header["from"]["sealing"]), context)
    forged = {"kind": "recover-grant", "at": header["at"], "nonce": header["nonce"], "from": enrol.sender(office)}
    enrol.write_file(answer, envelope.make(forged, body, office.vault.device.sign), "x", "x", "x")
    assert refused(recover.accept, manager.folder, answer, NEW) == "wrong_office_key"
    unlock(manager.folder, password=PASSWORD).close()


def test_a_slot_of_any_shape_is_refused(enrolled: tuple[Book, Book], tmp_path: Path) -> None:
    from fieldcrm.base.vault import keys, seal
    from fieldcrm.core.sync import enrol

    manager, office = enrolled
    public, private = keys.new_device()
    for slots in ([], [{}], [{"wrapped": 1}], "x", [None], [{"wrapped": "!", "id": 1, "kind": 2, "params": 3}]):
        header = {
            "kind": "recover-request", "at": "", "nonce": "n", "book_id": manager.vault.book_id, "slots": slots,
            "from": {"device": manager.store.author.device, **{k: public[k] for k in ("signing", "sealing")}},
        }  # fmt: skip
        made = envelope.make(header, b"", lambda d, m: seal.sign(bytes.fromhex(private["signing"]), d, m))
        enrol.write_file(tmp_path / "odd.xlsx", made, "x", "x", "x")
        assert refused(recover.grant, office, tmp_path / "odd.xlsx", tmp_path / "answer.xlsx") == "recover.other_key"


def test_a_password_is_judged_before_the_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidField):
        recover.accept(tmp_path, tmp_path / "none.xlsx", "")
