"""Who met whom: the visit log, matching, close contacts, contacts of contacts, common exposures."""
