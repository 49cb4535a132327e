"""Forms out of forms/*.toml: read on first use, kept, and strict about every word in them."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from fieldcrm.base import resources
from fieldcrm.base.forms.model import Choice, Field, Form, Kind, Section

_SHARED = "choices"  # forms/choices.toml: lists of choices that several forms share
_FORM_WORDS = frozenset({"version", "zh", "en", "paper_zh", "paper_en", "sections", "fields", "lists"})
_TONES = frozenset({"red", "amber", "blue", "green", "grey"})
_TEXT = ("zh", "en", "hint_zh", "hint_en", "of")
_FLAGS = ("required", "readonly", "past")
_NUMBERS = ("max_length", "minimum", "maximum", "width")
_FIELD_WORDS = frozenset({"kind", "default", "choices", "when", "synonyms", "form", *_TEXT, *_FLAGS, *_NUMBERS})
_WITH_CHOICES = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.YES_NO})


class FormError(ValueError):
    """A form definition that does not hold; says the file, the field and what is wrong. A fault of the author."""


@cache
def get(kind: str) -> Form:
    """The form of a record kind ("client"), from forms/<kind>.toml; KeyError when there is none."""
    path = resources.forms() / f"{kind}.toml"
    if kind == _SHARED or not path.is_file():
        raise KeyError(kind)
    return read(path.read_text(encoding="utf-8"), kind)


@cache
def all_forms() -> dict[str, Form]:
    """Every form by record kind, in the order of their file names."""
    return {p.stem: get(p.stem) for p in sorted(resources.forms().glob("*.toml")) if p.stem != _SHARED}


def read(toml: str, kind: str) -> Form:
    """A form from its TOML text; `kind` names it in errors. Raises FormError."""
    return _form(_parsed(toml, kind), kind, f"forms/{kind}.toml")


@cache
def _shared() -> dict[str, tuple[Choice, ...]]:
    where = f"forms/{_SHARED}.toml"
    parsed = _parsed((resources.forms() / f"{_SHARED}.toml").read_text(encoding="utf-8"), _SHARED)
    return {name: _choice_list(rows, f"{where}, {name}") for name, rows in parsed.items()}


def _parsed(toml: str, kind: str) -> dict[str, Any]:
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"forms/{kind}.toml: not valid TOML: {error}") from error


def _form(raw: dict[str, Any], kind: str, where: str) -> Form:
    _known(raw, _FORM_WORDS, where)
    lists = {name: _form(child, name, f"{where}, list {name}") for name, child in raw.get("lists", {}).items()}
    fields = tuple(_field(name, f, lists, f"{where}, field {name}") for name, f in raw.get("fields", {}).items())
    if not fields:
        raise FormError(f"{where}: no fields")
    form = Form(
        kind=kind,
        version=_typed(raw.get("version", 1), int, "version", where),
        zh=_words(raw, "zh", where),
        en=_words(raw, "en", where),
        fields=fields,
        sections=tuple(_section(s, where) for s in raw.get("sections", [])),
        paper_zh=raw.get("paper_zh", ""),
        paper_en=raw.get("paper_en", ""),
    )
    _check_sections(form, where)
    for f in fields:
        _check_when(form, f, f"{where}, field {f.name}")
    unused = set(lists) - {f.form.kind for f in fields if f.form}
    if unused:
        raise FormError(f"{where}: no field shows the list {sorted(unused)[0]!r}")
    return form


def _section(raw: dict[str, Any], where: str) -> Section:
    _known(raw, frozenset({"zh", "en", "fields"}), f"{where}, section")
    return Section(_words(raw, "zh", where), _words(raw, "en", where), tuple(raw.get("fields", ())))


def _field(name: str, raw: dict[str, Any], lists: dict[str, Form], where: str) -> Field:
    _known(raw, _FIELD_WORDS, where)
    try:
        kind = Kind(raw.get("kind", ""))
    except ValueError:
        raise FormError(f"{where}: unknown kind {raw.get('kind', '')!r}") from None
    given: dict[str, Any] = {}
    for words, type_ in ((_TEXT, str), (_FLAGS, bool), (_NUMBERS, int)):
        given.update({w: _typed(raw[w], type_, w, where) for w in words if w in raw})
    _words(raw, "zh", where)
    _words(raw, "en", where)
    choices = _choices(raw.get("choices", []), where)
    _check_choices(kind, choices, where)
    if (kind is Kind.RECORD) != ("of" in raw):
        raise FormError(f"{where}: 'of' belongs to the kind record and only there")
    if (kind is Kind.LIST) != ("form" in raw):
        raise FormError(f"{where}: 'form' belongs to the kind list and only there")
    if kind is Kind.LIST and raw["form"] not in lists:
        raise FormError(f"{where}: no [lists.{raw['form']}] in this file")
    default = raw.get("default")
    if choices and default is not None and kind is Kind.CHOICE and default not in {c.code for c in choices}:
        raise FormError(f"{where}: the default {default!r} is not one of the choices")
    return Field(
        name=name,
        kind=kind,
        default=default,
        choices=choices,
        when=tuple(_typed(raw.get("when", {}), dict, "when", where).items()),
        synonyms=tuple(_typed(raw.get("synonyms", []), list, "synonyms", where)),
        form=lists[raw["form"]] if kind is Kind.LIST else None,
        **given,
    )


def _choices(raw: Any, where: str) -> tuple[Choice, ...]:
    if isinstance(raw, str):
        try:
            return _shared()[raw]
        except KeyError:
            raise FormError(f"{where}: no choices {raw!r} in forms/{_SHARED}.toml") from None
    return _choice_list(raw, where)


def _choice_list(raw: list[dict[str, Any]], where: str) -> tuple[Choice, ...]:
    found = []
    for row in raw:
        at = f"{where}, choice {row.get('code', '?')}"
        _known(row, frozenset({"code", "zh", "en", "tone", "synonyms"}), at)
        tone = row.get("tone", "grey")
        if tone not in _TONES:
            raise FormError(f"{at}: unknown tone {tone!r}")
        synonyms = tuple(row.get("synonyms", ()))
        found.append(Choice(_words(row, "code", at), _words(row, "zh", at), _words(row, "en", at), tone, synonyms))
    words: dict[str, str] = {}
    for c in found:
        for word in {w.casefold() for w in (c.code, c.zh, c.en, *c.synonyms)}:
            if words.setdefault(word, c.code) != c.code:
                raise FormError(f"{where}: {word!r} means both {words[word]!r} and {c.code!r}")
    if len({c.code for c in found}) != len(found):
        raise FormError(f"{where}: a choice code stands twice")
    return tuple(found)


def _check_choices(kind: Kind, choices: tuple[Choice, ...], where: str) -> None:
    if choices and kind not in _WITH_CHOICES:
        raise FormError(f"{where}: the kind {kind.value} has no choices")
    if not choices and kind in (Kind.CHOICE, Kind.CHOICES):
        raise FormError(f"{where}: the kind {kind.value} needs choices")
    if kind is Kind.YES_NO and choices and {c.code for c in choices} != {"yes", "no"}:
        raise FormError(f"{where}: the choices of a yes_no field are 'yes' and 'no'")


def _check_sections(form: Form, where: str) -> None:
    if not form.sections:
        return
    placed = [name for s in form.sections for name in s.fields]
    names = [f.name for f in form.fields]
    for name in placed:
        if name not in form:
            raise FormError(f"{where}: a section names {name!r}, which is not a field")
    for name in names:
        if placed.count(name) != 1:
            raise FormError(f"{where}, field {name}: stands in {placed.count(name)} sections instead of one")


def _check_when(form: Form, f: Field, where: str) -> None:
    for name, value in f.when:
        if name not in form or name == f.name:
            raise FormError(f"{where}: 'when' names {name!r}, which is not another field")
        other = form[name]
        if other.kind is Kind.CHOICE and other.choice(value) is None:
            raise FormError(f"{where}: 'when' expects {value!r}, which is not a choice of {name}")


def _known(raw: Any, words: frozenset[str], where: str) -> None:
    if not isinstance(raw, dict):
        raise FormError(f"{where}: a table is expected")
    for word in raw:
        if word not in words:
            raise FormError(f"{where}: unknown word {word!r}")


def _words(raw: dict[str, Any], word: str, where: str) -> str:
    value = _typed(raw.get(word, ""), str, word, where)
    if not value:
        raise FormError(f"{where}: {word!r} is missing")
    return str(value)


def _typed(value: Any, type_: type, word: str, where: str) -> Any:
    if not isinstance(value, type_) or (type_ is int and isinstance(value, bool)):
        raise FormError(f"{where}: {word!r} is not a {type_.__name__}")
    return value
