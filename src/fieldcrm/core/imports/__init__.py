"""Lists of the core system: recognised, read cell by cell, planned, applied as one operation, failures given back."""

from fieldcrm.core.imports.actions import apply_plan
from fieldcrm.core.imports.error_book import write_errors
from fieldcrm.core.imports.plan import CellChange, Counts, ImportPlan, RowResult
from fieldcrm.core.imports.planner import prepare
from fieldcrm.core.imports.problems import Problem
from fieldcrm.core.imports.recognise import guessed, tables
from fieldcrm.core.imports.table import ColumnMatch, Table, Target, samples, targets

__all__ = [
    "CellChange",
    "ColumnMatch",
    "Counts",
    "ImportPlan",
    "Problem",
    "RowResult",
    "Table",
    "Target",
    "apply_plan",
    "guessed",
    "prepare",
    "samples",
    "tables",
    "targets",
    "write_errors",
]
