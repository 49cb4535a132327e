"""One page package per subject, named as the room in core."""
