"""What a platform needs beyond running servers: roles, databases, buckets, topics, schemas, tables, users."""
