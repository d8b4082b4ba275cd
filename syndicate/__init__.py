"""syndicate: topic feeds and newsletters from a folder of articles."""

__version__ = "0.1.0"
