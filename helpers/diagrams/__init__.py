"""The drawings of the pages, a module for each page and named as it is; `parts` is shared."""
