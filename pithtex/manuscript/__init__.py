"""A paper's sources, as far as they are read here: the preamble, the title, the place for the two lines."""
