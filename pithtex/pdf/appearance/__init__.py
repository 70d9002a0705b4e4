"""Do all readers show the same page?

Imports what reads objects, neither a record nor what compares titles.
"""
