"""Pictures of stories, made to fit: mail programs need both sides as attributes, so they are worked out here."""

from syndicate.domain.articles import Image
from syndicate.templating.views import ImageView

# What most sites share pictures at (1200 by 630), for one that nobody has measured.
_USUAL_SHAPE = (1200, 630)
# Smaller than this nothing can be seen: spacers, pixels that count readers, slivers of banners.
_LEAST_SIDE = 24
# Across the whole column a picture that is nearly square would fill a screen.
_WIDE_SHAPE = 1.25


def fitted(image: Image | None, alt: str, width: int, height: int) -> ImageView | None:
    """Return a picture shrunk into a frame, never enlarged; None for one of which nothing would be seen."""
    if image is None:
        return None
    measured = image.width and image.height
    wide, high = (image.width or 1, image.height or 1) if measured else _USUAL_SHAPE
    scale = min(width / wide, height / high, 1)
    shown = round(wide * scale), round(high * scale)
    if min(shown) < _LEAST_SIDE:
        return None
    return ImageView(src=image.url, alt=image.alt or alt, width=shown[0], height=shown[1])


def across(image: Image | None, alt: str, width: int) -> ImageView | None:
    """Return a picture over the whole width, or None for one that is too small or too high for that."""
    if image is None or not image.width or not image.height:
        return None
    if image.width < width or image.width < _WIDE_SHAPE * image.height:
        return None
    return fitted(image, alt, width, width)
