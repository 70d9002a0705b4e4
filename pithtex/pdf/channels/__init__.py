"""What does a PDF state of its number: link, XMP, Info, the badge's text, earlier revisions?

`table` has a row a channel. Imports nothing of `pdf` but what opens and reads it; `visible` asks `pdf.text`.
"""
