"""How is a mirror asked?

Only this room imports requests.
"""
