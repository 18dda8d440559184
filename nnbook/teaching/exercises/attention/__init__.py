"""Exercises of the part on attention and transformers, one module a chapter."""
