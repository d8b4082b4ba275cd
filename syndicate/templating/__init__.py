"""Jinja2, and what the templates of pages and newsletters share."""
