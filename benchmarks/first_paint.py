"""Two processes that end at their first paint: the program's own start, and a bare window."""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path


def ours() -> None:
    """The program as its command starts it, on the folder in argv."""
    from fieldcrm import app
    from fieldcrm.ui.shell.window import Window

    Window._on_first_paint = lambda window: _after_paint()  # type: ignore[method-assign, assignment]
    app.run(Path(sys.argv[1]), language="zh_CN", theme="light")


def bare() -> None:
    """A window with a label, a field and a button; argv names the Qt modules to import."""
    for name in sys.argv[1:]:
        import_module(name)
    from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

    class Window(QWidget):
        def paintEvent(self, event: object) -> None:
            _after_paint()

    app = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1366, 768)
    column = QVBoxLayout(window)
    column.addWidget(QLabel("Password"))
    column.addWidget(QLineEdit())
    column.addWidget(QPushButton("Open"))
    window.show()
    app.exec()


def _after_paint() -> None:
    """When the paint that has begun is over, children included."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(0, _end)


def _end() -> None:
    told = {
        "at": time.time(),
        "cpu": time.process_time() * 1000,
        "qt": sorted(name for name in sys.modules if name.startswith("PySide6.Qt")),
    }
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)
