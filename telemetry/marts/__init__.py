"""Reads of the marts that the dbt project builds in the schemas bl and sl."""
