"""Department heads: who they are, and the list that they confirm before a campaign opens."""
