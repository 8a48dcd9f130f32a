"""What the containers of docker/compose.yml run before the parts: the same bootstrap, against servers elsewhere."""
