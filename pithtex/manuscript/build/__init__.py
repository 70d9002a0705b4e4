"""Does the paper compile as arXiv compiles it?"""
