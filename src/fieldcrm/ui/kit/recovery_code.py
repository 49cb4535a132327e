"""The recovery code as it is written down and printed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from fieldcrm.base.i18n import _


def code_lines(code: str) -> list[str]:
    """The code as it is written down: half of its groups a line."""
    groups = code.split("-")
    half = (len(groups) + 1) // 2
    return ["-".join(groups[:half]), "-".join(groups[half:])]


def print_code(parent: QWidget, code: str, me: Any) -> bool:
    """Print the recovery code through the system's print dialog; whether it was."""
    from PySide6.QtGui import QPainter
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from fieldcrm.base import clock
    from fieldcrm.base.text import short_date
    from fieldcrm.ui.kit import fonts

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    printed = bool(dialog.exec())
    if printed:
        painter = QPainter(printer)
        painter.scale(printer.resolution() / 96, printer.resolution() / 96)
        painter.setFont(fonts.font(20, True))
        painter.drawText(60, 90, _("Recovery code of the field book"))
        painter.setFont(fonts.font(24, True))
        for number, line in enumerate(code_lines(code)):
            painter.drawText(60, 140 + 40 * number, line)
        painter.setFont(fonts.font(13))
        painter.drawText(60, 250, " · ".join((me.name, me.unit, short_date(clock.today()))))
        painter.drawText(60, 220, _("Keep it away from the computer. It opens the book without the password."))
        painter.end()
    return printed
