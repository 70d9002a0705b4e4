"""What can be typed, and what comes back: options, output, exit codes?

`main` builds the parser, `commands` has a module a subcommand, `shared` what they have in common. May import every
room; none imports this one.
"""
