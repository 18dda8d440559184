"""What `python -m nnbook` does, one file for each command that takes more than a few lines."""
