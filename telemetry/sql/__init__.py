"""SQL over the warehouse: one SELECT at a time, by a role that can only read bl, sl, ll and params.missions."""
