"""Applications: each reads, transforms and writes."""
