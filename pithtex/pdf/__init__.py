"""What does a PDF say of its number, and is it so?

`read` gives the evidence, `check` the verdict. Imports `format`, `verification` and `system`; only below this room is
pikepdf imported.
"""
