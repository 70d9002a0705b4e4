"""What is there to say of a paper before its upload: sources, record, log and PDF?

Imports `manuscript`, `report`, `pdf`, `resolution`, `render` and what they import.
"""
