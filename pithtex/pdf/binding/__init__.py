"""Is the record of this paper: by its title, its arXiv stamp, or what was expected?

Imports `pdf.text`, `pdf.facts`, `format` and `verification`, neither channels nor judgement.
"""
