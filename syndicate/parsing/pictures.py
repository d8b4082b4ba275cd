"""Pictures: what the bytes of a local file say of themselves, by which feeds describe them."""

from io import BytesIO

from syndicate.domain.articles import Image

# What files of each kind begin with (offset, bytes): a file's name may be wrong, its first bytes are not.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
)


def measured(image: Image, data: bytes) -> Image:
    """Return a picture as its file's bytes say it is: its media type, its length, its sides.

    Bytes that are no picture that we publish say nothing, and the picture is returned as it was.
    """
    kinds = (kind for offset, start, kind in _SIGNATURES if data.startswith(start, offset))
    kind = next(kinds, None)
    if kind is None:
        return image
    width, height = _sides(data)
    if width is None:
        width, height = image.width, image.height
    return Image(url=image.url, alt=image.alt, media_type=kind, length=len(data), width=width, height=height)


def _sides(data: bytes) -> tuple[int | None, int | None]:
    import imagesize  # few sites have pictures of their own beside articles

    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception:  # whatever a broken picture makes the library raise, its sides are unknown
        return None, None
    return (width, height) if width > 0 and height > 0 else (None, None)
