"""Supervisors: whether own reports filed, what they are told of, and questions of fact put to them; never an answer of a form."""
