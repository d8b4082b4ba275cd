"""Themes: colours that parse and can be read, fonts that end in a general one, what Outlook is given."""

import pytest

from syndicate.config.load import parse_config
from syndicate.domain.themes import (
    DARK,
    LEAST_CONTRAST,
    LIGHT,
    PLAIN_THEME,
    Logo,
    Palette,
    Theme,
    contrast,
    faint,
    parse_colour,
    parse_fonts,
    readable,
    windows_font,
)
from syndicate.errors import ConfigError

START = (
    "site: {title: Tea, url: https://example.org/}\nsources: [{path: news}]\n"
    "newsletters:\n  - slug: weekly\n    title: W\n    cadence: daily at 08:00\n    theme:\n"
)


def theme(text: str) -> Theme:
    (newsletter,) = parse_config(START + text, "config.yaml").newsletters
    return newsletter.theme


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        theme(text)
    return [str(problem).removeprefix("config.yaml:") for problem in caught.value.problems]


class TestColours:
    @pytest.mark.parametrize(
        ("text", "colour"), [("#0b6274", "#0b6274"), ("#0B6274", "#0b6274"), ("#06c", "#0066cc"), (" #FFF ", "#ffffff")]
    )
    def test_a_colour_is_three_or_six_digits(self, text: str, colour: str) -> None:
        assert parse_colour(text) == colour

    @pytest.mark.parametrize("text", ["", "red", "#12", "#12345", "0b6274", "#0b62zz", "#fff; color: red", "#ｆｆｆ"])
    def test_anything_else_is_none(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"^expected a colour in quotes such as '#0b6274'$"):
            parse_colour(text)

    @pytest.mark.parametrize(
        ("one", "other", "ratio"),
        [
            ("#000000", "#ffffff", 21),
            ("#ffffff", "#ffffff", 1),
            ("#777777", "#ffffff", 4.48),
            ("#0000ff", "#ffffff", 8.59),
        ],
    )
    def test_contrast_is_that_of_wcag(self, one: str, other: str, ratio: float) -> None:
        assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
        assert contrast(other, one) == contrast(one, other)

    def test_a_shade_is_no_greyer(self) -> None:
        assert readable("#7a1f3d", DARK.surface) == "#d55a82"

    @pytest.mark.parametrize("ground", ["#000000", "#ffffff", "#777777", "#0b6274", "#ffcc00"])
    @pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#88ccff", "#7a1f3d"])
    def test_any_colour_has_a_shade_that_can_be_read(self, colour: str, ground: str) -> None:
        shade = readable(colour, ground)
        assert contrast(shade, ground) >= LEAST_CONTRAST
        assert (shade == colour) == (contrast(colour, ground) >= LEAST_CONTRAST)

    @pytest.mark.parametrize("palette", [LIGHT, DARK])
    def test_the_built_in_colours_can_be_read(self, palette: Palette) -> None:
        assert list(faint(palette)) == []


class TestFonts:
    @pytest.mark.parametrize(
        ("text", "fonts", "windows"),
        [
            ("serif", "serif", "Georgia"),
            ("Verdana,sans-serif", "Verdana, sans-serif", "Verdana"),
            ("'Times New Roman' , serif", "'Times New Roman', serif", "Times New Roman"),
            ("Fira Sans, Segoe UI, sans-serif", "'Fira Sans', 'Segoe UI', sans-serif", "Segoe UI"),
            ("-apple-system, system-ui", "-apple-system, system-ui", "Arial"),
            ("Fira Mono, monospace", "'Fira Mono', monospace", "Courier New"),
        ],
    )
    def test_a_list_of_fonts_is_quoted_and_windows_gets_one(self, text: str, fonts: str, windows: str) -> None:
        assert parse_fonts(text) == fonts
        assert windows_font(fonts) == windows

    @pytest.mark.parametrize(
        "text", ["", ",", "Verdana,,serif", "a;b, serif", 'a"b, serif', "a{}, serif", "</style>, serif"]
    )
    def test_what_could_end_a_rule_is_no_font(self, text: str) -> None:
        with pytest.raises(
            ValueError, match=r"^expected names of fonts with commas between them such as Georgia, serif$"
        ):
            parse_fonts(text)

    def test_a_list_without_a_general_font_is_told(self) -> None:
        with pytest.raises(ValueError, match=r"^expected a list of fonts that ends in serif, sans-serif or monospace$"):
            parse_fonts("Georgia, Verdana")


