"""What changes a study, by noun: the methods of Project."""
