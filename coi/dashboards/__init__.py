"""Pictures of how a campaign goes, each with its table; counts and never tells who, and hides what is about fewer than five."""
