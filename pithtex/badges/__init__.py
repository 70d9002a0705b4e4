"""Badges and snippets: a verified record as pictures, marked-up text and citations, and the way back."""
