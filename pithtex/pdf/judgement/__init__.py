"""Which word do the facts make?

Imports the verifier and the other rooms of `pdf`; reads no file.
"""
