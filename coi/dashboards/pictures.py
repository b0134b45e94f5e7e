"""Draws a figure, wide or for a phone: dark words, one strong colour, dashes for a last day; runs nothing, fetches nothing."""

import sys
from datetime import date
from typing import Any

import pygal
from lxml import etree
from pygal.style import Style

from coi.dashboards.shapes import Figure
from coi.languages import day_and_month

# The library leaves a finder of the old kind for its plug-ins, of which there are none here: every later import would warn of it.
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != "PluginImportFixer"]

INK, BLUE, RED = "#1b1b1b", "#1b4b72", "#9c3d00"
FONT = "'Public Sans', 'Helvetica Neue', Arial, sans-serif"
# Units of the picture, which are pixels where there is room for it: on a phone of 320 it is shown as it is.
WIDE, BESIDE, NARROW = 720, 540, 288
BAR, NARROW_BAR, LINE_HEIGHT = 34, 48, 320
DASHES = "8, 6"
# Quiet lines behind the curve: only a last day is dashed.
GUIDES = "inline:.axis .guide.line, .axis .major.guide.line {stroke: #c6cace !important; stroke-dasharray: none !important}"
# Of a longer label the beginning is drawn; the table has it whole. On a phone it stands above its bar.
LABEL, NARROW_LABEL = 34, 38


def size_of(figure: Figure, narrow: bool) -> tuple[int, int]:
    """How wide and how high the picture is."""
    width = NARROW if narrow else BESIDE if figure.beside else WIDE
    return width, LINE_HEIGHT if figure.line is not None else (NARROW_BAR if narrow else BAR) * len(figure.bars) + 30


def drawn(figure: Figure, narrow: bool) -> str:
    """The picture as SVG, without anything that runs or is fetched, the same bytes for the same figure."""
    chart = _line(figure, narrow) if figure.line is not None else _bars(figure, narrow)
    chart.config.width, chart.config.height = size_of(figure, narrow)
    chart.uuid = figure.name  # its rules are written for this id; a random one would make every picture another file
    root = chart.render_tree()
    for bad in root.xpath("//*[local-name()='script' or local-name()='desc' or @class='tooltip'] | //comment()"):
        bad.getparent().remove(bad)
    titles = root.xpath("//*[local-name()='title']")
    for extra in titles[1:]:
        extra.getparent().remove(extra)
    titles[0].text = figure.title
    _words_at_bars(root, [_cut(bar.label, NARROW_LABEL) for bar in reversed(figure.bars)] if narrow else [])
    _dashes_in_legend(root)
    told: str = etree.tostring(root, encoding="unicode")
    return told


def _words_at_bars(root: Any, labels: list[str]) -> None:
    """What is written at the end of a bar begins there, not in the middle; `labels` are written above the bars."""
    bars = root.xpath("//*[@class='bar']/*[local-name()='rect']")
    words = root.xpath("//*[contains(@class, 'text-overlay')]//*[local-name()='text']")
    for place, (bar, text) in enumerate(zip(bars, words, strict=False)):
        left, top, high = (float(bar.get(name, 0)) for name in ("x", "y", "height"))
        if labels:
            above = etree.SubElement(text.getparent(), text.tag, {"class": "value above", "x": f"{left:g}", "y": f"{top + 14:g}"})
            above.text = labels[place]
            top, high = top + 20, high - 20
            bar.set("y", f"{top:g}")
            bar.set("height", f"{high:g}")
        text.set("text-anchor", "start")
        text.set("x", f"{left + float(bar.get('width', 0)) + 6:g}")
        text.set("y", f"{top + high / 2 + 5:g}")


def _dashes_in_legend(root: Any) -> None:
    """The legend shows a line as it is drawn, so that colour is not all that tells them apart."""
    for place, box in enumerate(root.xpath("//*[contains(@class, 'legend')]/*[local-name()='rect']")):
        middle = str(float(box.get("y")) + float(box.get("height")) / 2)
        line = etree.SubElement(box.getparent(), box.tag.replace("rect", "line"))
        for name, value in {"x1": box.get("x"), "x2": str(float(box.get("x")) + 24), "y1": middle, "y2": middle}.items():
            line.set(name, value)
        line.set("class", box.get("class") or "")
        line.set("style", f"stroke-width:3;stroke-dasharray:{DASHES if place else 'none'}")
        for text in box.getparent().xpath("*[local-name()='text']"):
            text.set("x", str(float(text.get("x")) + 14))
        box.getparent().remove(box)


def _style(narrow: bool) -> Style:
    size = 13 if narrow else 15
    return Style(
        background="#ffffff",
        plot_background="#ffffff",
        foreground=INK,
        foreground_strong=INK,
        foreground_subtle="#8d9297",
        opacity="1",
        opacity_hover="1",
        stroke_opacity="1",
        stroke_opacity_hover="1",
        colors=(BLUE, RED, INK, "#5b3f8c"),
        value_colors=(INK, INK, INK, INK),
        font_family=FONT,
        label_font_size=size,
        major_label_font_size=size,
        value_font_size=size,
        legend_font_size=size,
        stroke_width=3,
        transition="0s",
    )


def _settings(narrow: bool) -> dict[str, Any]:
    return {
        "js": [],
        "css": ["file://style.css", "file://graph.css", GUIDES],
        "style": _style(narrow),
        "explicit_size": True,
        "disable_xml_declaration": True,
        "pretty_print": False,
        "margin": 6,
        "show_legend": False,
    }


def _bars(figure: Figure, narrow: bool) -> Any:
    bars = list(reversed(figure.bars))  # the first one is drawn lowest
    longest = figure.scale or max([1.0, *(bar.length or 0 for bar in bars)])
    chart = pygal.HorizontalBar(
        **_settings(narrow),
        print_values=True,
        print_values_position="top",
        show_x_labels=False,
        show_x_guides=False,
        show_y_guides=False,
        truncate_label=LABEL + 1,
        spacing=4,
        # Room at the end of the longest bar for what is written there.
        range=(0, longest * (1.6 if narrow else 1.3)),
    )
    chart.x_labels = [" " if narrow else _cut(bar.label, LABEL) for bar in bars]
    chart.add(figure.title, [{"value": bar.length or 0, "formatter": _says(bar.words)} for bar in bars])
    return chart


def _says(words: str) -> Any:
    return lambda *_value: words


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _line(figure: Figure, narrow: bool) -> Any:
    line = figure.line
    if line is None:
        raise ValueError(f"{figure.name} has no line.")
    days = [on for on, _number in line.points] + [on for on, _words in line.last_days]
    first, last = min(days).toordinal(), max(days).toordinal()
    chart = pygal.XY(
        **{**_settings(narrow), "show_legend": True},
        margin_right=24,
        legend_at_bottom=True,
        truncate_legend=-1,
        legend_at_bottom_columns=1,
        range=(0, max(1, line.most)),
        dots_size=3,
        show_x_guides=False,
        x_value_formatter=lambda value: day_and_month(date.fromordinal(round(value))),
        value_formatter=lambda value: f"{value:,.0f}",
    )
    ticks = 2 if narrow else 5
    chart.x_labels = [first + round((last - first) * place / ticks) for place in range(ticks + 1)] if last > first else [first]
    chart.add(line.words, [(on.toordinal(), number) for on, number in line.points])
    for on, words in line.last_days:
        ends = [(on.toordinal(), 0), (on.toordinal(), line.most)]
        chart.add(words, ends, show_dots=False, stroke_style={"width": 3, "dasharray": DASHES})
    return chart
