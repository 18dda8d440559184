"""Exercises of the part on dense networks in practice, one module a chapter."""
