"""Coding in a notebook: `qc.coding_widget`, and `qc.coded_html` for a coded interview as one file to read."""
