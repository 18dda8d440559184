"""Exercises of the opening chapters, one module a chapter."""
