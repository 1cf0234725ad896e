"""Who is asking: users, memberships, credentials, and what a role may do."""
