"""Goals issued to units and people."""
