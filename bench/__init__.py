"""One command per figure; each prints a table and asserts nothing."""
