"""In how many other circumstances each claim held: what `make everywhere` recorded, for the pages.

`record` keeps it as data, `judge` weighs values against bounds, `digest` and `imports` tell which
chapters changed since. `tools/everywhere` runs the chapters and writes the record.
"""
