"""`python -m landbridge`."""

from landbridge.cli.main import main

main()
