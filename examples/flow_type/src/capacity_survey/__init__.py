"""What an engagement's servers need, and what that costs."""
