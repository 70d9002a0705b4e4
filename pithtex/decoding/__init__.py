"""Which record does a link, a receipt or a scanned code carry?

Imports `format` and `verification`, and no other room.
"""
