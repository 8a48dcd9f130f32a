"""Live radar: the newest state of every ship, from Kafka to the browser."""
