"""What do the commands have in common: options, streams, exit codes?"""
