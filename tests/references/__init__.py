"""Values and gradients that PyTorch computed: `python -m tests.references.record` records them."""
