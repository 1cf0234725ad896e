"""Users, memberships and credentials: who is asking, on whose data."""
