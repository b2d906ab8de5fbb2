"""The compiled routines of matching. Whole numbers in, whole numbers out; no text, no dates, no policy names."""
