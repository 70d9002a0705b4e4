"""What is there to say of a paper before its upload: sources, record, log and PDF?

Imports `manuscript`, `report`, `pdf`, `resolve`, `render` and what they import.
"""
