"""Where do the two lines go, and how do they go in and out?"""
