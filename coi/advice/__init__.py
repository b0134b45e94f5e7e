"""Legal advice on a case: read by the solicitor and the officers on it, let into the case file by the solicitor alone."""
