"""Styles, scripts and words: built at set-up, served from our own address."""
