"""Stepping aside: any employee keeps out of a matter at once; the register, the stand-in, the memorandum for the minutes."""
