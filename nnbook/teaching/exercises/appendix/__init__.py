"""Exercises of the appendices on mathematics, one module a page."""
