"""What is there of a submission: sources, record, log, PDF?"""
