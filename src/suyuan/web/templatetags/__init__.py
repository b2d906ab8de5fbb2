"""Tag libraries of the templates."""
