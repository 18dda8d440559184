"""Exercises of the part on convolutional networks, one module a chapter."""
