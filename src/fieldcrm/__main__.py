"""`python -m fieldcrm` is the `fieldcrm` command."""

import importlib
import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["--fieldcrm-sheet-gate"]:  # nothing else may load: the child has a memory limit
        importlib.import_module("fieldcrm.base.sheets.child").main()
    if getattr(sys, "frozen", False):  # a packaged program starts itself again for its child processes
        import multiprocessing

        multiprocessing.freeze_support()
    sys.exit(importlib.import_module("fieldcrm.cli").main())
