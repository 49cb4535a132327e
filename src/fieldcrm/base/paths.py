"""Where the book lies: the platform's data folder, the demo's own one, and places a book must not lie in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fieldcrm.base import files
from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_

BOOK_EXISTS = define("vault_exists", N_("There is already a book in this folder."))
CLOUD = define(
    "folder.cloud",
    N_("The folder is kept in step by {service}, which can damage an open book. Choose a folder on this computer."),
)
NETWORK = define(
    "folder.network",
    N_("The folder is on the network, where a book cannot be locked safely. Choose a folder on this computer."),
)
UNWRITABLE = define("folder.unwritable", N_("The folder {folder} cannot be written ({reason})."))
NOT_A_FOLDER = define("folder.not_a_folder", N_("{folder} is a file, not a folder."))

# A part of the path, in lower case, and the service whose folder bears that name.
_CLOUD_NAMES = (
    (r"onedrive( - .+)?", "OneDrive"),
    (r"dropbox( \(.+\))?", "Dropbox"),
    (r"icloud ?drive|mobile documents|com~apple~clouddocs", "iCloud Drive"),
    (r"cloudstorage", "macOS CloudStorage"),
    (r"google ?drive|googledrivefs", "Google Drive"),
    (r"box( sync)?", "Box"),
    (r"nutstore( files)?|我的坚果云|坚果云", "坚果云 Nutstore"),
    (r"wps ?云盘|wps ?drive|wps cloud files|wps网盘", "WPS 云盘"),
    (r"baidusyncdisk|baidunetdisk(workspace)?|百度网盘同步空间|百度云同步盘|百度网盘", "百度网盘"),
    (r"腾讯微云|weiyun(disk)?", "腾讯微云"),
    (r"aliyundrive|阿里云盘|adrive", "阿里云盘"),
)
_CLOUD_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_NETWORK_TYPES = re.compile(
    r"nfs4?|cifs|smb[23]?|smbfs|afpfs|webdav|davfs|afs|ceph|glusterfs|lustre|ncpfs?|coda|gfs2|ocfs2"
    r"|fuse\.(sshfs|rclone|davfs2|glusterfs|gvfsd-fuse|smbnetfs|s3fs)"
)
_REMOTE_DRIVE = 4  # GetDriveTypeW


def data_folder(chosen: Path | str | None = None) -> Path:
    """The folder of the book: the chosen one (`--data`), FIELDCRM_DATA, or the platform's data folder."""
    named = chosen or os.environ.get("FIELDCRM_DATA")
    return Path(named).expanduser().absolute() if named else _platform_folder("fieldcrm")


def demo_folder(chosen: Path | str | None = None) -> Path:
    """The folder of the demo book, never that of a real one."""
    return Path(chosen).expanduser().absolute() if chosen else _platform_folder("fieldcrm-demo")


def _platform_folder(name: str) -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir(name, appauthor=False, roaming=False))


def prepare(folder: Path) -> Path:
    """Make the folder ready for a book: a safe place, made when missing, for its owner alone, writable.

    Raises `Refused` for a network share or a cloud-synced folder, `Environment` when it cannot be written.
    """
    check_place(folder)
    if folder.exists() and not folder.is_dir():
        raise Environment(NOT_A_FOLDER, folder=str(folder))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise Environment(UNWRITABLE, folder=str(folder), reason=files.why(problem)) from problem
    return folder


def check_place(folder: Path) -> None:
    """Raise `Refused` when the folder lies on a network share or is synced to a cloud."""
    place = folder.expanduser().resolve()
    for path in (folder.absolute(), place):  # a link may hide either name
        service = cloud_service(path)
        if service:
            raise Refused(CLOUD, service=service)
    if is_network(place):
        raise Refused(NETWORK)


def cloud_service(place: Path) -> str | None:
    """The service that syncs a place, judged by the names on its path and the variables it sets."""
    for variable in _CLOUD_VARIABLES:
        root = os.environ.get(variable)
        if root and place.is_relative_to(root):
            return "OneDrive"
    for part in place.parts[1:]:
        for pattern, service in _CLOUD_NAMES:
            if re.fullmatch(pattern, part.strip().lower()):
                return service
    for above in (place, *place.parents):
        if (above / ".dropbox.cache").is_dir():
            return "Dropbox"
    return None


def is_network(place: Path) -> bool:
    """Whether a resolved place lies on a network share."""
    if sys.platform == "win32":
        import ctypes

        if str(place).startswith("\\\\"):
            return True
        return bool(ctypes.windll.kernel32.GetDriveTypeW(place.anchor) == _REMOTE_DRIVE)
    return _NETWORK_TYPES.fullmatch(mount_type(place, _mounts())) is not None


def mount_type(place: Path, mounts: Iterable[tuple[str, str]]) -> str:
    """The file system type of the deepest mount above a place; mounts are (mount point, type)."""
    found, depth = "", -1
    for point, kind in mounts:
        path = Path(point)
        if place.is_relative_to(path) and len(path.parts) >= depth:
            found, depth = kind, len(path.parts)
    return found


def _mounts() -> list[tuple[str, str]]:
    if sys.platform == "darwin":
        told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
        return [(m[1], m[2]) for m in re.finditer(r"^.+? on (.+) \((\w+)[,)]", told, re.MULTILINE)]
    try:
        return read_mountinfo(Path("/proc/self/mountinfo").read_text("utf-8", "replace"))
    except OSError:
        return []


def read_mountinfo(text: str) -> list[tuple[str, str]]:
    """Mount points and types of a Linux mountinfo file, octal escapes undone."""
    mounts = []
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        if after:
            point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), before.split()[4])
            mounts.append((point, after.split()[0]))
    return mounts
