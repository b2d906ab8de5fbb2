"""The API: the same deeds as the pages, by construction, and the records they leave."""
