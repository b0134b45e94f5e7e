"""The Columns sheet: the data dictionary of this workbook, and the code behind every word that it shows."""

from collections.abc import Iterable, Iterator

from coi.exports.registers.asof import Moment
from coi.exports.registers.columns import CODES, PROOF_HEADING, PROOF_MEANS, SHEETS, WITHOUT_PROOF, code_of
from coi.exports.registers.rows import Answered, Row
from coi.vocabulary import Word

PLAIN = (
    ("population", "active"),
    ("population", "obliged"),
    ("outcomes", "nil"),
    ("outcomes", "escalated"),
    ("decisions", "undone"),
)


def dictionary(at: Moment, sheets: Iterable[str]) -> Iterator[Row]:
    """One row per column, followed by one per code that its words stand for."""
    words: dict[tuple[str, str], tuple[type[Word], ...]] = {**CODES, **dict.fromkeys(PLAIN, (Answered,))}
    for sheet in sheets:
        for spec in SHEETS[sheet]:
            heading = spec.heading(at.language)
            yield (sheet, heading, spec.type, str(spec.means), str(spec.masked), None, None)
            for word in (word for kind in words.get((sheet, spec.key), ()) for word in kind):
                yield (sheet, heading, None, None, None, code_of(word), str(word.label))
        if sheet not in WITHOUT_PROOF:
            yield (sheet, PROOF_HEADING[at.language == "es"], "text", str(PROOF_MEANS), None, None, None)
