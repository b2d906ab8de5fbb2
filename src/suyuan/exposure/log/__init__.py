"""The packed visit log: one directory, one writer, many readers."""
