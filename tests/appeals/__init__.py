"""Appeals of decisions."""
