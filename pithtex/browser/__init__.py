"""What checks records and PDFs in a reader's browser?

Imports `format`, `verification` and `render`; its scripts stand beside it by what they are for.
"""
