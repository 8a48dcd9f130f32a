"""What the admin's pages have in common: reading only, bounded however many rows there are."""
