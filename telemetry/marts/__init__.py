"""The marts: built and checked by dbt in a schema of the build, then published into bl and sl in one transaction."""
