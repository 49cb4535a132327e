"""Password and recovery code lost: the three commands that bring a manager back in with the office's help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.program import PASSWORD, in_process


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_back_into_the_book(lang: str, tmp_path: Path) -> None:
    manager, office = tmp_path / "manager", tmp_path / "office"
    files = {name: tmp_path / f"{name}.xlsx" for name in ("request", "grant", "asked", "answer")}

    def run(*words: str | Path, code: int = 0, password: str | None = PASSWORD) -> dict[str, object]:
        answer = in_process(*words, "--json", password=password, lang=lang)
        assert answer.code == code, answer.err
        return answer.json

    run("init", "--name", "林晓", "--unit", "待登记", "--data", manager)
    run("init", "--name", "陈敏", "--unit", "福州支公司", "--role", "office", "--data", office)
    none = run("recover", "request", "--out", files["asked"], "--data", manager, code=1, password=None)
    assert none["error"] == "recover.no_office"
    run("enrol", "request", "--out", files["request"], "--data", manager)
    run("enrol", "grant", files["request"], "--out", files["grant"], "--data", office)
    run("enrol", "accept", files["grant"], "--data", manager)

    asked = run("recover", "request", "--out", files["asked"], "--data", manager, password=None)  # knows no password
    granted = run("recover", "grant", files["asked"], "--out", files["answer"], "--data", office)
    assert asked["fingerprint"] == granted["fingerprint"]
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", str(granted["fingerprint"]))
    assert granted["person_name"] == "林晓"
    assert run("recover", "accept", files["answer"], "--data", manager, code=1, password="short")["error"]
    done = run("recover", "accept", files["answer"], "--data", manager, password="a new sentence")
    assert set(done) == {"data", "recovery_code"}
    assert run("history", "--data", manager, code=1)["error"] == "wrong_password"
    run("history", "--data", manager, password="a new sentence")
