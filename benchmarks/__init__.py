"""nnbook beside its peers: the same training step, timed side by side. Run with `make bench`."""
