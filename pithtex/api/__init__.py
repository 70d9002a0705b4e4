"""How do other programs use pithtex from Python? It may import every room but the command line."""
