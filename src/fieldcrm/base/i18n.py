"""Words of the interface: gettext catalogues, English in the source, zh_CN complete; switched at run time."""

from __future__ import annotations

import gettext as _gettext

from fieldcrm.base import resources

LANGUAGES = ("zh_CN", "en")
_language = "en"


def N_(msgid: str) -> str:
    """Mark a sentence for translation where it is defined; it is translated where it is shown."""
    return msgid


def use(language: str) -> None:
    """Speak `zh_CN` or `en` from now on (process-wide)."""
    global _current, _language
    if language not in LANGUAGES:
        raise ValueError(language)
    _language = language
    _current = _speaker(language)


def _speaker(language: str) -> _gettext.NullTranslations:
    if language == "en":
        return _English()
    return _gettext.translation("fieldcrm", resources.folder("locale"), [language], fallback=True)


def spellings(msgid: str) -> tuple[str, ...]:
    """A sentence in every language."""
    return tuple(_speaker(language).gettext(msgid) for language in LANGUAGES)


def language() -> str:
    """`zh_CN` or `en`."""
    return _language


def is_chinese() -> bool:
    return _language == "zh_CN"


class _English(_gettext.NullTranslations):
    """The sentences of the source; curly quotes straight, as the bundled Chinese font draws those full-width."""

    def gettext(self, message: str) -> str:
        return message.translate(_STRAIGHT)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return super().ngettext(msgid1, msgid2, n).translate(_STRAIGHT)

    def pgettext(self, context: str, message: str) -> str:
        return message.translate(_STRAIGHT)


_STRAIGHT = str.maketrans("“”", '""')
_current: _gettext.NullTranslations = _English()


def gettext(msgid: str) -> str:
    return _current.gettext(msgid)


def ngettext(one: str, many: str, n: int) -> str:
    return _current.ngettext(one, many, n)


def pgettext(context: str, msgid: str) -> str:
    return _current.pgettext(context, msgid)


_ = gettext
