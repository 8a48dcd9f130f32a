"""Pure steps from bytes to Arrow columns; nothing here knows Spark."""
