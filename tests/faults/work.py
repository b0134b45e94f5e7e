"""The worker's jobs as a process that a test kills: `python -m tests.faults.work letters|export`."""

import sys
import time
from datetime import UTC, datetime

from app import create_app
from coi.exports import jobs, making
from coi.notices.sweep import sweep

MIDDLE = "the file is written and not yet whole"


def hang(_file: int) -> None:
    """Stands still where a file is written and not yet on offer, until somebody kills the process."""
    sys.stdout.write(f"{MIDDLE}\n")
    sys.stdout.flush()
    time.sleep(600)


def main() -> None:
    """Runs one job of the sweep, as the worker does."""
    with create_app().app_context():
        if sys.argv[1] == "letters":
            while sweep(datetime.now(UTC)):
                pass
        else:
            making.os.fsync = hang
            jobs.run_waiting(datetime.now(UTC))


if __name__ == "__main__":
    main()
