"""The command line: `main` builds the parser, each subcommand is a module, `common` is what they share."""
