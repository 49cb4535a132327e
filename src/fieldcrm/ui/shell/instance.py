"""One window per book: a second start asks the first to come to the front."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

_WAIT_MS = 400


def _name(folder: Path) -> str:
    return f"fieldcrm-{zlib.crc32(str(folder.resolve()).encode()):08x}"


def raise_first(folder: Path) -> bool:
    """Ask a window that has this book open to come forward; False when there is none."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(_name(folder))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(b"raise\n")
    socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    return True


def listen(folder: Path, come: Callable[[], object], parent: QObject) -> QObject:
    """Call `come` whenever a second start asks; ends with `parent`."""
    from PySide6.QtNetwork import QLocalServer

    server = QLocalServer(parent)
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

    def met() -> None:
        while (socket := server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            come()

    server.newConnection.connect(met)
    if not server.listen(_name(folder)):
        QLocalServer.removeServer(_name(folder))  # left by a crash
        server.listen(_name(folder))
    return server
