"""What does a page show, read and drawn with PDFium?

Knows no number and no record; only this room imports PDFium.
"""
