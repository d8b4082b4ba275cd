"""Draw the pictures of the example articles, the same to the last byte every time.

    python -m venv /tmp/pictures
    /tmp/pictures/bin/pip install Pillow
    /tmp/pictures/bin/python examples/make_pictures.py            # all of them
    /tmp/pictures/bin/python examples/make_pictures.py bell-audit # only those named

Pillow is not a dependency of syndicate: only this script needs it, and the pictures
that it makes are kept in `examples/articles/images/`, so nobody has to run it.

One function draws one picture and bears its name:

    bell_audit(canvas, chance)  ->  1200 x 630 flat colours  ->  images/bell-audit.png

Everything is drawn at twice the size and shrunk, which smooths the edges, and is then
cut down to a palette of at most 64 colours, which keeps a file under 30 kB.
No fonts are used, since they differ from machine to machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import cos, exp, pi, radians, sin
from pathlib import Path
from random import Random

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1200, 630  # the size that link previews ask for
SCALE = 2  # drawn larger and shrunk, for smooth edges
COLOURS = 64
MAX_BYTES = 30_000
FOLDER = Path(__file__).parent / "articles" / "images"

Point = tuple[float, float]
Points = Sequence[Point]

INK = "#1f2a44"
NIGHT = "#14203f"
CREAM = "#fbf1dc"
PAPER = "#f6e7c8"
WHITE = "#fffaf0"
RED = "#d6493b"
ORANGE = "#ee8b3a"
GOLD = "#f3b944"
LEAF = "#6f9a4c"
MOSS = "#44693d"
TEAL = "#2f8f8b"
SEA = "#24647f"
SKY = "#a9d6dc"
PINK = "#f0a7a0"
PLUM = "#6b3a5b"
BARK = "#6a4630"
TEA = "#a8622d"
CRUST = "#c98643"
BRASS = "#c9a045"
STEEL = "#8fa0b0"


# --- the canvas and its strokes ------------------------------------------------------


def mix(one: str, other: str, share: float) -> str:
    """Return the colour that lies `share` (0 to 1) of the way from one to the other."""
    a, b = ImageColor.getrgb(one), ImageColor.getrgb(other)
    return "#" + "".join(f"{round(p + (q - p) * share):02x}" for p, q in zip(a[:3], b[:3], strict=True))


def polar(x: float, y: float, r: float, degrees: float) -> Point:
    """Return the point at distance r, with the angle as on a clock: 0 is up, 90 right."""
    return x + r * sin(radians(degrees)), y - r * cos(radians(degrees))


def xy(text: str) -> list[Point]:
    """Return the points of a path written as in SVG: "12,40 30.5,8"."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]


def steps(start: float, stop: float, count: int) -> list[float]:
    """Return `count` numbers evenly spaced from start to stop, both included."""
    return [start + (stop - start) * i / (count - 1) for i in range(count)]


