"""Is a document genuine?

The specification in code, file for file beside `format`. Imports no I/O: `format`, and what `format` may import.
"""
