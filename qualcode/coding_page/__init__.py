"""The coding page: the study as plain dictionaries for it, and its JavaScript and CSS as one file."""
