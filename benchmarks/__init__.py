"""What `make bench` measures, each figure beside the bar that it has to clear."""
