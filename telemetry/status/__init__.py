"""How the platform is: each part asked once a minute, the audits, and the page /status/ that shows both."""
