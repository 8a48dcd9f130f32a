"""Who flies what: the registry of missions, its API, admin and pages."""
