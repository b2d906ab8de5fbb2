"""The outside world: file formats."""
