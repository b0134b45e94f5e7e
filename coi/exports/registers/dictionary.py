"""The Columns sheet: the data dictionary of this workbook, and the code behind every word that it shows."""

from collections.abc import Iterable, Iterator

from coi.exports.registers.asof import Moment
from coi.exports.registers.columns import PROOF_HEADING, PROOF_MEANS, WITHOUT_PROOF, code_of
from coi.exports.registers.masking import columns_of, how, words_of
from coi.exports.registers.rows import Answered, Row
from coi.vocabulary import Word

PLAIN = (
    ("population", "active"),
    ("population", "obliged"),
    ("outcomes", "nil"),
    ("outcomes", "escalated"),
    ("decisions", "undone"),
)


def dictionary(at: Moment, sheets: Iterable[str], kind: str = "standard") -> Iterator[Row]:
    """One row per column that this kind of workbook shows, followed by one per code that its words stand for."""
    for sheet in sheets:
        for spec in columns_of(kind, sheet):
            heading = spec.heading(at.language)
            yield (sheet, heading, spec.type, str(spec.means), str(how(kind, sheet, spec.key).words), None, None)
            words: Iterable[Word] = Answered if (sheet, spec.key) in PLAIN else words_of(kind, sheet, spec.key)
            for word in words:
                yield (sheet, heading, None, None, None, code_of(word), str(word.label))
        if sheet not in WITHOUT_PROOF:
            yield (sheet, PROOF_HEADING[at.language == "es"], "text", str(PROOF_MEANS), None, None, None)
