"""The recovery code as it is written down and printed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget


def code_lines(code: str) -> list[str]:
    """The code as it is written down: half of its groups a line."""
    groups = code.split("-")
    half = (len(groups) + 1) // 2
    return ["-".join(groups[:half]), "-".join(groups[half:])]


def print_code(parent: QWidget, code: str, me: Any) -> bool:
    """Print the recovery code through the system's print dialog; whether it was."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from fieldcrm.base.jobs import Progress
    from fieldcrm.core.book.paper import recovery_bytes
    from fieldcrm.ui.kit.paper_view import print_pages

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printed = QPrintDialog(printer, parent).exec() == QPrintDialog.DialogCode.Accepted
    if printed:
        print_pages(recovery_bytes(code_lines(code), me.name, me.unit), printer, Progress())
    return printed
