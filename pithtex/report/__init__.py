"""How are checks, findings and verdicts shown: text, JSON, SARIF, GitHub annotations, HTML?

Imports `verify` and `pdf` for their types, and `render` for its templates.
"""
