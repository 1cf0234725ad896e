"""What tests share: one PostgreSQL for the whole run, and client accounts to act as."""
