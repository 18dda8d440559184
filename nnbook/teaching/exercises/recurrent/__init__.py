"""Exercises of the part on recurrent networks, one module a chapter."""
