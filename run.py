#!/usr/bin/env python3
"""Set up, start and test fieldcrm from a checkout; standard library only, Python 3.11 or newer.

  python3 run.py [OPTIONS]        set up, then open the demo book (without a display: draw its pages)
  python3 run.py test [ARGS]      set up, then run every check and test (ARGS go to pytest)
  python3 run.py -- ARGS          set up, then run the program itself: fieldcrm ARGS
  python3 run.py benchmark [NAME…] [--quick] [--write]   set up, then measure; the table is in docs/benchmarks.md
  python3 run.py lock             upgrade the locked dependencies
  python3 run.py translate        bring the catalogues up to date with the source (--check: only look)
  python3 run.py setup [--test]   set up only

安装、启动和测试 fieldcrm：不带参数即安装并打开演示数据；test 运行全部测试；-- 之后的参数交给程序本身。
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
RUNTIME_LOCK, DEV_LOCK = HERE / "requirements.lock", HERE / "requirements-dev.lock"
BUILD_LOCK = HERE / "requirements-build.lock"  # what builds the releases that come as source only
OLDEST = (3, 11)

# Debian package: the library or program that shows it is there
QT_PACKAGES = {
    "libglib2.0-0": "libglib-2.0.so.0",
    "libfontconfig1": "libfontconfig.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libx11-6": "libX11.so.6",
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libgssapi-krb5-2": "libgssapi_krb5.so.2",
}
WINDOW_PACKAGES = {
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libcups2": "libcups.so.2",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
}
TEST_PACKAGES = {"xvfb": "Xvfb", "libreoffice-calc-nogui": "soffice", "poppler-utils": "pdftotext"}


class Stop(Exception):
    """Something only the person can put right; its text says what."""


def say(english: str, chinese: str) -> None:
    print(f"· {english}  {chinese}", file=sys.stderr, flush=True)


def main(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that knows no Chinese
    if sys.version_info < OLDEST:
        raise Stop("Python 3.11 or newer is needed.  需要 Python 3.11 或更新版本。")
    first, rest = (words[0], words[1:]) if words else ("", [])
    if first in ("-h", "--help"):
        print(__doc__)
        return 0
    if first == "test":
        return test(rest)
    if first == "benchmark":
        set_up()
        return call([PYTHON, "-m", "benchmarks", *rest])
    if first == "lock":
        return lock()
    if first == "translate":
        return call([sys.executable, HERE / "packaging" / "translate.py", *rest])
    if first == "setup":
        set_up(testing="--test" in rest)
        return 0
    if first in ("--", "fieldcrm"):
        set_up()
        return call([PYTHON, "-m", "fieldcrm", *rest])
    if first and not first.startswith("-") and first != "demo":
        print(__doc__, file=sys.stderr)
        return 2
    return demo(rest if first == "demo" else words)


# --- starting and testing ---------------------------------------------------------------------------------------------


def demo(options: list[str]) -> int:
    """Open the demo book in its own folder, or draw its pages where there is no display."""
    set_up()
    if has_display() or "--screenshots" in options:
        return call([PYTHON, "-m", "fieldcrm", "demo", *options])
    folder = HERE / "screenshots"
    say(f"No display: drawing the pages into {folder}", f"没有显示器：把各页面画到 {folder}")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return call([PYTHON, "-m", "fieldcrm", "demo", "--screenshots", folder, *options])


def test(arguments: list[str]) -> int:
    """Lint, types, contracts, catalogues, tests; each runs even when one before it failed."""
    set_up(testing=True)
    checks: dict[str, list[str | Path]] = {
        "ruff check": [PYTHON, "-m", "ruff", "check", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "mypy": [PYTHON, "-m", "mypy"],
        "import contracts": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        "catalogues": [PYTHON, HERE / "packaging" / "translate.py", "--check"],
    }
    failed = []
    for name, command in checks.items():
        say(f"{name} …", "")
        if call(command):
            failed.append(name)
    say("pytest …", "")
    if failed:
        say(f"failed so far: {', '.join(failed)}", "以上检查未通过")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    ended = call([PYTHON, "-m", "pytest", "-q", "-n", "2", *arguments])
    if failed:
        say(f"failed before pytest: {', '.join(failed)}", "未通过的检查见上")
    return ended or int(bool(failed))


def call(command: Sequence[str | Path]) -> int:
    """Run a command in the checkout; gives its exit code."""
    try:
        return subprocess.run([str(part) for part in command], cwd=HERE, check=False).returncode
    except KeyboardInterrupt:
        return 130


def has_display() -> bool:
    """Whether a window can be opened."""
    if sys.platform in ("win32", "darwin"):
        return True
    wayland, runtime = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("XDG_RUNTIME_DIR", "/")
    if wayland and (Path(runtime) / wayland).exists():
        return True
    if not os.environ.get("DISPLAY"):
        return False
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    return bool(x11.XOpenDisplay(None))


# --- set-up -----------------------------------------------------------------------------------------------------------


def set_up(testing: bool = False) -> None:
    """System packages, the local environment, the locked dependencies, the catalogues; quick when nothing changed."""
    wanted = dict(QT_PACKAGES)
    if testing or os.environ.get("DISPLAY"):
        wanted |= WINDOW_PACKAGES
    if testing:
        wanted |= TEST_PACKAGES
    install_system(wanted)
    locks = [BUILD_LOCK, RUNTIME_LOCK, DEV_LOCK] if testing else [BUILD_LOCK, RUNTIME_LOCK]
    make_environment(locks)
    sys.path.insert(0, str(HERE / "src"))
    from fieldcrm.base import catalogue

    catalogue.compile_all()


def is_there(sign: str) -> bool:
    """Whether the library or program that shows a package is on this machine."""
    if ".so" not in sign:
        return shutil.which(sign) is not None
    try:
        ctypes.CDLL(sign)
    except OSError:
        return False
    return True


def install_system(wanted: dict[str, str]) -> None:
    """Install the Debian packages that are missing; without root, say which line does it."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for package, sign in wanted.items() if not is_there(sign)]
    if importlib.util.find_spec("ensurepip") is None:
        missing.insert(0, "python3-venv")
    if not missing:
        return
    if shutil.which("apt-get") is None:
        say(f"Not found, please install what this system calls them: {', '.join(missing)}", "缺少上述系统组件")
        return
    line = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        raise Stop(
            "Some system packages are missing. Please run this line and start again:\n"
            f"缺少系统软件包，请执行下面一行后再试：\n\n  sudo {' '.join(line)}\n"
        )
    say(f"Installing system packages: {' '.join(missing)}", "安装系统软件包")
    for command in (["apt-get", "update"], line):
        done = subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:  # of the installation; an update that fails may still leave usable lists
        print(done.stdout.decode(errors="replace")[-4000:], file=sys.stderr)
        raise Stop(f"apt-get could not install: {' '.join(missing)}  系统软件包安装失败")
    importlib.invalidate_caches()


