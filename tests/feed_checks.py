"""The checker of feeds, imported in one place for all tests that ask it."""

from syndicate.checks.documents import check_document

__all__ = ["check_document"]
