"""Papers added to an entry: judged by content, kept under a random name, handed out only through the permission."""
