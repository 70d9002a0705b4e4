"""What does each subcommand do?

A module each, imported when it runs.
"""
