"""Where the files that ship with the program are: fonts, icons, catalogues, forms."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent


def root() -> Path:
    """The folder that holds `forms/` and `resources/`: inside an installed package, or the checkout."""
    packed = _HERE / "_data"
    return packed if packed.is_dir() else _HERE.parent.parent


def folder(name: str) -> Path:
    """A folder under resources/, such as `fonts`, `icons`, `locale`, `data`."""
    return root() / "resources" / name


def forms() -> Path:
    """The folder of the form definitions."""
    return root() / "forms"
