"""How are checks, findings and verdicts shown: text, JSON, SARIF, GitHub annotations, HTML?

Imports `verification` and `pdf` for their types, and `render` for its templates.
"""
