"""What lies at the ethics office and for how long: counts for officers, digests and reminders by letter."""
