"""Excel and CSV, in and out: the gate's child process, the reader, the writer. Nothing is imported here:
the child starts from this package and must be quick."""
