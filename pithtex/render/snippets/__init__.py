"""Which text carries a badge into each language?"""
