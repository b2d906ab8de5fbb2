"""Control-plan editions and disease profiles as data, with one typed loader."""
