"""What checks the course. A package: IPython 7 puts another folder called tests on the path."""
