"""The Summary sheet: tables one below the other, each with a native chart that needs no colour to be read; knows no register."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter

BARS, LINES, COLUMNS = "bars", "lines", "columns"
Cell = str | int
A_ROW = 0.53  # centimetres
BESIDE = 18  # rows that a chart beside its table takes
BESIDE_FROM = 6  # its first column
FIRST_OUTCOME = 3  # the column of the first outcome, after department, obligations and filed
NAVY = "1B2B4B"
# Light lines on a colour, each with a pattern of its own and no two neighbours of the same lightness: told apart in black and
# white, and by who sees no colours. In the order of the outcomes, then what has none.
PATTERNS: tuple[tuple[Any, Any], ...] = (
    ("pct25", "6E6E6E"), ("wdDnDiag", "2A7F8E"), ("solid", "1B2B4B"), ("dkHorz", "7FA3CC"), ("lgCheck", "4E7A3A"),
    ("wdUpDiag", "2E6DA4"), ("dkVert", "8A4B08"), ("smGrid", "8B1E2D"), ("dashHorz", "C9A227"), ("solid", "D5D9E0"),
    ("trellis", "8E8AA8"), ("ltUpDiag", "5B4B8A"), ("dotGrid", "A88AA0"),
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """One table with its chart: `series` are the columns that it shows, of the first `shown` rows; `axes` what they count."""

    title: str
    note: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    chart: str
    chart_title: str
    series: tuple[int, ...]
    shown: int
    axes: tuple[str, str]

    @property
    def beside(self) -> bool:
        """Whether the chart stands beside the table, not below it."""
        return self.chart != BARS

    @property
    def height(self) -> float:
        """Of the chart, in centimetres."""
        return BESIDE * A_ROW - 0.3 if self.beside else max(9.0, 5 + 0.62 * self.shown)

    @property
    def alternative(self) -> str:
        """What the chart shows in words, for who can't see it: it shows the table and nothing else."""
        return f"{self.chart_title}. {', '.join(self.header[place] for place in self.series)}. {self.note}"


@dataclass(frozen=True)
class Placed:
    """A block and the rows, from 1, in which its title, its header and its last row stand."""

    block: Block
    title: int
    header: int
    last: int


def laid_out(blocks: Sequence[Block]) -> tuple[list[list[Cell]], list[Placed]]:
    """The rows of the sheet, with room for the charts, and where each block begins and ends."""
    rows: list[list[Cell]] = []
    placed = []
    for block in blocks:
        title = len(rows) + 1
        rows += [[block.title], [block.note], list(block.header), *(list(row) for row in block.rows)]
        placed.append(Placed(block, title, title + 2, len(rows)))
        if block is not blocks[-1]:
            room = max(0, BESIDE + 3 - len(block.rows)) if block.beside else round(block.height / A_ROW) + 2
            rows += [[] for _row in range(room + 2 if block.chart else 2)]
    return rows, placed


def chart_of(sheet: Any, one: Placed) -> tuple[Any, str]:
    """The native chart of a block, and the cell at its upper left corner."""
    block = one.block
    chart: Any = LineChart() if block.chart == LINES else BarChart()
    if isinstance(chart, BarChart):
        _as_bars(chart, block)
    first, last = one.header + 1, one.header + block.shown
    for place in block.series:
        values = Reference(sheet, min_col=place + 1, min_row=one.header, max_row=last)
        chart.series.append(Series(values, title_from_data=True))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    for place, series in zip(block.series, chart.series, strict=True):
        _marked(series, place, block)
    chart.title, chart.style, chart.roundedCorners = block.chart_title, 10, False
    chart.x_axis.title, chart.y_axis.title = block.axes
    chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl hides both otherwise (TRAPS: Spreadsheets out)
    chart.y_axis.number_format, chart.y_axis.majorGridlines.spPr = "0", GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    chart.x_axis.number_format = "@"
    if block.chart == COLUMNS:
        chart.legend = None
    else:
        chart.legend.position = "b"
    chart.width, chart.height = (24, block.height) if block.beside else (40, block.height)
    return chart, f"{get_column_letter(BESIDE_FROM)}{one.title + 2}" if block.beside else f"A{one.last + 2}"


def _as_bars(chart: BarChart, block: Block) -> None:
    if block.chart == BARS:
        chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 45
        chart.x_axis.scaling.orientation = "maxMin"  # the first department above
        chart.y_axis.crosses = "max"
    else:
        chart.type, chart.gapWidth = "col", 80


def _marked(series: Any, place: int, block: Block) -> None:
    """How one series is told from the others without its colour: by pattern, by line and marker, or by its numbers."""
    if block.chart == LINES:
        due = place == block.series[0]
        series.marker = Marker(symbol="none" if due else "circle", size=6)
        line = LineProperties(solidFill="8A4B08" if due else NAVY, w=28575, prstDash="dash" if due else "solid")
        series.graphicalProperties = GraphicalProperties(ln=line)
        series.smooth = False
        return
    plain: tuple[Any, Any] = ("solid", NAVY)
    name, dark = PATTERNS[(place - FIRST_OUTCOME) % len(PATTERNS)] if block.chart == BARS else plain
    white: Any = "FFFFFF"
    outline = LineProperties(solidFill="333333", w=6350)
    if name == "solid":
        series.graphicalProperties = GraphicalProperties(solidFill=dark, ln=outline)
    else:
        fill = PatternFillProperties(prst=name, fgClr=ColorChoice(srgbClr=white), bgClr=ColorChoice(srgbClr=dark))
        series.graphicalProperties = GraphicalProperties(pattFill=fill, ln=outline)
    if block.chart == COLUMNS:
        series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False)
