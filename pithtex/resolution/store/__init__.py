"""What is kept of verified records on this machine?"""
