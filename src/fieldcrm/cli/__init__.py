"""The `fieldcrm` command: without a subcommand the window, else one of the commands; what it costs is paid then."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_VALUED = ("--data", "--lang", "--theme")
_FLAGS = ("--password-stdin",)
GATE = "--fieldcrm-sheet-gate"  # child.FLAG, which is not imported for each start


@dataclass
class Given:
    """What the words say before they are parsed in earnest. `window`: nothing but options of the window."""

    data: str | None = None
    lang: str | None = None
    theme: str | None = None
    password_stdin: bool = False
    window: bool = True


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line (without the program's name); gives the exit code: 0 done, 1 refused, 2 wrong usage."""
    words = list(sys.argv[1:] if words is None else words)
    if words[:1] == [GATE]:  # a packaged program starts itself as the gate of files from outside
        from fieldcrm.base.sheets import child

        child.main()
    # as base.vault.take_password, which the window must not wait for: no child process inherits the password
    password = os.environ.pop("FIELDCRM_PASSWORD", None) or None
    _speak_utf8()
    given = scan(words)
    _speak(given)
    if given.window:
        from fieldcrm.cli import window

        return window.run(given, password)
    from fieldcrm.cli import usage

    return usage.run(words, password)


def scan(words: Sequence[str]) -> Given:
    """Find the options that matter before anything is imported; wrong ones are left to the real parser."""
    given = Given()
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if name in _VALUED:
            said = value if equals else next(rest, None)
            given.window = given.window and said is not None
            setattr(given, name[2:], said)
        elif word in _FLAGS:
            given.password_stdin = True
        else:
            given.window = False
        if word == "--":
            break
    if given.lang is not None and language_of(given.lang) is None:
        given.window = False
    if given.theme not in (None, "light", "dark", "system"):
        given.window = False
    return given


def language_of(word: str | None) -> str | None:
    """`zh_CN` or `en` for what people write (zh, zh_CN, zh-CN, en, en_GB); None for anything else."""
    head = (word or "").replace("-", "_").split("_")[0].split(".")[0].lower()
    return {"zh": "zh_CN", "en": "en"}.get(head)


def _speak(given: Given) -> None:
    """The language: `--lang`, FIELDCRM_LANG, or the device's setting."""
    from fieldcrm.base import i18n, paths, settings

    chosen = language_of(given.lang) or language_of(os.environ.get("FIELDCRM_LANG"))
    if chosen is None:
        chosen = settings.DeviceSettings(paths.data_folder(given.data)).get(settings.LANGUAGE)
    i18n.use(chosen)


def _speak_utf8() -> None:
    """JSON and Chinese go out as UTF-8 whatever the console thinks; a name that is no text never stops us."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
