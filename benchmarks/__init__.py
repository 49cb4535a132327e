"""What the program is measured against: `python3 run.py benchmark`. Each group is a module with `measure`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for _place in ("src", "tests"):
    if str(ROOT / _place) not in sys.path:
        sys.path.insert(0, str(ROOT / _place))
