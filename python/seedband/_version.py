"""The package's version, which is the program's too."""

__version__ = "0.2.0"
