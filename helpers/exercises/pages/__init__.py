"""The exercises of the pages, a module for each page and named as it is, without its number."""
