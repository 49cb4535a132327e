"""Paper: A4 pages with embedded fonts and real text. Import the modules here late; they load reportlab."""