class TestWhatIsLeftOut:
    def test_a_newsletter_without_a_theme_has_the_plain_one(self) -> None:
        assert theme("      {}") == PLAIN_THEME

    def test_every_key_is_taken(self) -> None:
        colours = {name: f"'#{number}{number}{number}'" for number, name in enumerate(Palette.__slots__)}
        given = {**colours, "surface": "'#ffffff'", "header": "'#fff'", "muted": "'#111'", "header_text": "'#000'"}
        palette = "{" + ", ".join(f"{name}: {value}" for name, value in given.items()) + "}"
        logo = "{src: 'https://example.org/l.png', dark: 'https://example.org/d.png', width: 300, height: 40, alt: Tea}"
        fonts = "      font: serif\n      heading_font: monospace\n"
        found = theme(f"      width: 480\n{fonts}      logo: {logo}\n      light: {palette}\n")
        assert (found.width, found.font, found.heading_font) == (480, "serif", "monospace")
        assert found.logo == Logo(
            src="https://example.org/l.png", dark="https://example.org/d.png", width=300, height=40, alt="Tea"
        )
        assert found.light == Palette(
            background="#000000",
            surface="#ffffff",
            text="#222222",
            muted="#111111",
            accent="#444444",
            line="#555555",
            header="#ffffff",
            header_text="#000000",
        )

    def test_a_dark_scheme_takes_the_hue_of_the_light_accent_as_far_as_it_can_be_read(self) -> None:
        found = theme("      light: {accent: '#7a1f3d'}").dark
        assert found.accent == readable("#7a1f3d", DARK.surface) != "#7a1f3d"
        assert theme("      light: {accent: '#7a1f3d'}\n      dark: {accent: '#fff'}").dark.accent == "#ffffff"

    def test_a_header_of_its_own_colour_is_the_same_on_dark_screens_with_words_that_can_be_read(self) -> None:
        found = theme("      light: {header: '#7a1f3d'}")
        assert (found.light.header, found.light.header_text) == ("#7a1f3d", "#ffffff")
        assert (found.dark.header, found.dark.header_text) == ("#7a1f3d", "#ffffff")
        assert theme("      light: {header: '#ffcc00'}").light.header_text == LIGHT.header_text

    def test_a_header_without_a_colour_is_as_the_sheet(self) -> None:
        found = theme("      light: {surface: '#fff8f0', text: '#332211'}").light
        assert (found.header, found.header_text) == ("#fff8f0", "#332211")

    def test_words_fit_a_sheet_of_another_colour(self) -> None:
        found = theme("      dark: {surface: '#ffffff'}").dark
        assert list(faint(found)) == []
        assert found.text == LIGHT.text


class TestMistakes:
    def test_a_colour_that_cannot_be_read_is_told_with_a_shade_that_can(self) -> None:
        assert mistakes("      light:\n        accent: '#88ccff'\n") == [
            "9: newsletters[0].theme.light.accent: accent #88ccff on surface #ffffff has a contrast of 1.7:1, "
            "too little to be read; expected at least 4.5:1 ('#0074cb' would do for accent)"
        ]

    def test_the_shade_that_is_named_does(self) -> None:
        assert theme("      light: {accent: '#0074cb'}").light.accent == "#0074cb"

    def test_a_contrast_that_is_missed_by_little_is_not_rounded_up(self) -> None:
        (told,) = mistakes("      light: {muted: '#777777'}\n")
        assert "has a contrast of 4.4:1" in told

    def test_words_in_a_header_are_looked_at_too(self) -> None:
        told = mistakes("      dark: {header: '#777777', header_text: '#888888'}\n")
        assert [one.split(": ")[1] for one in told] == ["newsletters[0].theme.dark.header_text"]

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("light: {accent: red}", "theme.light.accent: expected a colour in quotes such as '#0b6274', got 'red'"),
            (
                "light: {accent: 123456}",
                "theme.light.accent: expected a colour in quotes such as '#0b6274', got 123456",
            ),
            ("light: {acent: '#000'}", "theme.light.acent: unknown key 'acent' (did you mean 'accent'?)"),
            ("width: 300", "theme.width: expected a whole number of at least 480, got 300"),
            ("width: 900", "theme.width: expected a whole number of at most 700, got 900"),
            (
                "font: Verdana",
                "theme.font: expected a list of fonts that ends in serif, sans-serif or monospace, got 'Verdana'",
            ),
            (
                "logo: {src: 'https://example.org/l.png', width: 20}",
                "theme.logo.height: expected a value for 'height', found none (add it)",
            ),
            (
                "logo: {src: 'l.png', width: 20, height: 20}",
                "theme.logo.src: expected an address such as https://example.org/, got 'l.png'",
            ),
            (
                "logo: {src: 'https://example.org/l.png', width: 600, height: 20}",
                "theme.logo.width: the logo is 600 pixels wide, and the sheet has room for 552 "
                "(show it smaller: its file may have more pixels than width and height say)",
            ),
        ],
    )
    def test_a_mistake_is_told_with_its_line(self, line: str, told: str) -> None:
        assert mistakes(f"      {line}\n") == [f"8: newsletters[0].{told}"]

    def test_a_colour_without_quotes_is_a_comment_and_told(self) -> None:
        assert mistakes("      light:\n        accent: #123456\n") == [
            "9: newsletters[0].theme.light.accent: expected a colour in quotes such as '#0b6274', got nothing"
        ]
