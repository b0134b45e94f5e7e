"""Forms on paper: typed in by the office for one person, read by who typed until the person confirms."""
