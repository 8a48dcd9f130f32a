"""Database backend of a checkout that has no platform yet: models and lint work, connections do not."""
