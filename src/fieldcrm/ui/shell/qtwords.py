"""Qt's own words (menus of text fields, the file dialog) in the language of the program."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

_NAME = "qt-words"


def speak(language: str) -> None:
    """Let Qt speak `zh_CN` or `en` from now on; English is what it speaks by itself."""
    app = QCoreApplication.instance()
    if app is None:
        return
    for old in app.findChildren(QTranslator, _NAME):
        app.removeTranslator(old)
        old.deleteLater()
    if language != "en":
        words = QTranslator(app)
        words.setObjectName(_NAME)
        if words.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(words)
