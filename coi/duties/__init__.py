"""Duties kept apart: absence and standing in, handing over, what is opened to auditors, too few officers."""
