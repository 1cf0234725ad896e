"""PostgreSQL: the embedded server, migrations, and the one session door."""
