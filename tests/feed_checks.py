"""The checker of feeds, imported in one place for all tests that ask it."""

from syndicate.checks.document import check_document

__all__ = ["check_document"]
