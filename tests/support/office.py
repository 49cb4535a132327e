"""LibreOffice as users have it: opens a workbook and saves it again, with a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TIMEOUT_SECONDS = 120


class Office:
    """One LibreOffice profile; conversions run one at a time."""

    def __init__(self, program: str, profile: Path) -> None:
        self._program = program
        self._profile = profile

    def convert(self, source: Path, to: str, folder: Path) -> Path:
        """Save `source` again as `to` ("xlsx", "ods", "xls", "csv", "pdf") in `folder`; gives the new file."""
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            self._program,
            f"-env:UserInstallation={self._profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            to,
            "--outdir",
            str(folder),
            str(source),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
        saved = folder / f"{source.stem}.{to.partition(':')[0]}"
        if not saved.exists():
            pytest.fail(f"LibreOffice saved nothing: {done.stdout} {done.stderr}")
        return saved


def find() -> str | None:
    """The LibreOffice program of this machine."""
    mac = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
    return shutil.which("soffice") or shutil.which("libreoffice") or shutil.which(mac)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice, which the test set-up installs; missing, the test fails and says what to do."""
    program = find()
    if program is None:
        pytest.fail("LibreOffice is missing: run `python3 run.py test`, or apt-get install libreoffice-calc-nogui")
    return Office(program, tmp_path_factory.mktemp("office"))
