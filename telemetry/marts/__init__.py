"""Reads of the business and serving layers (schemas bl and sl), with plain SQL."""
