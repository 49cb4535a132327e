"""The window locks with the system: signals on a real bus of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

_LISTENS = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from fieldcrm.ui.shell.system_lock import SystemLock

app = QCoreApplication([])
heard = []
watch = SystemLock()
watch.locking.connect(lambda: heard.append(1))

def send(interface, name, *values):
    message = QDBusMessage.createSignal("/org/freedesktop/login1", interface, name)
    message.setArguments(list(values))
    bus = QDBusConnection.systemBus() if "login1" in interface else QDBusConnection.sessionBus()
    assert bus.send(message)

counts = []
steps = [
    lambda: send("org.freedesktop.login1.Manager", "PrepareForSleep", False),
    lambda: send("org.freedesktop.login1.Manager", "PrepareForSleep", True),
    lambda: send("org.freedesktop.login1.Session", "Lock"),
    lambda: send("org.freedesktop.login1.Session", "Unlock"),
    lambda: send("org.gnome.ScreenSaver", "ActiveChanged", True),
    lambda: send("org.freedesktop.ScreenSaver", "ActiveChanged", False),
    app.quit,
]
for number, step in enumerate(steps):
    QTimer.singleShot(200 * (number + 1), lambda step=step: (counts.append(len(heard)), step()))
app.exec()
print("HEARD", *counts)
"""


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a message bus that only this test uses."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("no dbus-daemon here")
    process = subprocess.Popen(
        [daemon, "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the system's signals are heard on Linux")
def test_sleep_and_the_lock_of_the_screen_are_heard(bus: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LISTENS],
        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus, "DBUS_SESSION_BUS_ADDRESS": bus},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "HEARD 0 0 1 2 2 3 3" in done.stdout, done.stdout + done.stderr
