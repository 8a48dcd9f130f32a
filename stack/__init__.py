"""The native platform: starts every server from wheels and jars, and keeps it up."""
