"""A made-up city to look at: its people, its two years, its cases; nobody in it is real."""
