"""What does the paper's TeX say?"""
