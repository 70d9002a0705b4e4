"""What does the paper refer to, and is it there?"""
