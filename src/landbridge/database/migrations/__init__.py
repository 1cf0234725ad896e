"""Forward-only Alembic migrations, shipped inside the wheel."""
