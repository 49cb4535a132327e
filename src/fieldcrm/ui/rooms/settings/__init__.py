"""Settings of the device and of the book."""
