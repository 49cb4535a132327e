"""Folders: the platform's, the demo's, and the places where a book is refused with the reason."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from fieldcrm.base import paths
from fieldcrm.base.errors import Environment, Refused

MOUNTS = """\
22 1 0:21 / / rw - ext4 /dev/vda rw
30 22 0:40 / /mnt/office\\040share rw,relatime - cifs //server/share rw
31 30 0:41 / /mnt/office\\040share/local rw - ext4 /dev/vdb rw
32 22 0:42 / /home/wang/sshfs rw - fuse.sshfs wang@server: rw
"""


def test_chosen_folder_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIELDCRM_DATA", str(tmp_path / "variable"))
    assert paths.data_folder(tmp_path / "chosen") == tmp_path / "chosen"
    assert paths.data_folder() == tmp_path / "variable"


@pytest.mark.skipif(sys.platform != "linux", reason="the platform folder of Linux")
def test_platform_folder_and_demo_differ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FIELDCRM_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert paths.data_folder() == tmp_path / "fieldcrm"
    assert paths.demo_folder() == tmp_path / "fieldcrm-demo"


def test_demo_never_follows_the_variable_of_the_real_book() -> None:
    assert not paths.demo_folder().is_relative_to(os.environ["FIELDCRM_DATA"])


def test_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = paths.prepare(tmp_path / "新 book" / "data")
    assert folder.is_dir()
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Environment) as met:
        paths.prepare(tmp_path / "data")
    assert met.value.code == paths.NOT_A_FOLDER


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that nobody can write, root included")
def test_folder_that_cannot_be_written() -> None:
    with pytest.raises(Environment) as met:
        paths.prepare(Path("/proc/fieldcrm"))
    assert met.value.code == paths.UNWRITABLE
    assert "/proc/fieldcrm" in met.value.sentence


@pytest.mark.parametrize(
    ("place", "service"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - Head Office/sub", "OneDrive"),
        ("Dropbox (Team)", "Dropbox"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud Drive"),
        ("Library/CloudStorage/Anything", "macOS CloudStorage"),
        ("我的坚果云/客户", "坚果云 Nutstore"),
        ("Nutstore Files", "坚果云 Nutstore"),
        ("WPSDrive/1234/WPS云盘", "WPS 云盘"),
        ("BaiduSyncdisk", "百度网盘"),
        ("Google Drive", "Google Drive"),
    ],
)
def test_synced_folder_is_refused_with_the_service(tmp_path: Path, place: str, service: str) -> None:
    with pytest.raises(Refused) as met:
        paths.prepare(tmp_path / place)
    assert met.value.values == {"service": service}
    assert not (tmp_path / place).exists()


def test_a_link_does_not_hide_a_synced_folder(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "book").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(Refused):
        paths.check_place(tmp_path / "book" / "data")


def test_folder_of_a_variable_is_synced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Files"))
    assert paths.cloud_service(tmp_path / "Files" / "book") == "OneDrive"
    assert paths.cloud_service(tmp_path / "Boxes" / "onedrives") is None


@pytest.mark.skipif(sys.platform == "win32", reason="mount points")
@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/wang/book", "ext4"),
        ("/mnt/office share/book", "cifs"),
        ("/mnt/office share/local/book", "ext4"),
        ("/home/wang/sshfs", "fuse.sshfs"),
    ],
)
def test_deepest_mount_decides(place: str, kind: str) -> None:
    assert paths.mount_type(Path(place), paths.read_mountinfo(MOUNTS)) == kind


def test_this_disk_is_no_network_share(tmp_path: Path) -> None:
    assert not paths.is_network(tmp_path.resolve())
