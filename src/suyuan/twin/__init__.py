"""A simulated city with known truth."""
