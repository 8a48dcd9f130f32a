"""From the objects of a captain's report to rows of the schema `ll`: fetch, judge, load."""
