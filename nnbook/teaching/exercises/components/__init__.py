"""Exercises of the part on the components of a network, one module a chapter."""
