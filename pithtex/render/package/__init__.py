"""What is in `pith.sty`, written and read back?"""
