"""Cells that use what is not installed say so and are passed over: the page goes on after them."""

import ast

from IPython.core.interactiveshell import InteractiveShell

from helpers import checks


def pass_over(name, needed):
    """From the next cell on, pass over each cell that uses a name, or what such a cell would make.

    Args:
        name: str, the name that is missing, such as "tf".
        needed: str, what the cell would need, as its message says it.

    Raises:
        ValueError: an argument that is no text.
    """
    name, needed = checks.text(name, "name"), checks.text(needed, "needed")
    InteractiveShell.instance().ast_transformers.append(_PassOver(name, needed))


class _PassOver(ast.NodeTransformer):
    """Puts a message in the place of a cell."""

    def __init__(self, name, needed):
        self.missing = {name}
        self.said = f"Passed over: this cell needs {needed}."

    def visit(self, cell):
        nodes = [*ast.walk(cell)]
        used = [node for node in nodes if isinstance(node, ast.Name)]
        loaded = {node.id for node in used if isinstance(node.ctx, ast.Load)}
        imports = [node.names for node in nodes if isinstance(node, ast.Import)]
        loaded |= {alias.asname for names in imports for alias in names}
        if not loaded & self.missing:
            return cell
        defined = [n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
        self.missing |= {node.id for node in used if isinstance(node.ctx, ast.Store)} | {*defined}
        return ast.parse(f"print({self.said!r})")
