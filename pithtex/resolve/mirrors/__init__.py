"""How is a mirror asked, and hosted?

Only this room imports requests.
"""
