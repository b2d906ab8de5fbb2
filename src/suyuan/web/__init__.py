"""Pages, API, dashboards: thin doors to actions and queries."""
