"""From issues to HTML and plain text."""
