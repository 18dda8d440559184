"""Make the PDF and the ePub of the book: `python -m tools.paper pdf`, or `epub`."""
