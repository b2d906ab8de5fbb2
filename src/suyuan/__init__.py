"""Suyuan (溯源): from one positive to everyone exposed."""
