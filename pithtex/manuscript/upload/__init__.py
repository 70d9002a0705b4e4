"""What goes up to arXiv?"""
