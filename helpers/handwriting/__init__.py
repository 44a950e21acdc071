"""Handwriting: the reader of pictures, the pad, drawn digits, composed photographs, shapes."""
