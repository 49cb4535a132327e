"""The window: rail, header, search, quick log, status, unlocking and locking; pages come from ui.rooms."""
