"""`make logs`: the services' logs, one or several, made readable and followed."""
