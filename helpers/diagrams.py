"""Schematic drawings: what an idea looks like before it meets real digits.

Every function returns a `matplotlib.figure.Figure` in the style of `plotting.py`.
"""
