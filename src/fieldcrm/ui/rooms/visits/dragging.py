"""What is dragged on the board: a stop or a candidate, named by its id."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDrag, QPixmap
from PySide6.QtWidgets import QWidget

STOP = "application/x-fieldcrm-stop"
CANDIDATE = "application/x-fieldcrm-candidate"


def carried(kind: str, id: str) -> QMimeData:
    """What a drag carries."""
    data = QMimeData()
    data.setData(kind, id.encode())
    return data


def read(data: QMimeData) -> tuple[str, str] | None:
    """(kind, id) of what is carried; None for anything else."""
    for kind in (STOP, CANDIDATE):
        if data.hasFormat(kind):
            return kind, bytes(data.data(kind).data()).decode()
    return None


def drag(source: QWidget, kind: str, id: str, picture: QPixmap) -> None:
    """Carry it away; returns when it was dropped."""
    moving = QDrag(source)
    moving.setMimeData(carried(kind, id))
    moving.setPixmap(picture)
    moving.exec(Qt.DropAction.MoveAction)
