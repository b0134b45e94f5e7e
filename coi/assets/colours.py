"""The city's two colours as a style sheet; darkens what would be hard to read on white, so that no profile can break a page."""

import re

WHITE = (255, 255, 255)
# WCAG 2.2 AA asks 4.5 to 1 for text; a little more keeps room for the grey of a striped row.
READABLE = 5.2
PLAIN = "#1b4b72"
GOLD = "#e5a000"


def parts(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers; anything else reads as the plain blue."""
    text = colour.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", text):
        text = "#" + "".join(letter * 2 for letter in text[1:])
    if not re.fullmatch(r"#[0-9a-f]{6}", text):
        text = PLAIN
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(colour: tuple[int, int, int]) -> str:
    """Three numbers as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def in_name(colour: str) -> str:
    """The colour as a file name holds it."""
    return written(parts(colour))[1:]


def brightness(colour: tuple[int, int, int]) -> float:
    """Relative luminance as WCAG counts it."""
    shares = [value / 255 for value in colour]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """From 1 (the same) to 21 (black on white)."""
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    """The colour with a share of another in it."""
    red, green, blue = (round(one * (1 - share) + two * share) for one, two in zip(colour, other, strict=True))
    return red, green, blue


def readable(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """The colour, darkened until it can be read on white."""
    while contrast(colour, WHITE) < READABLE:
        colour = mixed(colour, (0, 0, 0), 0.08)
    return colour


def as_style(primary: str, accent: str) -> str:
    """Custom properties that site.css uses: the colour, a darker and a darkest shade, and a tint for grounds."""
    main = readable(parts(primary))
    told = {
        "primary": main,
        "primary-dark": mixed(main, (0, 0, 0), 0.25),
        "primary-darkest": mixed(main, (0, 0, 0), 0.5),
        "primary-tint": mixed(main, WHITE, 0.92),
        "accent": parts(accent),
    }
    return ":root{" + ";".join(f"--city-{name}:{written(colour)}" for name, colour in told.items()) + "}\n"
