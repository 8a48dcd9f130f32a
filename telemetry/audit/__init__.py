"""Measures the platform's invariants: one row of figures each."""
