"""What does a PDF state of its number: link, XMP, Info, earlier revisions?

Imports nothing of `pdf` but what opens and reads it.
"""
