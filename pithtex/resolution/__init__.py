"""Where does the record of a paper come from, by whatever name it is asked for?

The resolver asks the store first and then the mirrors. Imports `format`, `verification` and `system`.
"""
