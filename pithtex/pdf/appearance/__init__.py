"""Do all readers show the same page?

Imports what reads objects, never what compares titles.
"""
