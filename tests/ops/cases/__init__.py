"""The cases at which each primitive is checked: a module for each family, with a list `CASES`."""
