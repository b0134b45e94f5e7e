"""The words of letters to auditors: the City's key and its fingerprint, another key, and a checkpoint to save."""

from flask_babel import lazy_gettext as _l

from coi.notices.kinds import AUDITS, Words

KEEP = _l("Keep this letter. Do not take the key from a workbook instead: a forger would print another one there.")
WITH_CHECKPOINT = _l(
    "The checkpoint made with it signs %(size)s entries; the last is %(head)s. It stands whole on the sheet About."
)
SIGNS = _l("The City's public key:\n%(key)s\n\nIts SHA-256 fingerprint:\n%(fingerprint)s\n\nThis installation:\n%(origin)s")

AUDIT_WORDS: dict[str, Words] = {
    "auditor_key": Words(
        _l("For you as auditor: the key that proves the City's workbooks"),
        (
            _l("You now are an auditor in this system. The City signs its workbooks and checkpoints with one key."),
            SIGNS,
            _l("You type the key or its fingerprint where a workbook is checked: verify.py and verify.html ask for it."),
            KEEP,
        ),
        AUDITS,
    ),
    "auditor_key_changed": Words(
        _l("The City signs with another key from now on"),
        (
            _l("The City changed the key that it signs workbooks and checkpoints with. The old key signed the new one."),
            SIGNS,
            _l("The fingerprint of the old key:\n%(old)s"),
            _l(
                "What the old key signed stays true: keep it, and the letter with the old key. "
                "A workbook is checked with the key that signed it."
            ),
            KEEP,
        ),
        AUDITS,
    ),
    "checkpoint": Words(
        _l("A checkpoint of the audit log: please keep it"),
        (
            _l("On %(day)s the audit log had %(size)s entries. The City signed how it ended:"),
            "%(checkpoint)s",
            _l(
                "To save it, copy the lines from { to }, both lines included, into an empty text file "
                "and name it checkpoint-%(size)s.json."
            ),
            _l(
                "Keep it outside the City's machines. If the log is ever written anew or shortened, "
                "verify.py, verify.html and the City's own check find it with this file."
            ),
        ),
        AUDITS,
    ),
}
