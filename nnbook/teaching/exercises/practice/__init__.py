"""Exercises of the part on practice, one module a chapter."""
