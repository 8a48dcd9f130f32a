"""Backup and restore of all that a platform keeps, while it stands still."""
