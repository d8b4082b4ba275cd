"""From the bytes of a published feed to what is wrong with it.

Nothing here knows how the feeds were written: a judge that shared code with the writers would share their mistakes.
"""

from syndicate.checks.document import check_document

__all__ = ["check_document"]
