"""Reads for pages and API: what an officer may see, decided in the query."""
