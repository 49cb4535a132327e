import os
import subprocess
import sys

import pytest

from fieldcrm.base import vault


def test_no_child_inherits_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDCRM_PASSWORD", "s3cret")
    assert vault.take_password() == "s3cret"
    assert vault.take_password() is None
    child = subprocess.run([sys.executable, "-c", "import os; print(dict(os.environ))"], capture_output=True, text=True)
    assert "s3cret" not in child.stdout


def test_an_empty_one_was_not_given() -> None:
    environment = {"FIELDCRM_PASSWORD": ""}
    assert vault.take_password(environment) is None
    assert environment == {}


def test_the_door_imports_neither_crypto_nor_database() -> None:
    check = (
        "import sys, fieldcrm.base.vault, fieldcrm.base.data.lock, fieldcrm.base.data.sqlcipher;"
        "bad = {'cryptography', 'sqlalchemy', 'sqlcipher3', 'filelock'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
