"""What is in a paper's TeX sources, where do the two lines go, does it compile, and what goes up?

Imports `format` and `system`, and `pdf` to compare what a build made; asks no mirror.
"""