class Canvas:
    """A sheet of 1200 x 630 units, drawn on in flat colours."""

    def __init__(self, colour: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), colour)
        self.draw = ImageDraw.Draw(self.image)

    def poly(self, points: Points, fill: str) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        self.draw.ellipse([(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill=fill)

    def circle(self, x: float, y: float, r: float, fill: str) -> None:
        self.ellipse(x, y, r, r, fill)

    def ring(self, x: float, y: float, r: float, width: float, fill: str) -> None:
        box = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        self.draw.ellipse(box, outline=fill, width=round(width * SCALE))

    def rect(self, x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> None:
        box = [x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE]
        self.draw.rounded_rectangle(box, radius=radius * SCALE, fill=fill)

    def line(self, points: Points, width: float, fill: str) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=fill, width=max(1, round(width * SCALE)), joint="curve")
        if width > 2:  # round ends; on a hairline nobody sees them
            for x, y in (points[0], points[-1]):
                self.circle(x, y, width / 2, fill)

    def arc(self, x: float, y: float, r: float, start: float, stop: float, width: float, fill: str) -> None:
        self.line([polar(x, y, r, a) for a in steps(start, stop, 48)], width, fill)

    def bands(self, top: str, bottom: str, count: int = 9, y0: float = 0, y1: float = HEIGHT) -> None:
        """Fill from y0 down to y1 with a gradient in `count` flat stripes."""
        height = (y1 - y0) / count
        for i in range(count):
            self.rect(0, y0 + i * height, WIDTH, height + 1, mix(top, bottom, i / (count - 1)))

    def halo(self, x: float, y: float, r: float, near: str, far: str, count: int = 6) -> None:
        """Fill a disc with rings that fade from `near` in the middle to `far` at the rim."""
        for i in range(count):
            self.circle(x, y, r * (count - i) / count, mix(far, near, (i + 1) / count))

    def rays(self, x: float, y: float, fill: str, count: int = 16, turn: float = 0) -> None:
        """Draw a sunburst of `count` wedges round a point."""
        half = 90 / count
        for i in range(count):
            a = turn + i * 360 / count
            self.poly([(x, y), polar(x, y, 1500, a - half), polar(x, y, 1500, a + half)], fill)

    def dots(self, fill: str, gap: float = 48, r: float = 4) -> None:
        """Cover the sheet with a grid of dots, every other row shifted by half a gap."""
        for row in range(int(HEIGHT / gap) + 2):
            for column in range(int(WIDTH / gap) + 2):
                self.circle(column * gap + (row % 2) * gap / 2, row * gap, r, fill)

    def below(self, edge: Callable[[float], float], fill: str, drop: float = 0) -> None:
        """Fill everything under the curve y = edge(x) + drop."""
        self.poly([(x, edge(x) + drop) for x in range(0, WIDTH + 8, 8)] + [(WIDTH, HEIGHT), (0, HEIGHT)], fill)

    def waves(self, y: float, height: float, length: float, fill: str, shift: float = 0) -> None:
        self.below(lambda x: y + height * sin((x + shift) * 2 * pi / length), fill)

    def save(self, path: Path) -> int:
        """Shrink, reduce to a palette, write, and return the size in bytes."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
        return path.stat().st_size


Draw = Callable[[Canvas, Random], None]
PICTURES: dict[str, tuple[str, Draw]] = {}


def picture(background: str) -> Callable[[Draw], Draw]:
    """Enter the function below as a picture on a sheet of this colour."""

    def enter(draw: Draw) -> Draw:
        PICTURES[draw.__name__.replace("_", "-")] = (background, draw)
        return draw

    return enter


# --- things that several pictures need -----------------------------------------------


def stars(c: Canvas, chance: Random, count: int, bottom: float = HEIGHT, fill: str = CREAM) -> None:
    for _ in range(count):
        c.circle(chance.uniform(0, WIDTH), chance.uniform(0, bottom), chance.choice((1.5, 2, 2, 3)), fill)


def bright_star(c: Canvas, x: float, y: float, r: float, fill: str = CREAM) -> None:
    c.poly([polar(x, y, r if i % 2 == 0 else r * 0.28, i * 45) for i in range(8)], fill)


def crescent(c: Canvas, x: float, y: float, r: float, fill: str, thick: float = 0.5, turn: float = 115) -> None:
    """Draw a moon lit from the direction `turn`, its lit part `thick` of a radius wide."""
    outer = [polar(x, y, r, turn + a) for a in steps(-90, 90, 50)]
    inner = []
    for a in steps(90, -90, 50):
        along, across = r * sin(radians(a)), r * (1 - thick) * cos(radians(a))
        px, py = polar(x, y, across, turn)
        inner.append(polar(px, py, along, turn + 90))
    c.poly(outer + inner, fill)


def wheel(c: Canvas, x: float, y: float, r: float, tyre: str = INK, spoke: str = STEEL, count: int = 16) -> None:
    for i in range(count):
        c.line([(x, y), polar(x, y, r * 0.95, i * 360 / count)], max(1, r * 0.02), spoke)
    c.ring(x, y, r, r * 0.1, tyre)
    c.circle(x, y, r * 0.1, tyre)


def bicycle(c: Canvas, x: float, y: float, s: float, frame: str = RED, tyre: str = INK, spoke: str = STEEL) -> None:
    """Draw a bicycle facing right; (x, y) is where its rear tyre meets the ground."""
    r = 70 * s
    hub, front = (x, y - r), (x + 200 * s, y - r)
    pedals, seat, head = (x + 80 * s, y - r + 6 * s), (x + 52 * s, y - r - 82 * s), (x + 172 * s, y - r - 84 * s)
    for wx, wy in (hub, front):
        wheel(c, wx, wy, r, tyre, spoke, 12)
    for a, b in ((hub, pedals), (hub, seat), (seat, pedals), (seat, head), (pedals, head), (head, front)):
        c.line([a, b], 8 * s, frame)
    c.line([seat, (x + 44 * s, y - r - 106 * s)], 7 * s, frame)
    c.line([(x + 22 * s, y - r - 108 * s), (x + 70 * s, y - r - 110 * s)], 13 * s, tyre)
    c.line(
        [head, (x + 166 * s, y - r - 112 * s), (x + 190 * s, y - r - 118 * s), (x + 202 * s, y - r - 104 * s)],
        7 * s,
        tyre,
    )
    c.circle(*pedals, 15 * s, tyre)
    c.circle(*pedals, 8 * s, frame)
    c.line([pedals, (pedals[0] + 14 * s, pedals[1] + 26 * s)], 6 * s, tyre)


def carrier(c: Canvas, x: float, y: float, s: float, frame: str) -> float:
    """Draw a cargo bicycle facing right and return the height of its load platform."""
    r = 64 * s
    deck = y - 62 * s
    wheel(c, x, y - r, r)
    wheel(c, x + 470 * s, y - r * 0.72, r * 0.72)
    c.rect(x + 190 * s, deck, 220 * s, 16 * s, frame, 6 * s)
    pedals, seat, head = (x + 80 * s, y - 56 * s), (x + 50 * s, y - 146 * s), (x + 168 * s, y - 158 * s)
    ends = (
        ((x, y - r), pedals),
        ((x, y - r), seat),
        (seat, pedals),
        (seat, head),
        (pedals, head),
        (head, (x + 200 * s, deck + 6 * s)),
    )
    for a, b in (
        *ends,
        (pedals, (x + 200 * s, deck + 6 * s)),
        ((x + 408 * s, deck + 8 * s), (x + 470 * s, y - r * 0.72)),
    ):
        c.line([a, b], 9 * s, frame)
    c.line([seat, (x + 42 * s, y - 176 * s)], 7 * s, frame)
    c.line([(x + 16 * s, y - 178 * s), (x + 70 * s, y - 180 * s)], 14 * s, INK)
    c.line([head, (x + 160 * s, y - 198 * s), (x + 132 * s, y - 204 * s)], 8 * s, INK)
    c.circle(*pedals, 14 * s, INK)
    return deck


def gear(c: Canvas, x: float, y: float, r: float, teeth: int, fill: str, hole: str) -> None:
    step = 360 / teeth
    rim: list[Point] = []
    for i in range(teeth):
        for share, radius in xy("-0.32,0.84 -0.18,1.0 0.18,1.0 0.32,0.84"):
            rim.append(polar(x, y, r * radius, (i + share) * step))
    c.poly(rim, fill)
    c.circle(x, y, r * 0.58, hole)
    for i in range(4):
        c.line([polar(x, y, r * 0.6, i * 90), polar(x, y, r * 0.6, i * 90 + 180)], r * 0.12, fill)
    c.circle(x, y, r * 0.2, fill)
    c.circle(x, y, r * 0.08, hole)


def clock(
    c: Canvas, x: float, y: float, r: float, hour: float, minute: float, face: str = CREAM, ink: str = INK
) -> None:
    c.circle(x, y, r, face)
    for i in range(12):
        long = 0.76 if i % 3 == 0 else 0.83
        c.line([polar(x, y, r * long, i * 30), polar(x, y, r * 0.9, i * 30)], r * (0.06 if i % 3 == 0 else 0.03), ink)
    c.line([(x, y), polar(x, y, r * 0.5, hour * 30 + minute * 0.5)], r * 0.09, ink)
    c.line([(x, y), polar(x, y, r * 0.74, minute * 6)], r * 0.06, ink)
    c.circle(x, y, r * 0.08, ink)


def tree(c: Canvas, x: float, y: float, r: float, leaf: str = LEAF, fruit: str | None = RED) -> None:
    """Draw a round tree; (x, y) is the foot of its trunk."""
    top = y - r * 1.75
    c.rect(x - r * 0.09, top, r * 0.18, y - top, BARK)
    c.circle(x, top, r, leaf)
    c.circle(x - r * 0.22, top - r * 0.22, r * 0.66, mix(leaf, "#e6eda0", 0.22))
    if fruit:
        for i in range(9):
            c.circle(*polar(x, top, r * (0.35 if i % 2 else 0.72), i * 40 + x % 40), r * 0.08, fruit)


def apple(c: Canvas, x: float, y: float, r: float, fill: str = RED) -> None:
    shine = mix(fill, GOLD, 0.55)
    for side in (-1, 1):
        c.ellipse(x + side * r * 0.36, y, r * 0.66, r * 0.86, fill)
    c.ellipse(x, y + r * 0.14, r * 0.7, r * 0.68, fill)
    c.ellipse(x - r * 0.42, y - r * 0.16, r * 0.26, r * 0.42, shine)
    c.line([(x, y - r * 0.66), (x + r * 0.06, y - r * 0.92), (x + r * 0.2, y - r * 1.12)], r * 0.09, BARK)
    leaf = [
        (x + r * 0.1, y - r * 0.9),
        (x + r * 0.34, y - r * 1.24),
        (x + r * 0.76, y - r * 1.2),
        (x + r * 0.52, y - r * 0.9),
    ]
    c.poly(leaf, LEAF)


def cup(
    c: Canvas, x: float, y: float, w: float, fill: str, tea: str = TEA, saucer: str | None = None, handle: int = 1
) -> None:
    """Draw a cup from the side; (x, y) is the middle of its rim, w its width."""
    h = w * 0.62
    if saucer:
        c.ellipse(x, y + h * 1.03, w * 0.82, w * 0.1, saucer)
    c.ring(x + handle * w * 0.52, y + h * 0.4, w * 0.22, w * 0.075, mix(fill, INK, 0.12))
    side = [(x - w / 2, y)]
    for a in steps(180, 0, 24):
        side.append((x + w / 2 * cos(radians(a)) * 0.98, y + h * (0.35 + 0.65 * sin(radians(a)) ** 0.8)))
    c.poly([*side, (x + w / 2, y)], fill)
    c.ellipse(x, y, w / 2, w * 0.11, mix(fill, INK, 0.12))
    c.ellipse(x, y + w * 0.015, w * 0.45, w * 0.085, tea)


def steam(c: Canvas, x: float, y: float, height: float, fill: str, width: float = 9, sway: float = 16) -> None:
    points = [(x + sway * sin(t * 2 * pi) * (0.4 + t), y - height * t) for t in steps(0, 1, 30)]
    c.line(points, width, fill)


def open_book(
    c: Canvas, x: float, y: float, w: float, h: float, page: str = WHITE, cover: str = RED, lines: str | None = STEEL
) -> None:
    """Draw an open book; (x, y) is the top of its spine, w the width of one page."""
    c.rect(x - w - 14, y + 8, 2 * w + 28, h + 16, cover, 10)
    for side in (-1, 1):
        top = [(x + side * w * t, y - 26 * sin(t * pi * 0.9)) for t in steps(0, 1, 20)]
        foot = [(px, py + h) for px, py in reversed(top)]
        c.poly(top + foot, page if side < 0 else mix(page, INK, 0.06))
        for row in range(6 if lines else 0):
            text = [
                (x + side * w * t, y + h * (0.16 + row * 0.13) - 26 * sin(t * pi * 0.9))
                for t in steps(0.12, 0.86 if row % 3 else 0.7, 12)
            ]
            c.line(text, 5, lines or page)


def loaf(c: Canvas, x: float, y: float, w: float, h: float, fill: str = CRUST, cuts: int = 3) -> None:
    c.ellipse(x, y, w / 2, h / 2, fill)
    c.ellipse(x, y - h * 0.09, w * 0.44, h * 0.36, mix(fill, GOLD, 0.45))
    for i in range(cuts):
        cx = x + (i - (cuts - 1) / 2) * w * 0.22
        c.line([(cx - w * 0.05, y + h * 0.1), (cx + w * 0.05, y - h * 0.32)], h * 0.07, mix(fill, BARK, 0.45))


def person(c: Canvas, x: float, y: float, h: float, fill: str) -> None:
    """Draw a standing figure; (x, y) is the ground between the feet."""
    c.circle(x, y - h * 0.86, h * 0.14, fill)
    c.rect(x - h * 0.17, y - h * 0.7, h * 0.34, h * 0.72, fill, h * 0.15)


def bird(c: Canvas, x: float, y: float, s: float, fill: str, beak: str = ORANGE) -> None:
    c.poly([(x - 60 * s, y - 6 * s), (x - 10 * s, y - 24 * s), (x, y + 14 * s)], fill)
    c.ellipse(x, y - 6 * s, 34 * s, 24 * s, fill)
    c.circle(x + 28 * s, y - 28 * s, 18 * s, fill)
    c.poly([(x + 42 * s, y - 36 * s), (x + 66 * s, y - 26 * s), (x + 42 * s, y - 20 * s)], beak)
    c.circle(x + 33 * s, y - 32 * s, 3.5 * s, CREAM)
    for leg in (-6, 10):
        c.line([(x + leg * s, y + 14 * s), (x + leg * s, y + 32 * s)], 4 * s, beak)


def sailing_boat(c: Canvas, x: float, y: float, s: float, hull: str = RED) -> None:
    c.poly([(x - 150 * s, y), (x + 150 * s, y), (x + 105 * s, y + 62 * s), (x - 115 * s, y + 62 * s)], hull)
    c.rect(x - 150 * s, y - 6 * s, 300 * s, 14 * s, mix(hull, INK, 0.35), 6 * s)


def kettle(c: Canvas, x: float, y: float, s: float, fill: str) -> None:
    """Draw a kettle; (x, y) is the middle of its base."""
    dark = mix(fill, INK, 0.35)
    c.ring(x, y - 92 * s, 62 * s, 9 * s, dark)
    c.poly(
        [(x + 52 * s, y - 40 * s), (x + 108 * s, y - 96 * s), (x + 84 * s, y - 104 * s), (x + 40 * s, y - 74 * s)], fill
    )
    c.ellipse(x, y - 50 * s, 76 * s, 54 * s, fill)
    c.rect(x - 62 * s, y - 24 * s, 124 * s, 24 * s, fill, 10 * s)
    c.ellipse(x - 26 * s, y - 62 * s, 18 * s, 24 * s, mix(fill, WHITE, 0.35))
    c.ellipse(x, y - 100 * s, 34 * s, 9 * s, dark)
    c.circle(x, y - 112 * s, 8 * s, dark)


# --- harbour and tides ---------------------------------------------------------------


@picture(SKY)
def book_boat_sails_thursdays(c: Canvas, chance: Random) -> None:
    c.bands("#8cc7d2", "#fbe7bd", 10, 0, 430)
    c.halo(930, 160, 120, "#fff6d8", "#b9dcd3", 4)
    c.waves(400, 10, 300, "#5fb0b3")
    for x, w in ((-1, 190), (1, 150)):  # a page on either side of the mast
        for leaf in range(3):
            tip = 110 + leaf * 14
            pages = [
                (600 + x * 6, tip),
                (600 + x * (w - leaf * 18), tip + 60),
                (600 + x * (w - leaf * 10), 372 - leaf * 10),
                (600 + x * 6, 392),
            ]
            c.poly(pages, mix(WHITE, PAPER, 1 - leaf / 2))
        for row in range(6):
            c.line([(600 + x * 24, 210 + row * 26), (600 + x * (w - 46), 222 + row * 24)], 5, STEEL)
    c.rect(595, 84, 10, 330, BARK)
    c.poly(xy("605,84 605,120 660,102"), LEAF)
    sailing_boat(c, 600, 402, 1.25)
    c.waves(446, 12, 260, TEAL, 60)
    c.waves(510, 13, 320, SEA, 140)
    c.waves(572, 12, 240, INK, 20)


@picture(NIGHT)
def how_to_read_a_tide_table(c: Canvas, chance: Random) -> None:
    c.bands("#10193a", "#29527a", 8)
    stars(c, chance, 70, 260)

    def tide(x: float) -> float:
        return 400 - 95 * cos((x - 200) * 2 * pi / 400)

    for i, fill in enumerate(("#2f86a0", "#27708d", "#1f5a79", "#194967")):
        c.below(tide, fill, i * 46)
    c.line([(x, tide(x)) for x in range(-4, 1210, 6)], 8, CREAM)
    for i, x in enumerate((200, 600, 1000)):
        c.halo(x, 160, 84, "#46618c", "#1a2b54", 3)
        c.circle(x, 160, 52, GOLD)
        if i != 1:
            c.ellipse(x + (26 if i else -26), 160, 46, 53, "#46618c")
        c.line([(x, 226), (x, 286)], 3, GOLD)
        c.circle(x, tide(x), 13, RED)
    for x in (0, 400, 800, 1200):
        c.circle(x, tide(x), 10, CREAM)


@picture("#dfe9e2")
def heron_on_the_slipway(c: Canvas, chance: Random) -> None:
    c.bands("#f6d9b8", "#cfe3dd", 9, 0, 420)
    c.circle(270, 190, 84, "#f7b58a")
    c.below(lambda x: 396 - 34 * sin(x / 190) ** 2, "#9bbcb6")
    c.rect(0, 410, WIDTH, 220, "#6fa8ad")
    for row in range(7):
        c.rect(60 + row * 37 % 240, 440 + row * 26, 300 - row * 20, 5, "#8fc0c0", 3)
    for plank in range(7):
        y = 400 + plank * 36
        c.poly(
            [(700 - plank * 34, y), (1200, y), (1200, y + 28), (676 - plank * 34, y + 28)],
            mix("#b08a63", "#8a6647", plank % 2),
        )
    c.poly(xy("870,262 1000,330 1050,392 970,372 880,350"), "#5b6b80")
    c.ellipse(905, 310, 74, 52, "#7b8ca1")
    c.poly(xy("880,290 1020,372 900,352"), "#46566c")
    neck = xy("852,300 812,262 828,206 866,178 858,140 830,122")
    c.line(neck, 26, "#8d9db0")
    c.circle(828, 124, 24, "#c4ced6")
    c.poly(xy("812,112 690,138 812,136"), GOLD)
    c.poly(xy("824,102 930,96 846,122"), INK)
    c.circle(820, 120, 4, INK)
    c.line(xy("905,358 912,430 906,506"), 9, "#c79a4b")
    c.line(xy("884,508 906,504 934,510"), 8, "#c79a4b")
    c.line(xy("926,354 960,404 928,430"), 8, "#c79a4b")


@picture("#cbd5d6")
def foghorn_in_b_flat(c: Canvas, chance: Random) -> None:
    c.bands("#b7c6cc", "#e3e3da", 7)
    for i in range(9, 0, -1):
        fill = mix("#7f9bab", "#d6d9d4", i / 9)
        c.poly([(280, 196), *(polar(280, 196, i * 112, a) for a in steps(66, 114, 30))], fill)
        c.poly(
            [(280, 196), *(polar(280, 196, i * 112 - 42, a) for a in steps(66, 114, 30))], mix(fill, "#dfe1dc", 0.55)
        )
    for x, y, up in ((560, 210, 0), (730, 150, 1), (900, 260, 0), (1060, 140, 1)):
        c.ellipse(x, y + 70, 26, 19, INK)
        c.line([(x + 23, y + 68), (x + 23, y - 40)], 7, INK)
        if up:
            c.poly([(x + 20, y - 42), (x + 66, y - 6), (x + 60, y + 22), (x + 20, y - 8)], INK)
    c.below(lambda x: 600 - 90 * exp(-(((x - 210) / 200) ** 2)), "#46566c")
    for i in range(5):
        wide, next_wide = 74 - i * 7, 74 - (i + 1) * 7
        y = 520 - i * 58
        c.poly(
            [(210 - wide, y), (210 + wide, y), (210 + next_wide, y - 58), (210 - next_wide, y - 58)],
            RED if i % 2 == 0 else WHITE,
        )
    c.rect(158, 218, 104, 14, INK)
    c.rect(176, 164, 68, 56, GOLD)
    c.poly(xy("166,166 254,166 210,118"), RED)
    c.poly(xy("246,180 312,160 312,232 246,212"), BRASS)
    c.waves(586, 9, 220, SEA)


@picture("#e9dcc0")
def ferry_fares_for_bicycles(c: Canvas, chance: Random) -> None:
    c.bands("#f8d7a6", "#f2eee0", 7, 0, 420)
    c.circle(1010, 140, 70, ORANGE)
    c.waves(410, 16, 420, "#7fc2bb")
    c.poly(xy("270,372 930,372 860,492 330,492"), RED)
    c.rect(262, 360, 676, 22, "#9c2f2b", 8)
    c.rect(300, 262, 150, 100, WHITE, 8)
    c.rect(320, 280, 46, 40, SKY, 4)
    c.rect(384, 280, 46, 40, SKY, 4)
    c.rect(352, 190, 44, 74, INK)
    c.rect(352, 206, 44, 18, GOLD)
    for i in range(3):
        c.circle(392 + i * 44, 168 - i * 26, 20 + i * 9, "#f4ead3")
    bicycle(c, 510, 362, 0.78, TEAL)
    shade = mix(BRASS, INK, 0.3)
    for x, wide in ((812, 17), (846, 12)):
        c.line([(x, 250), (x, 330), (x - 26, 350), (x - 52, 330), (x - 52, 276)], wide, shade)
    c.poly(xy("716,156 884,156 836,214 826,330 774,330 764,214"), BRASS)
    c.ellipse(800, 330, 26, 24, BRASS)
    c.ellipse(800, 156, 92, 26, mix(BRASS, WHITE, 0.4))
    c.ellipse(800, 157, 72, 17, mix(BRASS, INK, 0.45))
    c.poly(xy("776,200 788,200 790,320 782,320"), mix(BRASS, WHITE, 0.45))
    c.ring(842, 286, 42, 12, shade)
    for k in range(3):
        c.circle(786 + k * 16, 262, 6, shade)
    c.waves(462, 15, 340, TEAL, 90)
    c.waves(528, 16, 400, SEA, 200)
    c.waves(590, 12, 300, "#183e57", 40)


@picture("#bfe0e6")
def regatta_day_notices(c: Canvas, chance: Random) -> None:
    c.bands("#78bcd4", "#e9f2e2", 8, 0, 440)
    c.halo(600, 420, 230, "#fdf3cf", "#c3e0dc", 4)
    colours = (RED, GOLD, TEAL, WHITE, ORANGE, PLUM, LEAF)
    for row, (sag, top) in enumerate(((120, 20), (150, 110))):
        rope = [(x, top + sag * (1 - ((x - 600) / 640) ** 2)) for x in range(-10, 1216, 72)]
        c.line(rope, 4, INK)
        for i, ((x1, y1), (x2, y2)) in enumerate(pairwise(rope)):
            c.poly([(x1 + 8, y1), (x2 - 8, y2), ((x1 + x2) / 2, (y1 + y2) / 2 + 66)], colours[(i + row * 3) % 7])
    c.waves(430, 8, 240, "#5aaab8")
    for x, y, s, sail in (
        (200, 420, 0.62, RED),
        (430, 400, 0.42, GOLD),
        (700, 424, 0.6, WHITE),
        (960, 404, 0.5, ORANGE),
    ):
        c.line([(x, y), (x, y - 190 * s)], 6 * s, INK)
        c.poly([(x + 8 * s, y - 186 * s), (x + 8 * s, y - 20 * s), (x + 120 * s, y - 20 * s)], sail)
        c.poly([(x - 8 * s, y - 160 * s), (x - 8 * s, y - 20 * s), (x - 84 * s, y - 20 * s)], mix(sail, INK, 0.15))
        sailing_boat(c, x, y - 6 * s, s * 0.8, INK)
    c.waves(462, 9, 200, TEAL, 50)
    c.waves(530, 11, 280, SEA, 10)
    c.waves(592, 9, 220, "#183e57", 90)


@picture("#8ec3c9")
def forty_one_teaspoons(c: Canvas, chance: Random) -> None:
    c.bands("#bfe3de", "#6fb3bd", 5, 0, 250)
    c.poly(xy("290,60 930,60 870,176 350,176"), "#c2513f")
    c.rect(280, 46, 660, 22, INK, 6)
    c.rect(430, 0, 120, 50, CREAM)
    c.line([(700, 46), (830, -10)], 16, GOLD)
    c.waves(150, 8, 200, "#4f9fae")
    for i, fill in enumerate(("#7a6650", "#6a5643", "#594737", "#48392d", "#382b23")):
        c.waves(256 + i * 78, 12, 360 - i * 30, fill, i * 110)
    c.line([(760, 120), (700, 250)], 6, INK)
    c.line([(800, 120), (740, 250)], 6, INK)
    c.poly(xy("650,240 790,240 768,316 720,338 672,316"), GOLD)
    for tooth in range(4):
        c.poly([(664 + tooth * 32, 312), (690 + tooth * 32, 312), (677 + tooth * 32, 346)], GOLD)
    for i in range(26):
        x, y = 50 + (i % 9) * 138 + chance.uniform(-34, 34), 330 + (i // 9) * 102 + chance.uniform(-26, 26)
        turn = chance.uniform(0, 360)
        shine = chance.choice(("#dfe5e8", "#b9c5cd", "#e9d9a6"))
        c.line([(x, y), polar(x, y, 62, turn)], 6, shine)
        px, py = polar(x, y, -18, turn)
        rim = []
        for a in steps(0, 360, 24):
            u, v = 12 * cos(radians(a)), 20 * sin(radians(a))
            rim.append(
                (
                    px + u * cos(radians(turn)) - v * sin(radians(turn)),
                    py + u * sin(radians(turn)) + v * cos(radians(turn)),
                )
            )
        c.poly(rim, shine)


@picture("#9cc4cf")
def buoy_nine_comes_home(c: Canvas, chance: Random) -> None:
    c.bands("#f3c9a5", "#a8cbd0", 9, 0, 420)
    c.waves(330, 26, 620, "#6ca7b0", 300)
    c.waves(372, 30, 700, "#4d8f9c", 60)

    def tilt(x: float, y: float) -> Point:
        a = radians(13)
        return 600 + x * cos(a) - y * sin(a), 330 + x * sin(a) + y * cos(a)

    c.poly([tilt(*p) for p in xy("-130,40 130,40 170,190 -170,190")], "#d9622f")
    c.poly([tilt(*p) for p in xy("-46,-190 46,-190 130,40 -130,40")], ORANGE)
    c.poly([tilt(*p) for p in xy("-74,-112 74,-112 92,-62 -92,-62")], WHITE)
    c.poly([tilt(*p) for p in xy("-22,-250 22,-250 22,-190 -22,-190")], INK)
    c.circle(*tilt(0, -262), 26, GOLD)
    nine = tilt(0, -22)
    c.ring(nine[0], nine[1] - 8, 26, 11, INK)
    c.line([(nine[0] + 21, nine[1] - 6), (nine[0] + 17, nine[1] + 26), (nine[0] - 2, nine[1] + 46)], 11, INK)
    for i in range(13):
        c.circle(*tilt(-150 + i * 25, 120 + 9 * (i % 3)), 13, "#e7e2cd")
        c.circle(*tilt(-150 + i * 25, 120 + 9 * (i % 3)), 5, "#7d7a66")
    rope = [tilt(x, 52 + 12 * sin(x / 30)) for x in range(-130, 136, 8)]
    c.line(rope, 12, "#3a6fb0")
    c.waves(470, 30, 640, SEA, 420)
    c.waves(556, 26, 560, "#194d66", 120)


@picture("#8a97a3")
def king_tide_on_the_chalk_wall(c: Canvas, chance: Random) -> None:
    c.bands("#2b3557", "#c9876b", 6, 0, 110)
    c.circle(1010, 62, 38, "#fbe9c4")
    stones = ("#7d7f86", "#8b8c90", "#737780", "#96958f")
    for row in range(9):
        y, x = 96 + row * 44, -60.0 + (row % 2) * 50
        while x < WIDTH:
            w = chance.choice((110, 136, 160, 190))
            c.rect(x, y, w - 5, 39, chance.choice(stones), 7)
            x += w
    c.rect(0, 84, WIDTH, 18, "#b3aea2")
    for row in range(6):
        y = 150 + row * 46
        for column in range(6):
            x = 70 + column * 190 + chance.uniform(-26, 26)
            loops, tall = chance.choice((4, 5, 6, 7)), chance.uniform(7, 11)
            name = [
                (x + 14 * t + 6 * sin(t * 2 * pi), y - tall * cos(t * 2 * pi) * (1.5 if t < 1 else 0.7))
                for t in steps(0, loops, loops * 12)
            ]
            c.line(name, 3.5, CREAM if row < 5 else "#c9c9c6")
        c.line([(20, y + 22), (56, y + 22)], 4, CREAM)
    c.waves(398, 7, 210, "#2e5f78")
    c.waves(424, 8, 260, "#245069", 90)
    for i in range(9):
        c.rect(960 + chance.uniform(-60, 60), 440 + i * 21, chance.uniform(50, 130), 6, "#e8c79a", 3)
    c.waves(496, 9, 300, "#1b4059", 30)
    c.waves(566, 9, 240, "#132f47", 160)


@picture("#bfe0dc")
def message_in_a_bottle_postage_due(c: Canvas, chance: Random) -> None:
    c.bands("#fbe3c1", "#9fd3d3", 8, 0, 420)
    c.waves(400, 16, 300, "#79bdbf")

    def tilt(x: float, y: float) -> Point:
        a = radians(-22)
        return 600 + x * cos(a) - y * sin(a), 320 + x * sin(a) + y * cos(a)

    glass = xy("-280,-60 -262,-84 40,-84 120,-36 250,-32 250,32 120,36 40,84 -262,84 -280,60")
    c.poly([tilt(*p) for p in glass], "#4f9a72")
    c.poly([tilt(*p) for p in xy("-250,-62 20,-62 90,-20 90,20 20,62 -250,62")], "#7fbf94")
    c.poly([tilt(*p) for p in xy("-200,-34 60,-30 60,30 -200,34")], PAPER)
    c.poly([tilt(*p) for p in xy("-92,-38 -66,-38 -66,38 -92,38")], RED)
    c.poly([tilt(*p) for p in xy("250,-26 304,-22 304,22 250,26")], CRUST)
    c.line([tilt(-240, -66), tilt(20, -66)], 8, "#c6e6cf")
    c.poly([tilt(*p) for p in xy("-40,6 30,6 30,82 -40,82")], WHITE)
    for i in range(3):
        c.line([tilt(-28, 26 + i * 18), tilt(18, 26 + i * 18)], 4, STEEL)
    c.poly([tilt(*p) for p in xy("-176,-52 -118,-52 -118,18 -176,18")], WHITE)
    c.poly([tilt(*p) for p in xy("-170,-46 -124,-46 -124,12 -170,12")], RED)
    c.circle(*tilt(-147, -17), 15, CREAM)
    for i in range(3):
        c.ring(*tilt(-190, 4), 34 - i * 9, 3, INK)
    c.waves(470, 17, 260, TEAL, 70)
    c.waves(530, 15, 320, SEA, 200)
    c.waves(592, 12, 240, "#183e57", 10)


# --- libraries -----------------------------------------------------------------------


@picture("#e7d3ae")
def seed_library_in_the_card_catalogue(c: Canvas, chance: Random) -> None:
    c.rect(90, 0, 1020, 630, "#7a4d2c")
    opened = {(1, 1), (4, 0), (2, 3), (5, 2)}
    for row in range(4):
        for column in range(6):
            x, y = 112 + column * 164, 44 + row * 148
            c.rect(x, y, 156, 132, "#8f5f38", 6)
            if (column, row) in opened:
                c.rect(x + 8, y + 8, 140, 60, "#3d2616", 4)
                c.rect(x - 6, y + 62, 168, 78, "#b98150", 6)
                for i in range(3):
                    sx, top = x + 34 + i * 44, y - 18 - (i % 2) * 26
                    c.line([(sx, y + 62), (sx + 3, top)], 6, MOSS)
                    for side in (-1, 1):
                        c.ellipse(sx + 3 + side * 15, top + 4, 17, 9, LEAF if side < 0 else "#8db35d")
            else:
                c.rect(x + 8, y + 8, 140, 116, "#a9713f", 5)
            low = 18 if (column, row) in opened else 0
            c.rect(x + 42, y + 44 + low * 2, 72, 34, BRASS, 4)
            c.rect(x + 48, y + 49 + low * 2, 60, 24, WHITE)
            c.line([(x + 56, y + 61 + low * 2), (x + 96, y + 61 + low * 2)], 4, STEEL)
            if not low:
                c.circle(x + 78, y + 98, 9, BRASS)


@picture("#c9d9d6")
def quiet_hour_too_loud(c: Canvas, chance: Random) -> None:
    c.bands("#31466b", "#7c9bb0", 9)
    heights = [
        20,
        34,
        28,
        60,
        44,
        90,
        66,
        130,
        92,
        176,
        118,
        210,
        150,
        232,
        150,
        210,
        118,
        176,
        92,
        130,
        66,
        90,
        44,
        60,
        28,
        34,
        20,
    ]
    for i, h in enumerate(heights):
        share = abs(i - 13) / 13
        c.rect(144 + i * 34, 268 - h * 0.92, 20, h * 1.5, mix(RED, GOLD, share), 10)
    open_book(c, 600, 420, 330, 150, WHITE, PLUM)


@picture("#e6d9c3")
def cats_and_cataloguing(c: Canvas, chance: Random) -> None:
    c.bands("#f0dfbf", "#e2c9a0", 5)
    c.rect(0, 500, WIDTH, 34, BARK)
    c.rect(0, 534, WIDTH, 96, "#4d3222")
    spines = (RED, TEAL, GOLD, PLUM, SEA, MOSS, ORANGE, INK)

    def shelf(x: float, stop: float) -> None:
        while x < stop:
            w, h = chance.choice((34, 42, 52, 60)), chance.uniform(280, 400)
            fill = chance.choice(spines)
            c.rect(x, 500 - h, w - 3, h, fill, 4)
            c.rect(x, 500 - h + 34, w - 3, 8, mix(fill, CREAM, 0.6))
            c.rect(x + 6, 428, w - 15, 34, CREAM, 3)
            x += w

    shelf(10, 360)
    shelf(880, 1190)
    cat, shade = "#3b3440", "#2b2631"
    c.ellipse(620, 420, 210, 96, cat)
    c.ellipse(730, 440, 110, 78, shade)
    tail = xy("820,460 760,500 620,506 500,492 452,470")
    c.line(tail, 40, shade)
    c.circle(470, 400, 82, cat)
    for side in (-1, 1):
        c.poly([(470 + side * 78, 372), (470 + side * 66, 282), (470 + side * 14, 330)], cat)
        c.poly([(470 + side * 66, 352), (470 + side * 61, 306), (470 + side * 30, 334)], PINK)
        c.arc(470 + side * 34, 396, 17, 110, 250, 5, GOLD)
        for whisker in (-8, 8):
            c.line([(470 + side * 40, 430), (470 + side * 116, 428 + whisker)], 2.5, CREAM)
    c.poly(xy("458,422 482,422 470,436"), PINK)
    for i in range(5):
        c.arc(560 + i * 40, 420 + abs(i - 1) * 7, 66, -30, 26, 10, shade)
    c.line(xy("420,466 470,484 524,464"), 12, RED)
    c.line([(494, 478), (520, 516)], 3, INK)
    c.rect(482, 512, 96, 50, WHITE, 6)
    c.line([(498, 530), (562, 530)], 5, INK)
    c.line([(498, 546), (540, 546)], 5, STEEL)


@picture(NIGHT)
def star_atlas_on_loan(c: Canvas, chance: Random) -> None:
    c.bands("#0f1836", "#3a4f7d", 9, 0, 500)
    stars(c, chance, 90, 420)
    crescent(c, 1010, 120, 60, "#fbe9c4", 0.36)
    c.below(lambda x: 520 - 20 * sin(x / 240), "#20352f")
    c.below(lambda x: 572 + 10 * sin(x / 150), "#182821")
    for side in (-1, 1):
        page = [(600, 190), (600 + side * 300, 130), (600 + side * 330, 360), (600, 420)]
        c.poly([(x + side * 8, y + 16) for x, y in page], "#8a2f2a")
        c.poly(page, "#24406f" if side < 0 else "#2a4a80")
        spots = xy("60,40 130,96 190,60 250,130 150,170 80,150")
        placed = [(600 + side * dx, 190 - dx * 0.2 + dy * 0.9 + 14) for dx, dy in spots]
        c.line(placed[:4], 2.5, SKY)
        c.line([placed[1], placed[4], placed[5]], 2.5, SKY)
        for i, (x, y) in enumerate(placed):
            bright_star(c, x, y, 15 if i % 2 else 20, GOLD if i == 2 else CREAM)
        for ring in range(2):
            c.line(
                [(600 + side * t, 250 + ring * 80 - t * 0.2 + 20 * sin(t / 90)) for t in range(10, 300, 10)],
                1.5,
                "#5d7fb5",
            )
    c.poly(xy("330,400 870,400 800,500 410,500"), "#a7443a")
    c.poly(xy("330,400 600,432 870,400 870,414 600,446 330,414"), "#7f312b")
    c.line([(820, 470), (1060, 404)], 14, BARK)
    c.line([(700, 496), (760, 566)], 12, BARK)
    wheel(c, 420, 528, 58, "#0c1226", STEEL, 10)


# --- tea and coffee ------------------------------------------------------------------


@picture("#dcecea")
def teapot_spout_trials(c: Canvas, chance: Random) -> None:
    c.bands("#a9d3d0", "#dcebe2", 6, 0, 430)
    c.dots("#bfe0da", 60, 5)
    c.rect(0, 430, WIDTH, 200, CREAM)
    for i in range(15):
        c.poly([(i * 86 - 40, 560), (i * 86 + 46, 560), (i * 86 + 3, 612)], "#efdfba")
    c.rect(0, 430, WIDTH, 12, WHITE)
    pot, dark = "#b5533c", "#8c3b2b"
    c.ring(352, 300, 108, 28, dark)
    upper = [(640 + 190 * t, 330 - 132 * t**2.2) for t in steps(0, 1, 20)]
    lower = [(862 - 190 * t, 204 + 204 * t**0.62) for t in steps(0, 1, 20)]
    c.poly([*upper, (826, 190), (864, 196), *lower], pot)
    c.ellipse(520, 318, 196, 142, pot)
    c.ellipse(450, 272, 54, 46, "#cf735a")
    c.ellipse(520, 184, 92, 24, dark)
    c.ellipse(520, 176, 84, 20, "#cf735a")
    c.circle(520, 148, 22, dark)
    c.ellipse(520, 452, 120, 18, dark)
    c.line([(858 + 74 * t**0.6, 204 + 190 * t**1.6) for t in steps(0, 1, 24)], 11, TEA)
    cup(c, 938, 392, 150, WHITE, TEA, "#d9e7e4")
    for x, y, r in ((842, 300, 9), (836, 366, 11), (832, 428, 8)):
        c.circle(x, y, r, TEA)
        c.poly([(x - r * 0.8, y - r * 0.5), (x + r * 0.8, y - r * 0.5), (x, y - r * 2.3)], TEA)
    c.ellipse(830, 470, 44, 12, TEA)
    c.ellipse(884, 496, 18, 6, TEA)


@picture("#f3e3c3")
def kettle_census(c: Canvas, chance: Random) -> None:
    c.bands("#f7ead0", "#f0d6ab", 7)
    for row in range(5):
        c.line([(90, 530 - row * 96), (1120, 530 - row * 96)], 3, "#e2c796")
    c.rect(80, 530, 1050, 10, INK)
    fills = (TEAL, RED, GOLD, SEA, ORANGE, PLUM)
    for i, count in enumerate((1, 2, 1, 3, 2, 4)):
        x = 168 + i * 172
        for level in range(count):
            kettle(c, x, 530 - level * 106, 0.78, mix(fills[i], CREAM, 0.14 * (count - 1 - level)))
        top = 530 - (count - 1) * 106 - 96
        steam(c, x + 78, top + 6, 66, "#ffffff", 9, 11)


@picture("#f6ead6")
def tea_cooling_by_the_window(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#e9efe6")
    for i in range(8):
        c.rect(520 + i * 85, 0, 85, HEIGHT, mix("#fbe0c0", "#cfe2ea", i / 7))
    for row in range(6):
        c.line([(520, 60 + row * 96), (1200, 60 + row * 96)], 2, "#dbe3df")
    curve = [(540 + t * 62, 90 + 440 * (1 - exp(-t * 0.36))) for t in steps(0, 10, 60)]
    for i in range(len(curve) - 1):
        c.line(curve[i : i + 2], 14, mix(RED, SEA, i / 58))
    for i in (0, 12, 24, 36, 48):
        c.circle(*curve[i], 17, WHITE)
        c.circle(*curve[i], 11, mix(RED, SEA, i / 58))
    c.rect(0, 500, 520, 130, "#c79a63")
    c.rect(0, 500, 520, 12, "#deb582")
    for i, x in enumerate((196, 246, 296)):
        steam(c, x, 236, 140 - i % 2 * 30, "#ffffff", 12, 16)
    cup(c, 246, 286, 300, "#3f7f91", TEA, "#356b7b")
    c.rect(160, 350, 172, 10, "#e8d8a9", 5)


@picture("#f1d9b0")
def samovar_at_the_summit(c: Canvas, chance: Random) -> None:
    c.bands("#f6b27a", "#fbe6bf", 9)
    c.halo(860, 190, 190, "#fff3d0", "#f9c892", 5)
    c.below(lambda x: 470 - 120 * sin((x + 120) / 300), "#c79a8d")
    c.below(lambda x: 520 - 130 * exp(-(((x - 420) / 430) ** 2)), "#7f8f5a")
    road = [(960 + 110 * sin(t * 8) * (0.25 + t), 462 + 180 * t, 3 + 30 * t) for t in steps(0, 1, 60)]
    c.poly([(x - half, y) for x, y, half in road] + [(x + half, y) for x, y, half in reversed(road)], "#e9d3a8")
    c.below(lambda x: 600 - 130 * exp(-(((x - 420) / 420) ** 6)), "#5f7444")
    c.rect(330, 416, 250, 14, BARK)
    for x in (350, 552):
        c.rect(x, 428, 10, 66, BARK)
    body, dark = BRASS, "#96742c"
    c.rect(408, 396, 96, 22, dark, 5)
    c.poly(xy("386,230 526,230 502,372 410,372"), body)
    c.ellipse(456, 232, 72, 22, mix(body, WHITE, 0.4))
    c.rect(436, 368, 40, 32, dark)
    for side in (-1, 1):
        c.ring(456 + side * 84, 274, 26, 9, dark)
    c.poly(xy("404,250 430,250 434,356 424,356"), mix(body, WHITE, 0.45))
    c.rect(444, 338, 22, 40, dark, 4)
    c.circle(455, 334, 12, dark)
    c.rect(432, 186, 48, 40, dark)
    c.ellipse(456, 170, 34, 26, "#8d5a7a")
    c.poly(xy("482,160 520,144 516,156 486,178"), "#8d5a7a")
    for x in (448, 470):
        steam(c, x, 140, 84, "#fff6e2", 8, 12)
    cup(c, 548, 386, 50, WHITE, TEA)
    bicycle(c, 620, 492, 0.74, RED)


@picture("#efe6d8")
def guest_book_at_the_long_steep(c: Canvas, chance: Random) -> None:
    c.circle(600, 270, 236, "#e2675a")
    for i in range(7):
        c.ring(600, 270, 236 - i * 34, 3, "#e87c6e")
    for i in range(3):
        c.rect(0, 486 + i * 50, WIDTH, 50, mix("#8a6a50", "#5d4536", i / 2))
    for i, x in enumerate((520, 600, 680)):
        steam(c, x, 330, 190 - (i % 2) * 44, WHITE, 13, 24)
    bowl = [(600 + 190 * cos(radians(a)), 352 + 138 * sin(radians(a)) ** 0.75) for a in steps(0, 180, 40)]
    c.poly(bowl, "#2f4a50")
    c.poly([(600 + 186 * cos(radians(a)), 372 + 70 * sin(radians(a)) ** 0.7) for a in steps(0, 180, 40)], "#3d5f66")
    c.ellipse(600, 354, 190, 34, "#24393e")
    c.ellipse(600, 358, 170, 26, "#8fa64c")
    c.rect(540, 484, 120, 22, "#24393e", 6)
    for gold in ("470,400 464,430 474,446", "720,414 714,444 724,460", "640,432 634,462 644,478"):
        c.line(xy(gold), 7, "#c9b06a")


@picture("#e8d6b8")
def biscuit_dunking_times(c: Canvas, chance: Random) -> None:
    c.bands("#f7e6c8", "#ecc98f", 6)
    c.ring(600, 330, 290, 14, "#d9b071")
    for i in range(60):
        if i <= 34:
            c.line([polar(600, 330, 258, i * 6), polar(600, 330, 286, i * 6)], 10, RED)
        else:
            c.line([polar(600, 330, 268, i * 6), polar(600, 330, 286, i * 6)], 5, "#b98d52")
    cup(c, 600, 372, 350, "#3b6f8c", TEA, "#315c75")
    c.ellipse(600, 384, 120, 14, mix(TEA, INK, 0.3))
    for r, fill in ((128, CRUST), (113, "#dca45f")):
        edge = [polar(600, 292, r, a) for a in steps(-134, 134, 60)]
        c.poly(edge + [(x, 384 + 12 * (1 - ((x - 600) / 100) ** 2)) for x in steps(edge[-1][0], edge[0][0], 20)], fill)
    for r, n in ((34, 5), (78, 11)):
        for i in range(n):
            x, y = polar(600, 286, r, i * 360 / n)
            if y < 366:
                c.circle(x, y, 7, "#a86a33")


@picture("#2a0f14")
def tea_under_red_light(c: Canvas, chance: Random) -> None:
    c.halo(800, 250, 760, "#a3242a", "#1a0a12", 14)
    stars(c, chance, 34, 250, "#e9a29a")
    c.rect(0, 500, WIDTH, 130, "#1a0a10")
    c.rect(0, 500, WIDTH, 8, "#7a1c22")
    c.line(xy("960,500 960,230 900,190"), 16, "#12060b")
    c.poly(xy("904,150 934,214 842,262 812,196"), "#12060b")
    c.ellipse(828, 230, 30, 40, "#ff6b5a")
    c.poly(xy("808,210 846,252 640,500 240,500"), "#c13a35")
    c.rect(330, 300, 230, 210, "#e0625a", 24)
    c.rect(330, 300, 80, 210, "#8b262a", 24)
    c.rect(372, 300, 44, 210, "#b23e3d")
    c.ring(566, 398, 70, 26, "#e0625a")
    c.ellipse(445, 304, 115, 28, "#f08a7e")
    c.ellipse(445, 308, 100, 20, "#3a0d12")
    for x in (410, 450, 490):
        steam(c, x, 280, 120, "#d9706a", 9, 18)


@picture("#e7c7a4")
def decaf_debate(c: Canvas, chance: Random) -> None:
    c.poly(xy("0,0 640,0 560,630 0,630"), "#f3b9a4")
    c.poly(xy("640,0 1200,0 1200,630 560,630"), "#a9c9dc")
    c.rect(0, 520, WIDTH, 110, BARK)
    c.rect(0, 520, WIDTH, 12, "#8a5f42")
    cup(c, 330, 340, 260, RED, "#3d2317", "#a8352b", -1)
    cup(c, 870, 340, 260, SEA, "#3d2317", "#1b4c61", 1)
    for x, side, fill in ((330, 1, RED), (870, -1, SEA)):
        for eye in (10, 74):
            c.circle(x + side * eye, 402, 12, WHITE)
            c.circle(x + side * (eye + 4), 403, 6, INK)
        c.line([(x + side * 6, 384), (x + side * 26, 378)], 6, mix(fill, INK, 0.6))
        c.line([(x + side * 66, 378), (x + side * 88, 386)], 6, mix(fill, INK, 0.6))
        c.ellipse(x + side * 46, 442, 20, 12, mix(fill, INK, 0.6))
    for x, y, s, side, fill in (
        (360, 196, 1.0, 1, RED),
        (230, 110, 0.7, 1, "#c2553f"),
        (840, 196, 1.0, -1, SEA),
        (970, 110, 0.7, -1, "#3c7d98"),
    ):
        c.rect(x - 90 * s, y - 62 * s, 180 * s, 104 * s, WHITE, 34 * s)
        c.poly([(x - 30 * s, y + 36 * s), (x + 26 * s, y + 36 * s), (x - side * 26 * s, y + 82 * s)], WHITE)
        for mark in (-1, 1):
            mx = x + mark * 26 * s
            c.circle(mx, y + 2 * s, 17 * s, fill)
            c.poly(
                [
                    (mx - 17 * s, y + 4 * s),
                    (mx - 16 * s, y - 16 * s),
                    (mx + 6 * s, y - 38 * s),
                    (mx + 2 * s, y - 8 * s),
                ],
                fill,
            )


# --- orchards ------------------------------------------------------------------------


@picture(NIGHT)
def frost_candles_in_may(c: Canvas, chance: Random) -> None:
    c.bands("#101a3c", "#42608d", 9, 0, 360)
    stars(c, chance, 70, 230)
    c.halo(930, 120, 130, "#3d588a", "#1b2a55", 4)
    c.circle(930, 120, 66, "#fbf0d2")
    c.circle(912, 104, 12, "#e7d8b0")
    c.circle(950, 138, 17, "#e7d8b0")
    for row, (y, r, gap) in enumerate(((360, 40, 120), (450, 62, 180), (590, 92, 262))):
        c.waves(y - 16, 10, 1070, mix("#2d4a56", "#16292b", row / 2), y * 3)
        for i in range(int(WIDTH / gap) + 2):
            x = i * gap - gap / 2 + row * 30
            tree(c, x, y + 10, r, mix("#93a7b9", "#4d6f62", row / 2), "#f4d7dc")
            fx = x + gap / 2
            c.halo(fx, y + 2, r * 0.62, "#f0913a", mix("#2d4a56", "#16292b", row / 2), 4)
            c.poly([(fx - r * 0.14, y), (fx, y - r * 0.52), (fx + r * 0.14, y)], "#ffd76a")
            c.rect(fx - r * 0.14, y, r * 0.28, r * 0.2, CREAM)


@picture("#f2edc8")
def sheep_mowing_contract(c: Canvas, chance: Random) -> None:
    c.bands("#cfe6e4", "#fbf3cf", 5, 0, 300)
    c.below(lambda x: 280 - 60 * sin(x / 380), "#c5cf6d")
    c.below(lambda x: 360 + 50 * sin(x / 330 + 1), "#aabf55")
    for x, y, r in ((120, 320, 64), (360, 300, 54), (590, 310, 58), (830, 350, 66), (1080, 380, 78)):
        tree(c, x, y, r, LEAF)
    c.below(lambda x: 470 - 40 * sin(x / 300), "#8fae47")
    for i, (x, y, s) in enumerate(
        ((210, 440, 0.8), (470, 400, 0.62), (690, 470, 0.9), (960, 500, 1.05), (380, 560, 1.2))
    ):
        face = 1 if i % 2 else -1
        for leg in (-38, -16, 18, 40):
            c.rect(x + leg * s - 5 * s, y, 11 * s, 52 * s, INK)
        for dx, dy, r in ((-44, 0, 34), (-16, -22, 38), (22, -22, 38), (46, 0, 34), (0, 8, 42)):
            c.circle(x + dx * s, y + dy * s, r * s, WHITE)
        c.ellipse(x + face * 84 * s, y + 12 * s, 22 * s, 30 * s, INK)
        c.ellipse(x + face * 62 * s, y - 6 * s, 20 * s, 9 * s, INK)
        c.circle(x + face * 70 * s, y - 18 * s, 18 * s, WHITE)
        c.circle(x + face * 88 * s, y + 6 * s, 3.5 * s, CREAM)
    for _ in range(26):
        root = chance.uniform(0, WIDTH), chance.uniform(560, 625)
        c.line([root, (root[0] + 6, root[1] - 22)], 5, "#6f9038")


@picture("#f5e9cf")
def apple_with_no_name(c: Canvas, chance: Random) -> None:
    c.rays(600, 340, "#f8dfae", 18)
    c.circle(600, 340, 262, "#fbf3df")
    apple(c, 580, 360, 196, RED)
    for i in range(5):  # the side that the shelter keeps the sun from
        share = i / 4
        c.ellipse(668 + 14 * share, 372, 92 - 56 * share, 132 - 62 * share, mix(RED, GOLD, 0.16 * (i + 1)))
    for _ in range(34):
        x, y = polar(580, 368, chance.uniform(10, 136), chance.uniform(0, 360))
        c.circle(x, y, chance.choice((2.5, 3.5)), "#f7cf86")
    c.line(xy("616,148 700,150 790,200"), 5, BARK)
    c.poly(xy("790,176 830,150 1010,190 978,300 800,258"), "#e3c188")
    c.poly(xy("796,182 832,160 996,196 968,288 806,250"), "#f0d6a3")
    c.ring(822, 206, 13, 6, RED)
    c.line([(858, 222), (956, 244)], 4, "#c9a468")
    c.line([(852, 246), (916, 260)], 4, "#c9a468")


@picture("#f3e4bd")
def bees_by_cargo_bike(c: Canvas, chance: Random) -> None:
    c.bands("#8fb7c4", "#f9e6b5", 8, 0, 500)
    c.circle(180, 420, 90, "#f6c86a")
    c.below(lambda x: 470 - 30 * sin(x / 260), "#8ba766")
    c.rect(0, 506, WIDTH, 124, "#c9a877")
    c.rect(0, 506, WIDTH, 8, "#e3c797")
    deck = carrier(c, 330, 546, 1.25, TEAL)
    for level in range(2):
        y = deck - 92 - level * 84
        c.rect(600, y, 200, 84, WHITE, 6)
        c.rect(594, y - 4, 212, 12, "#d9d2c0", 4)
        c.rect(664, y + 56, 72, 12, INK, 6)
        c.rect(660, y + 24, 80, 12, "#e6dfcd", 6)
    c.poly([(580, deck - 180), (820, deck - 180), (796, deck - 206), (604, deck - 206)], "#b9b29f")
    for k, (ax, ay, r) in enumerate(((470, 190, 70), (900, 160, 90), (1050, 300, 60))):
        path = [(ax + (t * 230 - 115) + r * sin(t * 11), ay + 60 * cos(t * 8 + k) + 40 * t) for t in steps(0, 1, 46)]
        for x, y in path[::2]:
            c.circle(x, y, 3, INK)
        bx, by = path[-1]
        c.ellipse(bx - 4, by - 16, 9, 14, "#e8f2f2")
        c.ellipse(bx + 10, by - 15, 8, 12, "#e8f2f2")
        c.ellipse(bx, by, 24, 15, GOLD)
        for stripe in (-8, 5):
            c.rect(bx + stripe, by - 13, 6, 26, INK)
        c.circle(bx + 22, by, 9, INK)


@picture("#e9e0c6")
def pear_with_a_twenty_minute_window(c: Canvas, chance: Random) -> None:
    c.bands("#3c4d4a", "#5c6f62", 6)
    c.rect(0, 500, WIDTH, 130, "#8a5d3b")
    c.rect(0, 500, WIDTH, 10, "#a9784e")
    fills = ("#7d9a4a", "#a9b04d", "#f0c244", "#8a5a35")
    c.halo(735, 360, 270, "#f7e3a0", "#55685c", 6)
    for i, fill in enumerate(fills):
        x = 195 + i * 270
        c.ellipse(x, 512, 96, 13, "#6a4630")
        body = []
        for a in steps(0, 360, 80):
            width = 100 if cos(radians(a)) < 0 else 100 - 52 * cos(radians(a)) ** 0.9
            body.append((x + width * sin(radians(a)), 400 - (190 if cos(radians(a)) > 0 else 108) * cos(radians(a))))
        c.poly(body, fill)
        c.ellipse(x - 40, 420, 20, 44, mix(fill, WHITE, 0.4))
        c.line([(x, 214), (x + 6, 184), (x + 22, 164)], 9, BARK)
        c.poly([(x + 8, 196), (x + 40, 162), (x + 84, 172), (x + 50, 204)], mix(LEAF, BARK, i / 4))
    for spot in xy("990,380 1030,430 976,456 1044,350"):
        c.circle(*spot, 12, "#6b4024")


@picture("#f6dfb4")
def windfall_amnesty(c: Canvas, chance: Random) -> None:
    c.rays(600, 260, "#fae8c6", 14, 6)
    c.rect(0, 500, WIDTH, 130, "#8b9a55")
    c.ellipse(600, 424, 330, 60, "#a8672f")
    c.poly(xy("262,330 938,330 872,460 328,460"), "#d98d3d")
    for i in range(13):
        c.line([(282 + i * 53, 340), (310 + i * 49, 452)], 5, "#b9712f")
    c.ellipse(600, 318, 346, 112, "#c98643")
    c.ellipse(600, 308, 316, 92, "#b3432e")
    for turn, fill in ((45, "#e6ad58"), (135, "#eebc6c")):
        for offset in steps(-0.8, 0.8, 7):  # a strip of pastry is a chord of the pie, seen aslant
            half = (1 - offset**2) ** 0.5
            x, y = polar(0, 0, offset, turn + 90)
            dx, dy = polar(0, 0, half, turn)
            c.line([(600 + 312 * (x + dx), 308 + 90 * (y + dy)), (600 + 312 * (x - dx), 308 + 90 * (y - dy))], 18, fill)
    for i in range(30):
        c.circle(600 + 338 * cos(i * 2 * pi / 30), 318 + 106 * sin(i * 2 * pi / 30), 22, "#e2a552")
    for x in (520, 600, 680):
        steam(c, x, 196, 110, WHITE, 11, 16)
    for i in range(8):
        apple(c, 262 + i * 98, 486 + (i % 2) * 16, 52, (RED, GOLD, "#9db04a", "#c2553f")[i % 4])
    c.rect(170, 512, 860, 100, "#a97b4c")
    for row in range(3):
        c.rect(170, 516 + row * 34, 860, 26, "#c4955f", 3)
    for x in (180, 990):
        c.rect(x, 500, 30, 118, "#8a6038")


@picture("#cfe4e6")
def picking_order_at_nine_ladder(c: Canvas, chance: Random) -> None:
    c.bands("#f9e3b2", "#f2c487", 8)
    c.circle(200, 170, 86, "#f08f4a")
    c.rect(0, 520, WIDTH, 110, "#7d8f45")
    for i in range(6):
        tree(c, 110 + i * 200, 530, 84 + i * 18, mix(LEAF, MOSS, i / 8))
    for i in range(9):
        x, h = 70 + i * 118, 70 + i * 52
        lean = 16 + i * 5
        fill = mix("#fff3d6", "#f7d58c", i / 8)
        for side in (0, 38):
            c.line([(x + side, 560), (x + side * 0.72 + lean, 560 - h)], 8, fill)
        for rung in range(2 + i):
            t = (rung + 0.6) / (2.2 + i)
            c.line([(x + lean * t, 560 - h * t), (x + 38 - 10 * t + lean * t, 560 - h * t)], 6, fill)
    c.rect(0, 560, WIDTH, 70, "#65783a")
    for i in range(7):
        apple(c, 60 + i * 176, 596, 20, (RED, GOLD, ORANGE)[i % 3])


@picture("#efe2cf")
def coffee_grounds_for_old_trees(c: Canvas, chance: Random) -> None:
    c.bands("#d7e6d5", "#f4ead2", 6, 0, 470)
    c.below(lambda x: 456 + 14 * sin(x / 260), "#a4b46a")
    c.below(lambda x: 540 + 12 * sin(x / 200 + 2), "#8a9c54")
    tree(c, 470, 520, 176, LEAF)
    c.poly(xy("440,524 454,380 486,380 504,524"), BARK)
    c.ellipse(470, 530, 230, 46, "#5a3a27")
    c.ellipse(470, 524, 150, 26, "#8a9c54")
    c.poly(xy("444,524 456,440 486,440 500,524"), BARK)
    for _ in range(90):
        t = chance.random()
        x, y = 800 - 130 * t + chance.uniform(-22, 22) * (1 + t), 250 + 270 * t + chance.uniform(-10, 10)
        c.circle(x, y, chance.choice((5, 7, 9)), chance.choice(("#4a2e1f", "#6a4630", "#5a3a27")))

    def tilt(x: float, y: float) -> Point:
        a = radians(-118)
        return 880 + x * cos(a) - y * sin(a), 230 + x * sin(a) + y * cos(a)

    ring = [tilt(118 + 56 * cos(radians(a)), 80 + 56 * sin(radians(a))) for a in steps(0, 360, 40)]
    c.line(ring, 22, "#c9bda8")
    side = (
        [(-125, 0)]
        + [(125 * cos(radians(a)), 160 * (0.35 + 0.65 * sin(radians(a)) ** 0.8)) for a in steps(180, 0, 30)]
        + [(125, 0)]
    )
    c.poly([tilt(*p) for p in side], WHITE)
    c.poly([tilt(125 * cos(radians(a)), 24 * sin(radians(a))) for a in steps(0, 360, 40)], "#4a2e1f")


@picture("#e9c98d")
def scarecrow_committee_minutes(c: Canvas, chance: Random) -> None:
    c.bands("#f5a86b", "#fbe3b0", 9, 0, 440)
    c.halo(600, 300, 250, "#fff0c2", "#f8c58c", 5)
    for i in range(40):
        x = i * 31
        c.line([(x, 640), (x + 8 * sin(i), 448 + 24 * sin(i * 1.7))], 6, mix("#c48a3a", "#8f6b2d", (i % 5) / 4))
    c.line([(600, 620), (600, 160)], 20, BARK)
    c.line([(290, 262), (910, 262)], 18, BARK)
    c.poly(xy("396,236 804,236 812,306 686,312 712,520 488,520 514,312 388,306"), "#35608a")
    c.poly(xy("560,240 640,240 600,330"), RED)
    for y in (360, 410, 460):
        c.circle(600, y, 9, GOLD)
    for x in (380, 820):
        for k in range(5):
            c.line([(x, 270), (x + (40 if x > 600 else -40), 244 + k * 14)], 5, "#e2b95c")
    c.circle(600, 168, 64, "#ecd2a0")
    for side in (-1, 1):
        c.line([(600 + side * 24 - 9, 150), (600 + side * 24 + 9, 166)], 6, INK)
        c.line([(600 + side * 24 + 9, 150), (600 + side * 24 - 9, 166)], 6, INK)
    c.line(xy("566,192 586,202 614,202 634,192"), 5, INK)
    c.ellipse(600, 118, 112, 20, "#7a4d2c")
    c.poly(xy("542,118 560,46 640,46 658,118"), "#7a4d2c")
    c.rect(546, 96, 108, 16, RED)
    bird(c, 330, 222, 1.0, "#211d2b")
    bird(c, 752, 205, 0.95, "#211d2b")
    bird(c, 872, 222, 1.0, "#211d2b")


@picture("#d4e6ea")
def blossom_forecast_for_next_spring(c: Canvas, chance: Random) -> None:
    c.bands("#bcdbe6", "#fbeee6", 9)
    c.circle(260, 200, 110, "#fdf7e6")
    main = xy("1230,560 980,470 760,410 520,300 260,270")
    twigs = [
        main,
        xy("980,470 900,330 800,210 760,120"),
        xy("760,410 600,440 430,500"),
        xy("520,300 430,200 330,150"),
        xy("900,330 1010,240 1060,130"),
    ]
    for i, twig in enumerate(twigs):
        c.line(twig, 26 if i == 0 else 13, "#5b4238")
    spots = xy("260,270 330,150 430,200 520,300 640,360 760,120 800,210 1060,130 1010,240 430,500 600,440 870,290")
    for i, (x, y) in enumerate(spots):
        r = 46 if i % 3 else 58
        if i in (7, 4, 9):  # still in bud
            c.circle(x, y - 12, 17, "#e7788a")
            c.circle(x + 20, y + 6, 13, "#d65f77")
            c.poly([(x - 14, y + 4), (x, y - 20), (x + 6, y + 8)], LEAF)
            continue
        for petal in range(5):
            c.circle(*polar(x, y, r * 0.52, petal * 72 + i * 20), r * 0.44, WHITE if petal % 2 else "#f8cdd2")
        for k in range(6):
            c.line([(x, y), polar(x, y, r * 0.34, k * 60)], 3, "#e7a24b")
        c.circle(x, y, r * 0.14, GOLD)


# --- the night sky -------------------------------------------------------------------


@picture("#f0b15c")
def sundial_noon_is_late(c: Canvas, chance: Random) -> None:
    c.bands("#f6c469", "#ee9750", 7)
    c.rays(600, 330, "#f9d586", 24, 7.5)
    c.circle(600, 330, 270, "#7f9a86")
    c.circle(600, 330, 250, "#e7e0c9")
    c.ring(600, 330, 208, 4, "#8c8a74")
    for i in range(12):
        a = i * 30
        c.line([polar(600, 330, 212, a), polar(600, 330, 242, a)], 12 if i % 3 == 0 else 6, "#5f6450")
        if i % 3:
            c.circle(*polar(600, 330, 226, a + 15), 4, "#8c8a74")
    c.poly(xy("586,330 614,330 604,132 596,132"), "#6c7168")
    c.poly(xy("600,350 572,420 628,420"), BRASS)
    c.poly(xy("600,300 600,430 640,424"), "#8a6c26")
    c.circle(600, 330, 16, BRASS)
    for i in range(2):
        c.arc(600, 330, 166 - i * 26, -70 + i * 20, 70 - i * 20, 3, "#b9b399")


@picture(NIGHT)
def meteors_from_the_bowling_green(c: Canvas, chance: Random) -> None:
    c.bands("#0d1533", "#2f5573", 10, 0, 480)
    stars(c, chance, 130, 440)
    for a, start, length in (
        (200, 90, 260),
        (224, 170, 330),
        (250, 110, 250),
        (178, 120, 200),
        (150, 150, 220),
        (262, 240, 330),
        (236, 420, 200),
        (118, 90, 150),
    ):
        x0, y0 = polar(880, 90, start, a)
        x1, y1 = polar(880, 90, start + length, a)
        side = polar(0, 0, 5, a + 90)
        c.poly([(x0, y0), (x1 + side[0], y1 + side[1]), (x1 - side[0], y1 - side[1])], "#f6efd9")
        c.circle(x1, y1, 6, "#ffe9a6" if a % 4 else "#a8f0c6")
    c.rect(0, 470, WIDTH, 20, "#16302a")
    for i in range(10):
        c.rect(i * 120, 490, 121, 140, "#24523c" if i % 2 else "#1e4634")
    for i in range(9):
        x, y, fill = 70 + i * 132, 560, (RED, GOLD, TEAL, WHITE)[i % 4]
        c.line([(x - 36, y - 40), (x + 40, y + 26)], 7, BARK)
        c.line([(x + 40, y - 14), (x - 24, y + 28)], 7, BARK)
        c.poly([(x - 40, y - 44), (x - 28, y - 50), (x + 42, y - 10), (x + 32, y)], fill)
        c.circle(x - 20, y - 52, 10, "#e7c6a2")


@picture(NIGHT)
def constellations_of_our_own(c: Canvas, chance: Random) -> None:
    c.bands("#131d4a", "#3a3f7a", 8)
    c.halo(600, 330, 420, "#3d4a8c", "#252f66", 4)
    stars(c, chance, 150)
    outline = xy("430,500 400,400 440,300 540,250 660,250 760,300 796,384 900,270 950,290 830,470 770,500")
    handle = xy("440,300 470,170 600,110 730,170 760,300")
    c.line([*outline, outline[0]], 4, "#9fb3e6")
    c.line(handle, 4, "#9fb3e6")
    c.line(xy("540,250 600,200 660,250"), 4, "#9fb3e6")
    for i, (x, y) in enumerate([*outline, *handle[1:4], (600, 200)]):
        bright_star(c, x, y, 26 if i % 3 == 0 else 19, GOLD if i % 4 == 0 else WHITE)
    for i, (x, y) in enumerate(xy("1000,220 1040,160 1090,120 1150,60")):
        bright_star(c, x, y, 12 - i, "#cdd8f7")


@picture(NIGHT)
def lights_out_on_the_ropewalk(c: Canvas, chance: Random) -> None:
    c.bands("#0a1029", "#233a63", 10)
    for i in range(5):  # the Milky Way, a slanting band with ragged edges
        wide = 150 - i * 28
        upper = [
            (x, 560 - x * 0.52 - wide + 16 * sin(x / 47 + i) + 9 * sin(x / 19 + 2 * i)) for x in range(-20, 1230, 10)
        ]
        lower = [
            (x, 560 - x * 0.52 + wide * 0.8 + 18 * sin(x / 53 + 3 * i) + 8 * sin(x / 23)) for x in range(1220, -30, -10)
        ]
        c.poly(upper + lower, mix("#18264c", "#5d72a6", 0.12 + i * 0.13))
    for _ in range(260):
        x = chance.uniform(0, WIDTH)
        c.circle(x, 552 - x * 0.52 + chance.gauss(0, 54), chance.choice((1.5, 1.5, 2, 2.5)), "#d9e0f2")
    stars(c, chance, 220, 520)
    for x, y in xy("300,130 760,90 950,260 520,220"):
        bright_star(c, x, y, 16)
    c.rect(0, 556, WIDTH, 74, "#080c1c")
    for i in range(6):
        x, h = 90 + i * 204, 330 - i * 30
        y = 566
        c.rect(x - 5, y - h, 10, h, "#05070f")
        c.line([(x, y - h), (x + 18, y - h - 22), (x + 46, y - h - 20)], 9, "#05070f")
        c.poly([(x + 26, y - h - 22), (x + 70, y - h - 22), (x + 62, y - h + 18), (x + 34, y - h + 18)], "#05070f")
        c.rect(x + 38, y - h - 14, 20, 24, "#1c2744", 3)
    for i in range(9):
        person(c, 150 + i * 118 + (i % 3) * 20, 590, 70 + (i * 7) % 26, "#05070f")


@picture(NIGHT)
def stars_inside_my_grans_gate(c: Canvas, chance: Random) -> None:
    c.bands("#171a3f", "#5a4a7c", 9)
    stars(c, chance, 90, 500, "#b9b4d6")
    corners = xy("380,150 800,110 850,430 410,470")
    c.poly(corners, "#252a5c")
    for i in range(17):
        x, y = 470 + (i % 5) * 76 + chance.uniform(-30, 30), 190 + (i // 5) * 68 + chance.uniform(-24, 24)
        c.circle(x, y, 4 + i % 3, GOLD)
    c.line([*corners, corners[0]], 3, "#8f93c9")
    for x, y in corners:
        bright_star(c, x, y, 36, WHITE)
    c.rect(0, 560, WIDTH, 70, "#12122b")
    for i in range(13):
        x = 960 + i * 20
        c.rect(x, 480 - 12 * sin(i * pi / 12), 9, 120, "#12122b", 4)
    c.rect(950, 510, 270, 10, "#12122b")
    c.rect(950, 560, 270, 10, "#12122b")
    c.rect(930, 470, 22, 160, "#12122b")


@picture("#0d1230")
def saturn_two_minutes_each(c: Canvas, chance: Random) -> None:
    c.bands("#080c1f", "#1c2a52", 6)
    c.circle(600, 270, 252, "#05070f")
    c.circle(600, 270, 238, "#141d44")
    for _ in range(26):
        c.circle(*polar(600, 270, chance.uniform(60, 226), chance.uniform(0, 360)), 2, "#8fa0d0")

    def ring(rx: float, ry: float, fill: str, back: bool) -> None:
        half = steps(180, 360, 40) if back else steps(0, 180, 40)
        points = [(rx * cos(radians(a)), ry * sin(radians(a))) for a in half]
        turn = radians(-14)
        c.line(
            [(600 + x * cos(turn) - y * sin(turn), 270 + x * sin(turn) + y * cos(turn)) for x, y in points], 13, fill
        )

    for rx, fill in ((196, "#b99b62"), (172, "#e3cb90")):
        ring(rx, rx * 0.13, fill, back=True)
    c.circle(600, 270, 96, "#e8bf6d")
    for k, (dy, fill) in enumerate(((-52, "#d6a554"), (-14, "#f3d592"), (30, "#d19a4c"), (62, "#b98545"))):
        half = (96**2 - (dy + 8) ** 2) ** 0.5
        c.line([(600 - half + 10, 270 + dy + half * 0.22), (600 + half - 10, 270 + dy - half * 0.22)], 15 - k, fill)
    for rx, fill in ((196, "#c9ab70"), (172, "#f0dba6")):
        ring(rx, rx * 0.13, fill, back=False)
    c.circle(760, 170, 5, "#f3d592")
    c.below(lambda x: 566 - 16 * sin(x / 210), "#0a1020")
    for i in range(15):
        person(c, 60 + i * 78, 590 - 10 * sin(i * 0.4), 46 + (i * 11) % 26, "#2c3a66")
    c.rect(0, 590, WIDTH, 40, "#0a1020")


@picture("#1a2350")
def moon_hotline_log(c: Canvas, chance: Random) -> None:
    c.bands("#151d48", "#6a4a7a", 9)
    stars(c, chance, 60, 380)
    crescent(c, 900, 190, 118, "#fbe3a8", 0.5)
    c.rect(0, 530, WIDTH, 100, "#3a2440")
    red, dark = "#d0483f", "#96302c"
    c.poly(xy("300,530 350,380 610,380 660,530"), red)
    c.rect(290, 508, 380, 30, dark, 10)
    c.circle(480, 452, 66, dark)
    c.circle(480, 452, 54, CREAM)
    for i in range(10):
        c.circle(*polar(480, 452, 37, i * 33 - 120), 8, red)
    c.circle(480, 452, 14, red)
    for x in (400, 560):
        c.rect(x - 18, 346, 36, 42, dark, 8)
    c.line(xy("346,334 400,310 560,310 614,334"), 36, red)
    for x in (340, 620):
        c.ellipse(x, 344, 50, 28, dark)
    cord: list[Point] = []
    for t in steps(0, 1, 150):
        cord.append((660 + 200 * t + 22 * cos(t * 80), 520 - 255 * t + 22 * sin(t * 80)))
    c.line(cord, 6, CREAM)


# --- bicycles ------------------------------------------------------------------------


@picture("#e4d3b0")
def repairs_for_stories(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#2f7f7c")
    for i in range(13):
        c.poly([(i * 110 - 60, 0), (i * 110 - 5, 0), (i * 110 - 205, 630), (i * 110 - 260, 630)], "#338885")
    c.rect(0, 540, WIDTH, 90, "#1f5654")
    c.line([(330, 580), (330, 320)], 22, INK)
    c.line([(220, 586), (440, 586)], 24, INK)
    wheel(c, 330, 300, 190, INK, CREAM, 28)
    c.circle(330, 300, 22, ORANGE)
    c.rect(610, 90, 500, 320, CREAM, 56)
    c.poly(xy("650,360 760,400 560,480"), CREAM)
    for row, length in enumerate((380, 330, 390, 210)):
        c.line([(672, 168 + row * 56), (672 + length, 168 + row * 56)], 14, mix(ORANGE, RED, row / 3))


@picture("#f4e6c8")
def bell_audit(c: Canvas, chance: Random) -> None:
    c.bands("#fbf1da", "#f4ddb0", 7)
    colours = (RED, ORANGE, GOLD, LEAF, TEAL, SEA, PLUM)
    for i, fill in enumerate(colours):
        x, y = 138 + i * 154, 420 + (26 if i % 2 else 0)
        for k in range(1 + (i * 3) % 4 + 1):
            c.arc(x, y - 40, 96 + k * 36, -34, 34, 9, mix(fill, CREAM, k * 0.17))
        c.rect(x - 66, y + 58, 132, 16, INK, 8)
        c.rect(x - 12, y + 70, 24, 40, INK)
        c.poly([(x + 62 * cos(radians(a)), y + 60 - 100 * sin(radians(a))) for a in steps(0, 180, 40)], fill)
        c.poly(
            [(x - 36 + 12 * cos(radians(a)), y + 8 - 34 * sin(radians(a))) for a in steps(0, 360, 30)],
            mix(fill, WHITE, 0.55),
        )
        c.circle(x, y - 42, 10, INK)
        c.line([(x + 52, y + 64), (x + 76, y + 30)], 9, STEEL)
    c.rect(0, 532, WIDTH, 30, STEEL)
    c.rect(0, 532, WIDTH, 8, mix(STEEL, WHITE, 0.5))


@picture("#f3e0c0")
def bread_by_bicycle(c: Canvas, chance: Random) -> None:
    c.bands("#f9d9ae", "#f7ecd6", 6, 0, 500)
    for i in range(6):
        x, h = 40 + i * 205, 190 + (i * 67) % 120
        c.rect(x, 500 - h, 170, h, mix("#e7b98e", "#d99a76", (i % 3) / 2))
        c.poly([(x - 12, 500 - h), (x + 182, 500 - h), (x + 85, 440 - h)], "#b5685a")
        for k in range(2):
            c.rect(x + 28 + k * 68, 540 - h, 40, 54, CREAM, 4)
    c.rect(0, 500, WIDTH, 130, "#b9a58b")
    for row in range(3):
        for i in range(17):
            c.ellipse(i * 76 + (row % 2) * 38, 532 + row * 36, 32, 13, "#cbb89d")
    bicycle(c, 350, 556, 1.75, TEAL)
    for i, lean in enumerate((-50, -14, 24, 56)):
        c.line([(720 + i * 36, 300), (720 + i * 36 + lean, 128 + (i % 2) * 24)], 34, CRUST)
        for k in range(3):
            t = 0.3 + k * 0.22
            px, py = 720 + i * 36 + lean * t, 300 - (172 - (i % 2) * 24) * t
            c.line([(px - 10, py + 7), (px + 10, py - 7)], 6, "#f0cd92")
    for i in range(3):
        loaf(c, 700 + i * 84, 296, 118, 84)
    c.poly(xy("632,304 928,304 892,432 664,432"), "#9c6b3f")
    for row in range(4):
        c.line([(640 + row * 8, 322 + row * 30), (920 - row * 8, 322 + row * 30)], 12, "#b98556")


@picture("#f4c9a0")
def hill_that_got_steeper(c: Canvas, chance: Random) -> None:
    c.bands("#f7b98a", "#fbe8c8", 8)
    c.circle(880, 250, 210, "#f2703f")
    c.circle(880, 250, 170, "#f58b4c")
    for i in range(8):
        shade = mix("#2c3e5c", "#7f9aa0", i / 7)
        c.poly([(-40 + i * 96, 640), (1220, -60 + i * 120), (1220, 640)], shade)
    c.line([(-40, 640), (1220, -60)], 10, CREAM)
    bx, by, a = 430, 372, radians(-29)

    def tilt(x: float, y: float) -> Point:
        return bx + x * cos(a) - y * sin(a), by + x * sin(a) + y * cos(a)

    for x in (0, 92):
        wheel(c, *tilt(x, -34), 32, INK, "#c98b6a", 10)
    for p, q in (
        ((0, -34), (36, -34)),
        ((36, -34), (24, -76)),
        ((24, -76), (80, -76)),
        ((36, -34), (80, -76)),
        ((80, -76), (92, -34)),
        ((0, -34), (24, -76)),
    ):
        c.line([tilt(*p), tilt(*q)], 5, RED)
    c.line([tilt(22, -84), tilt(40, -132), tilt(82, -92)], 17, INK)
    c.line([tilt(24, -84), tilt(52, -62), tilt(40, -26)], 11, INK)
    c.circle(*tilt(56, -156), 17, INK)
    for k in range(3):
        c.line([tilt(40 - k * 16, -182 - k * 14), tilt(34 - k * 16, -196 - k * 14)], 5, SEA)


@picture("#20344d")
def true_a_wheel_in_an_evening(c: Canvas, chance: Random) -> None:
    c.bands("#20344d", "#3a5a74", 7)
    c.circle(600, 320, 286, "#2c4763")
    for i in range(36):
        a, lean = i * 10, 34 if i % 2 else -34
        c.line([polar(600, 320, 24, a + lean * 1.6), polar(600, 320, 244, a)], 3.5, ORANGE if i == 5 else "#c4d0da")
    c.line([polar(600, 320, 24, 50 + 54), polar(600, 320, 244, 50)], 9, ORANGE)
    c.ring(600, 320, 264, 24, "#0f1a2b")
    c.ring(600, 320, 240, 8, STEEL)
    c.circle(600, 320, 34, STEEL)
    c.circle(600, 320, 14, "#0f1a2b")
    for side in (-1, 1):
        c.line([(600 + side * 40, 320), (600 + side * 54, 600)], 22, GOLD)
        c.line([(600 + side * 320, 330), (600 + side * 278, 320)], 12, RED)
    c.rect(440, 586, 320, 26, GOLD, 8)
    c.circle(*polar(600, 320, 236, 50), 14, ORANGE)


@picture("#e7e2d2")
def puncture_map(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#d8d3c2")
    blocks = ("#efe8d6", "#e6e0cd", "#f3eddd")
    y = 0.0
    for row, h in enumerate((120, 90, 150, 110, 160)):
        x = -40.0 + row * 24
        while x < WIDTH:
            w = chance.choice((90, 130, 170, 210))
            c.poly([(x, y), (x + w - 16, y + 6), (x + w - 16, y + h - 14), (x, y + h - 20)], chance.choice(blocks))
            x += w
        y += h
    c.poly(xy("760,120 930,128 930,250 760,246"), "#c5d3a0")
    river = [(x, 520 + 40 * sin(x / 170)) for x in range(-20, 1230, 20)]
    c.line(river, 62, "#9cc8d0")
    c.line(river, 44, "#aed5da")
    c.line(xy("-20,340 420,300 700,110 1220,60"), 20, "#fbf8ee")
    for cx, cy, spread, count in ((300, 240, 46, 40), (690, 400, 34, 22), (1010, 470, 40, 18)):
        for _ in range(count):
            c.circle(chance.gauss(cx, spread), chance.gauss(cy, spread * 0.7), 9, RED)
    for _ in range(24):
        c.circle(chance.uniform(40, 1160), chance.uniform(30, 600), 8, "#e17a6c")
    for _ in range(12):
        c.circle(chance.gauss(930, 14), chance.gauss(300, 12), 9, RED)
    c.ring(930, 300, 66, 9, INK)
    c.line([(978, 346), (1044, 412)], 20, INK)


@picture(NIGHT)
def night_ride_with_the_moon_behind(c: Canvas, chance: Random) -> None:
    c.bands("#1b2450", "#7d5a7e", 10, 0, 420)
    stars(c, chance, 60, 260)
    c.halo(420, 270, 300, "#e2b58f", "#4a3f6c", 6)
    c.circle(420, 270, 172, "#fdeec8")
    for x, y, r in ((360, 220, 26), (470, 320, 36), (450, 190, 16), (370, 340, 20)):
        c.circle(x, y, r, "#f3dcaa")
    c.rect(0, 400, WIDTH, 60, "#4b5b86")
    for i in range(6):
        c.rect(330 + (i * 31) % 90, 406 + i * 9, 170 - i * 14, 4, "#f3dcaa", 2)
    c.poly(xy("0,450 1200,430 1200,630 0,630"), "#2a2f52")
    c.poly(xy("0,478 1200,450 1200,600 0,560"), "#6f7396")
    dark = "#10142c"
    for x, y, s in ((130, 505, 0.5), (330, 512, 0.6), (570, 522, 0.72), (850, 534, 0.86)):
        c.poly([(x, y), (x + 100 * s, y), (x + 480 * s, y + 56 * s), (x + 300 * s, y + 60 * s)], "#3c4066")
        bicycle(c, x - 40 * s, y, s, dark, dark, dark)
        hip, shoulder, hand = (x + 6 * s, y - 178 * s), (x + 66 * s, y - 262 * s), (x + 136 * s, y - 184 * s)
        c.line([hip, shoulder], 40 * s, dark)
        c.line([shoulder, hand], 17 * s, dark)
        c.line([hip, (x + 68 * s, y - 134 * s), (x + 52 * s, y - 44 * s)], 24 * s, dark)
        c.circle(x + 92 * s, y - 302 * s, 27 * s, dark)


# --- clocks --------------------------------------------------------------------------


@picture("#f0b78a")
def old_approximate_stays_slow(c: Canvas, chance: Random) -> None:
    c.bands("#3b3f73", "#f6b07c", 11)
    c.halo(260, 470, 210, "#ffe2a6", "#eba27d", 5)
    for x, w, h in ((0, 190, 120), (150, 150, 170), (840, 170, 150), (980, 230, 200), (300, 120, 110), (740, 140, 120)):
        c.rect(x, 630 - h, w, h, "#3a3558")
        c.poly([(x - 10, 630 - h), (x + w + 10, 630 - h), (x + w / 2, 570 - h)], "#3a3558")
        c.rect(x + w * 0.3, 660 - h, 22, 28, "#f4c06b")
        c.rect(x + w * 0.62, 660 - h, 22, 28, "#f4c06b")
    c.rect(462, 130, 276, 500, "#8a5a52")
    c.rect(462, 130, 92, 500, "#7a4c49")
    c.rect(444, 116, 312, 26, "#5d3740")
    c.poly(xy("450,118 750,118 600,-10"), "#47304a")
    c.rect(444, 454, 312, 18, "#5d3740")
    c.circle(600, 296, 136, "#5d3740")
    clock(c, 600, 296, 122, 11, 56)
    c.rect(556, 520, 88, 110, "#47304a", 44)


@picture("#d9c6a4")
def winding_day_at_the_tower(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#3d3340")
    count = 112
    for i in range(count):
        t = i / count
        r, turn = 780 * (1 - t) ** 1.15 + 26, i * 13.5
        inner = 780 * (1 - (i + 27) / (count + 27)) ** 1.15 + 10
        a0, a1 = turn, turn + 13
        shade = mix("#d8b98a", "#54404a", (0.5 + 0.5 * sin(radians(turn + 40))) * 0.75 + t * 0.2)
        c.poly(
            [polar(600, 315, r, a0), polar(600, 315, r, a1), polar(600, 315, inner, a1), polar(600, 315, inner, a0)],
            shade,
        )
    c.circle(600, 315, 40, "#241c26")
    c.circle(600, 315, 26, GOLD)
    rail = [polar(600, 315, 780 * (1 - (i + 24) / (count + 24)) ** 1.15 + 12, i * 13.5) for i in range(count)]
    c.line(rail, 7, RED)


@picture("#cdb892")
def drawer_of_orphan_screws(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#6d472d")
    c.rect(36, 36, 1128, 520, "#8e6140", 10)
    c.rect(64, 64, 1072, 464, "#3b2a24", 6)
    c.rect(36, 540, 1128, 70, "#a9784e", 10)
    c.ring(600, 574, 30, 10, BRASS)
    metals = (BRASS, "#e0bf6d", STEEL, "#c3ccd4", "#b5763f")
    for i in range(21):
        x, y = 142 + (i % 7) * 152 + chance.uniform(-22, 22), 146 + (i // 7) * 150 + chance.uniform(-22, 22)
        gear(c, x, y, chance.uniform(24, 62), chance.choice((9, 12, 14, 18)), chance.choice(metals), "#3b2a24")
    for i in range(18):
        x, y, turn = (
            150 + (i % 9) * 108 + chance.uniform(-20, 20),
            220 + (i // 9) * 150 + chance.uniform(-30, 30),
            chance.uniform(0, 360),
        )
        metal = chance.choice(metals)
        if i % 4 == 0:
            spring = [polar(x, y, 4 + k * 0.9, k * 26) for k in range(36)]
            c.line(spring, 4, "#9cc0d8")
        elif i % 4 == 1:
            end = polar(x, y, 70, turn)
            c.line([(x, y), end], 6, INK)
            c.poly([polar(*end, 20, turn), polar(*end, 12, turn + 120), polar(*end, 12, turn - 120)], INK)
            c.ring(x, y, 11, 5, INK)
        else:
            c.line([(x, y), polar(x, y, 42, turn)], 9, mix(metal, INK, 0.25))
            for k in range(4):
                px, py = polar(x, y, 14 + k * 8, turn)
                c.line([polar(px, py, 7, turn + 70), polar(px, py, -7, turn + 70)], 3, metal)
            c.circle(x, y, 15, metal)
            c.line([polar(x, y, 11, turn + 45), polar(x, y, -11, turn + 45)], 4, INK)


@picture("#d8e0d4")
def pendulum_in_the_broom_cupboard(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#8fae9f")
    for i in range(20):
        c.rect(i * 62, 0, 31, HEIGHT, "#86a596")
    c.rect(330, 0, 540, 630, "#5b3f31")
    c.rect(352, 0, 496, 630, "#e9d9b6")
    c.rect(352, 0, 60, 630, "#d9c59c")
    c.rect(352, 596, 496, 34, "#b89a6b")
    c.poly(xy("870,0 1010,40 1010,630 870,630"), "#7a5743")
    c.circle(978, 330, 13, BRASS)
    for i, a in enumerate((-24, -18, -11, -3, 6, 14, 20, 24)):
        bx, by = polar(610, 24, -440, a)
        fill = mix("#e9d9b6", "#c05a3c", (i + 1) / 8)
        c.line([(610, 24), (bx, by)], 3 if i < 7 else 5, mix("#e9d9b6", INK, (i + 1) / 9))
        c.circle(bx, by, 42, fill)
    bx, by = polar(610, 24, -440, 24)
    c.circle(bx - 12, by - 12, 12, "#e89a7c")
    c.rect(596, 0, 28, 26, STEEL, 4)
    c.line([(790, 130), (800, 470)], 11, TEA)
    c.poly(xy("778,466 824,466 842,596 760,596"), GOLD)
    for k in range(6):
        c.line([(784 + k * 7, 480), (768 + k * 14, 594)], 3, "#b98a2c")
    c.rect(776, 476, 50, 12, RED)


@picture("#e2c9a0")
def grandfather_clock_by_cargo_bike(c: Canvas, chance: Random) -> None:
    c.bands("#cfd9dd", "#f3ead2", 7, 0, 510)
    c.rect(760, 120, 460, 400, "#d9b59a")
    c.rect(800, 180, 90, 120, "#b5c9cf", 4)
    c.rect(940, 180, 90, 120, "#b5c9cf", 4)
    c.rect(1080, 180, 90, 120, "#b5c9cf", 4)
    c.poly(xy("740,124 1220,124 1220,60 800,60"), "#a8655a")
    c.rect(0, 510, WIDTH, 120, "#a89a86")
    c.rect(0, 510, WIDTH, 10, "#c9bca6")
    deck = carrier(c, 250, 566, 1.3, ORANGE)
    wood, dark = "#6b3b24", "#4d2918"
    x = 650
    c.rect(x - 74, deck - 48, 148, 48, wood, 4)
    c.rect(x - 54, deck - 268, 108, 222, wood)
    c.rect(x - 36, deck - 250, 72, 190, dark, 6)
    c.rect(x - 80, deck - 410, 160, 146, wood, 6)
    c.poly([(x - 88, deck - 404), (x + 88, deck - 404), (x + 46, deck - 452), (x - 46, deck - 452)], dark)
    c.circle(x, deck - 460, 13, BRASS)
    c.circle(x, deck - 336, 66, BRASS)
    clock(c, x, deck - 336, 58, 10, 8)
    c.line([(x, deck - 250), (x + 12, deck - 110)], 5, BRASS)
    c.circle(x + 13, deck - 104, 20, GOLD)
    for dx in (-66, 66):
        c.line([(x + dx, deck - 6), (x + dx * 1.1, deck - 250)], 6, "#e3c797")
    c.line([(x - 72, deck - 240), (x + 72, deck - 240)], 7, RED)
    c.line([(x - 70, deck - 70), (x + 70, deck - 70)], 7, RED)


@picture("#e8b878")
def clocks_go_back_checklist(c: Canvas, chance: Random) -> None:
    c.bands("#d98a4e", "#f5d79d", 8)
    leaves = ("#b8432f", "#d9702f", "#a85a24", "#8a3a2a", "#e09a3c")
    for _ in range(34):
        x, y, turn, r = (
            chance.uniform(0, WIDTH),
            chance.uniform(0, HEIGHT),
            chance.uniform(0, 360),
            chance.uniform(34, 64),
        )
        c.poly(
            [
                polar(x, y, r, turn),
                polar(x, y, r * 0.52, turn + 80),
                polar(x, y, -r, turn),
                polar(x, y, r * 0.52, turn - 80),
            ],
            chance.choice(leaves),
        )
        c.line([polar(x, y, r, turn), polar(x, y, -r * 1.3, turn)], 2.5, "#6e3320")
    c.circle(600, 315, 268, "#4a2f2a")
    clock(c, 600, 315, 244, 1, 0)
    c.line([(600, 315), polar(600, 315, 122, 60)], 20, "#d8c7a8")
    c.circle(600, 315, 20, INK)
    c.arc(600, 315, 152, 62, 44, 20, RED)
    c.poly([polar(600, 315, 148, 28), polar(600, 315, 190, 45), polar(600, 315, 114, 45)], RED)


# --- bread and baking ----------------------------------------------------------------


@picture("#eadbc0")
def sourdough_register(c: Canvas, chance: Random) -> None:
    c.bands("#9fb8a8", "#d9dfc6", 7, 0, 520)
    c.rect(0, 520, WIDTH, 26, BARK)
    c.rect(0, 546, WIDTH, 84, "#8f7557")
    for i, (level, tag) in enumerate(((0.45, RED), (0.82, TEAL), (0.62, PLUM))):
        x = 180 + i * 310
        c.rect(x, 190, 220, 330, "#e7efe9", 34)
        top = 510 - 300 * level
        c.rect(x + 12, top, 196, 510 - top, "#efdcb0", 22)
        c.ellipse(x + 110, top, 98, 18, "#f7ebcb")
        for _ in range(24):
            c.circle(
                x + 30 + chance.uniform(0, 160), chance.uniform(top + 26, 492), chance.choice((5, 8, 12)), "#dcc187"
            )
        c.rect(x + 22, 220, 14, 250, WHITE, 7)
        c.rect(x - 6, 160, 232, 44, CRUST, 12)
        c.rect(x - 6, 188, 232, 10, "#a86a33")
        c.line([(x + 4, 206), (x + 216, 206)], 5, tag)
        c.line([(x + 150, 208), (x + 168, 300)], 4, tag)
        c.poly([(x + 128, 300), (x + 168, 284), (x + 208, 300), (x + 208, 386), (x + 128, 386)], WHITE)
        c.circle(x + 168, 304, 7, tag)
        for row in range(3):
            c.line([(x + 142, 330 + row * 18), (x + 194 - row * 10, 330 + row * 18)], 5, STEEL)


@picture("#3b2a2a")
def communal_oven_rules(c: Canvas, chance: Random) -> None:
    c.bands("#2b2f52", "#b0677a", 8, 0, 500)
    stars(c, chance, 30, 220)
    c.rect(0, 500, WIDTH, 130, "#5b4a44")
    dome = [(600 + 330 * cos(radians(a)), 510 - 400 * sin(radians(a))) for a in steps(0, 180, 60)]
    c.poly(dome, "#a4553d")
    for row in range(8):
        y = 470 - row * 46
        half = 330 * (1 - ((510 - y) / 400) ** 2) ** 0.5
        c.line([(600 - half, y), (600 + half, y)], 4, "#c0705a")
        for k in range(int(half / 37)):
            for side in (-1, 1):
                bx = 600 + side * (k * 74 + (row % 2) * 37)
                if (bx - 600) ** 2 / 330**2 + (556 - y) ** 2 / 400**2 < 0.97:
                    c.line([(bx, y), (bx, y - 46)], 4, "#c0705a")
    for r, fill in ((176, "#5d2f27"), (152, "#d9531e"), (118, "#f58a2c"), (76, "#ffc95a"), (40, "#fff0b0")):
        c.poly([(600 + r * cos(radians(a)), 510 - r * 1.12 * sin(radians(a))) for a in steps(0, 180, 40)], fill)
    c.rect(400, 506, 400, 26, "#4a2c26")
    c.rect(800, 130, 66, 170, "#8a4433")
    for i in range(3):
        c.circle(846 + i * 46, 100 - i * 34, 28 + i * 10, "#8c8aa6")
    c.line([(600, 572), (1180, 600)], 20, CRUST)
    c.ellipse(560, 566, 190, 26, "#deb27a")
    loaf(c, 480, 540, 150, 84)
    loaf(c, 630, 544, 150, 84)


@picture("#f5ecd7")
def bakers_percentages_on_a_napkin(c: Canvas, chance: Random) -> None:
    c.rect(0, 0, WIDTH, HEIGHT, "#b6d0c8")
    for i in range(26):
        c.rect(i * 48, 0, 24, HEIGHT, "#add0c6" if i % 2 else "#c0d8d0")
    c.poly(xy("130,50 1090,30 1110,600 110,610"), "#e6ddc8")
    c.poly(xy("120,40 1080,24 1096,590 104,598"), WHITE)
    c.ring(960, 150, 76, 9, "#e2c8a4")
    c.rect(180, 506, 840, 8, INK)
    for i, (share, fill) in enumerate(((1.0, GOLD), (0.72, SEA), (0.2, CRUST), (0.05, STEEL))):
        x, top = 216 + i * 212, 506 - 320 * share
        c.rect(x, top, 132, 506 - top, fill, 6)
        cx, cy = x + 66, top - 46
        if i == 0:
            c.line([(cx, cy + 40), (cx, cy - 36)], 5, "#a8792a")
            for k in range(4):
                for side in (-1, 1):
                    c.ellipse(cx + side * 13, cy + 16 - k * 20, 12, 9, "#d99a2e")
        elif i == 1:
            c.circle(cx, cy + 8, 25, "#3f88a8")
            c.poly([(cx - 23, cy), (cx + 23, cy), (cx, cy - 46)], "#3f88a8")
        elif i == 2:
            c.rect(cx - 30, cy - 24, 60, 62, "#d9e6e2", 10)
            c.rect(cx - 24, cy, 48, 34, "#efdcb0", 6)
            c.rect(cx - 34, cy - 36, 68, 16, CRUST, 5)
            for k in range(4):
                c.circle(cx - 14 + k * 9, cy + 12 + (k % 2) * 10, 4, "#c9a45c")
        else:
            c.poly([(cx - 24, cy + 36), (cx + 24, cy + 36), (cx + 16, cy - 10), (cx - 16, cy - 10)], "#c9d3da")
            c.poly([(cx + 18 * cos(radians(a)), cy - 8 - 24 * sin(radians(a))) for a in steps(0, 180, 20)], INK)
            for k in (-1, 0, 1):
                c.circle(cx + k * 8, cy - 17, 2.5, WHITE)


@picture("#f1e2c6")
def bun_price_index(c: Canvas, chance: Random) -> None:
    c.bands("#f3e8d4", "#e9d3b2", 5)
    for _ in range(9):
        x, y = chance.uniform(40, 1100), chance.uniform(30, 520)
        c.line([(x, y), (x + 40, y + 12), (x + 62, y + 40)], 2.5, "#d3bb95")
    for row in range(5):
        c.line([(110, 120 + row * 96), (1120, 120 + row * 96)], 3, "#d9c29a")
    c.line(xy("110,60 110,540 1130,540"), 9, INK)
    points = xy("190,480 410,420 620,352 830,236 1040,136")
    c.line(points, 10, RED)
    for i, (x, y) in enumerate(points):
        r = 54 + i * 5
        c.circle(x, y + 4, r, "#9c5a26")
        c.circle(x, y, r, "#c67a35")
        c.ellipse(x - r * 0.2, y - r * 0.32, r * 0.56, r * 0.36, "#e6a458")
        c.ellipse(x - r * 0.3, y - r * 0.46, r * 0.22, r * 0.12, "#f8d79a")
        for k in range(11):
            c.circle(*polar(x, y, r * (0.38 if k % 2 else 0.76), k * 35 + i * 13), 6, "#3a211c")


@picture("#2a1d22")
def hour_the_bread_gained(c: Canvas, chance: Random) -> None:
    c.bands("#1f1820", "#4a2f2c", 8)
    c.halo(600, 320, 440, "#d98a45", "#35242a", 10)
    c.rect(0, 540, WIDTH, 90, "#241a1e")
    c.circle(600, 326, 236, "#8f5426")
    c.circle(600, 316, 232, CRUST)
    c.circle(588, 300, 190, "#d99a54")
    for i in range(12):
        x, y = polar(600, 316, 190, i * 30)
        c.ellipse(x, y, 15, 15, "#f4dcae" if i % 3 == 0 else "#e9c284")
    for a, r in ((30, 112), (0, 158)):
        end = polar(600, 316, r, a)
        c.line([(600, 316), end], 30, "#7d451f")
        c.line([(600, 316), end], 16, "#f4dcae")
    c.circle(600, 316, 24, "#7d451f")
    for _ in range(90):
        c.circle(*polar(600, 316, chance.uniform(30, 224), chance.uniform(0, 360)), chance.choice((2, 3)), "#fbeed0")
    for _ in range(70):
        c.circle(chance.uniform(60, 1140), chance.uniform(556, 620), 2.5, "#cbb89a")


# --- the run -------------------------------------------------------------------------


def main(names: Sequence[str]) -> int:
    """Draw the pictures named, or all; return 1 if a name is unknown or a file too big."""
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        print(f"no such picture: {', '.join(unknown)}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    status = 0
    for name in names or PICTURES:
        background, draw = PICTURES[name]
        canvas = Canvas(background)
        draw(canvas, Random(name))
        size = canvas.save(FOLDER / f"{name}.png")
        if size > MAX_BYTES:
            print(f"{name}.png: {size} bytes, more than {MAX_BYTES}", file=sys.stderr)
            status = 1
    print(f"drew {len(names or PICTURES)} pictures in {FOLDER}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
