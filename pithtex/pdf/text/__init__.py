"""What does a page show, read and drawn with PDFium?

Knows no number, no record and no channel; only this room imports PDFium.
"""
