"""Reports and tables of a tracing result."""
