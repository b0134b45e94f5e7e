"""Appeals: the filer asks somebody who did not decide to look at a decision again, once and within the profile's days."""
