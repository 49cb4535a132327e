"""docs/glossary.md says what the forms say: every form, field and choice, in both languages."""

from __future__ import annotations

from pathlib import Path

from fieldcrm.base import forms
from fieldcrm.base.forms import Form

GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"


HEAD = {("中文", "English", "code"), ("---", "---", "---")}


def rows(after: str) -> set[tuple[str, ...]]:
    lines = GLOSSARY.read_text(encoding="utf-8").partition(after)[2].splitlines()
    return {tuple(c.strip(" `*") for c in line.strip("|").split("|")) for line in lines if line.startswith("|")}


def expected(form: Form) -> set[tuple[str, ...]]:
    found = {(form.zh, form.en, form.kind)}
    for f in form.fields:
        found.add((f.zh, f.en, f"{form.kind}.{f.name}"))
        found |= {(c.zh, c.en, c.code) for c in f.choices}
        found |= expected(f.form) if f.form else set()
    return found


def test_every_row_has_three_words() -> None:
    assert all(len(row) == 3 and all(row) for row in rows("# Glossary"))


def test_forms_and_glossary_agree() -> None:
    wanted = set().union(*(expected(form) for form in forms.all_forms().values()))
    said = rows("## Fields of the forms") - HEAD
    assert (sorted(wanted - said), sorted(said - wanted)) == ([], [])
