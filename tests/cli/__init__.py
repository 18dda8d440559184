"""What `python -m nnbook` does."""
