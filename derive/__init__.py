"""derive checks the mathematics of a paper: a verdict with evidence for every relation sign it prints."""

__version__ = "0.1.0"
