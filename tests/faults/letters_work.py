"""The worker's letters at one moment of the city as a process that a test kills: `python -m tests.faults.letters_work MOMENT`."""

import sys
from datetime import datetime

from app import create_app
from coi.campaigns.reminders import write_due
from coi.notices.sweep import sweep


def main() -> None:
    """Writes and sends what is due at that moment, until nothing is left to do."""
    moment = datetime.fromisoformat(sys.argv[1])
    with create_app().app_context():
        while write_due(moment) + sweep(moment, paced=False):
            pass


if __name__ == "__main__":
    main()