def make_environment(locks: list[Path]) -> None:
    """`.venv` with exactly the locked releases, checked by their hashes."""
    stamps = {path: VENV / f".{path.stem}-installed" for path in locks}
    marks = {
        path: hashlib.sha256(path.read_bytes() + repr(sys.version_info[:2]).encode()).hexdigest() for path in locks
    }
    alive = is_alive()
    if alive and all(stamp.is_file() and stamp.read_text() == marks[path] for path, stamp in stamps.items()):
        return
    if not alive:
        say("Making the local environment .venv", "创建本地环境 .venv")
        base = getattr(sys, "_base_executable", None) or sys.executable
        if call([base, "-m", "venv", "--clear", VENV]):
            raise Stop("The local environment could not be made.  本地环境创建失败。")
    say("Installing the locked dependencies (once, some minutes)", "安装锁定的依赖（仅首次，需几分钟）")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "--quiet"]
    pip += ["--disable-pip-version-check", "--no-warn-script-location", "--no-build-isolation", "--use-pep517"]
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"):
        os.environ.pop(name, None)
    os.environ["PIP_USER"] = "0"
    rest = [part for path in locks[1:] for part in ("-r", path)]
    if call([*pip, "-r", locks[0]]) or call([*pip, *rest]):
        raise Stop("The dependencies could not be installed.  依赖安装失败。")
    connect_source()
    for path, stamp in stamps.items():
        stamp.write_text(marks[path])


def is_alive() -> bool:
    """Whether the environment works and was made with this version of Python."""
    if not PYTHON.exists():
        return False
    question = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return subprocess.run([str(PYTHON), "-c", question], stderr=subprocess.DEVNULL, check=False).returncode == 0


def connect_source() -> None:
    """Let the environment find `src`, and give it a `fieldcrm` command."""
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    told = subprocess.run([str(PYTHON), "-c", question], capture_output=True, text=True, check=True).stdout.strip()
    # relative to the file itself, so that no letter of the checkout's path matters
    (Path(told) / "fieldcrm.pth").write_text(os.path.relpath(HERE / "src", told) + "\n", "ascii")
    if WINDOWS:
        (PYTHON.parent / "fieldcrm.cmd").write_text('@"%~dp0python.exe" -m fieldcrm %*\r\n', "ascii")
        return
    script = PYTHON.parent / "fieldcrm"
    script.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m fieldcrm "$@"\n', "ascii")
    script.chmod(0o755)


# --- locking ----------------------------------------------------------------------------------------------------------


def lock() -> int:
    """Newest allowed releases into the locks: versions and hashes, no index address."""
    set_up(testing=True)
    uv: list[str | Path] = [
        PYTHON,
        "-m",
        "uv",
        "pip",
        "compile",
        "--universal",
        "--python-version",
        "3.11",
        "--quiet",
    ]
    uv += ["--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "--upgrade"]
    everything = VENV / "everything.lock"
    steps: list[list[str | Path]] = [
        ["--group", "build", "-o", BUILD_LOCK],
        ["pyproject.toml", "-o", RUNTIME_LOCK],
        ["pyproject.toml", "--group", "dev", "-c", RUNTIME_LOCK, "-o", everything],
    ]
    for what in steps:
        if call([*uv, *what]):
            return 1
    runtime = set(releases(RUNTIME_LOCK))
    extra = [block for block in releases(everything) if block not in runtime]
    DEV_LOCK.write_text("".join(extra), "utf-8", newline="\n")
    everything.unlink()
    say("Locked. Now: python3 run.py test", "已更新锁定文件，请运行测试")
    return 0


def releases(path: Path) -> list[str]:
    """The blocks of a lock: a release with its hashes each."""
    return re.findall(r"^\S.*\n(?:\s+.*\n)*", path.read_text("utf-8"), re.MULTILINE)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(stop, file=sys.stderr)
        sys.exit(1)
