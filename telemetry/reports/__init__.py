"""A mission's reports as its page shows them."""
