"""How are files written whole or not at all, key files found, signals obeyed?

Imports `format` and `verification`, and no other room.
"""
