"""What are Pith's documents: numbers, canonical bytes, records, bundles, keys, the compact receipt?

Imports no I/O, and only `errors`, `findings`, `catalogue`, `limits` and `text` from outside.
"""
