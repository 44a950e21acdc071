"""`make publish REPO=…`: write the course's public address wherever it is needed.

    python -m tools.publish https://github.com/owner/name
    python -m tools.publish none

The address lives in pyproject.toml. From there it is stamped into the setup cell and the badge of
every page, the badges of README.md, colab_setup.sh and CITATION.cff. Outputs and digests of pages
stay as they are. `none` takes the address out again.
"""

import argparse
import json
import re
import sys
import tomllib

from helpers import saving
from tools import digests, pages

ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})")
EXAMPLE = "https://github.com/owner/name"
BADGE = re.compile(
    r"(\[!\[Open in Colab\]\(https://colab\.research\.google\.com/assets/colab-badge\.svg\)\])"
    r"\([^)\s]*\)"
)
PAGE_LINK = re.compile(r"\]\((notebooks/[\w./-]+\.ipynb)\)")
SETTING = re.compile(r'^repository = ".*"$', re.M)
CITATION_LINE = re.compile(r"^(?:# )?repository-code: .*$", re.M)
SHELL_LINE = re.compile(r'^REPOSITORY=".*"$', re.M)


def main(arguments=None):
    """Check the address, stamp it, and say which files changed; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.publish", description=main.__doc__)
    parser.add_argument("address", help=f"such as {EXAMPLE}, or none")
    given = parser.parse_args(arguments).address
    try:
        address = "" if given == "none" else valid(given)
        texts = stamped(pages.ROOT, address)
    except ValueError as error:
        print(error)
        return 2
    changed = [path for path, text in texts.items() if path.read_text(encoding="utf-8") != text]
    for path in changed:
        saving.write(path, texts[path])
        print(f"stamped {path.relative_to(pages.ROOT)}")
    print(f"{len(changed)} files changed; the public address is {address or 'not set'}.")
    return 0


def valid(address):
    """Return a public address without its ending slash or `.git`.

    Raises:
        ValueError: it is not the address of a repository on GitHub; says what is expected.
    """
    bare = address.strip().removesuffix("/").removesuffix(".git")
    found = ADDRESS.fullmatch(bare)
    if not found or found[2] in {".", ".."}:
        raise ValueError(
            f"REPO must be the address of a repository on GitHub, such as {EXAMPLE}, or none to "
            f"take the address out; got {address!r}."
        )
    return bare


def address_of(root):
    """The public address in pyproject.toml; empty while there is none."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["course"]["repository"]


def stamped(root, address):
    """Return what every file that carries the address must hold, by path; write nothing.

    Args:
        root: pathlib.Path, the course's folder.
        address: what `valid` returned, or "".

    Raises:
        ValueError: a file has no place for the address; names it.
    """
    read = {
        root / "pyproject.toml": lambda text: _replace(SETTING, f'repository = "{address}"', text),
        root / "colab_setup.sh": lambda text: _replace(SHELL_LINE, f'REPOSITORY="{address}"', text),
        root / "CITATION.cff": lambda text: _replace(
            CITATION_LINE,
            f"repository-code: {address}" if address else "# repository-code: not public yet",
            text,
        ),
        root / "README.md": lambda text: readme(text, address),
    }
    for path in [*root.glob(pages.CHAPTERS), *root.glob("notebooks/reference/*.ipynb")]:
        name = path.relative_to(root).as_posix()
        read[path] = lambda text, name=name: notebook(text, address, name)
    texts = {}
    for path, stamp in read.items():
        try:
            texts[path] = stamp(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
    return texts


def notebook(text, address, name):
    """The JSON text of a notebook with the address in its setup cell and its badge.

    Args:
        text: str, JSON.
        address: str, may be empty.
        name: str, the notebook's path from the course's folder, with slashes.

    Raises:
        ValueError: no notebook, or not one line REPOSITORY = "…".
    """
    content = json.loads(text)
    up = "../" * name.count("/")
    lines = 0
    for cell in content["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            line = f'REPOSITORY = "{address}"'
            new, found = digests.REPOSITORY_LINE.subn(lambda _, line=line: line, source)
            lines += found
        else:
            target = colab(address, name) if address else f"{up}README.md#in-colab"
            new = BADGE.sub(rf"\1({target})", source)
        if new != source:
            cell["source"] = new.splitlines(keepends=True)
    if lines != 1:
        raise ValueError(f'expected one line REPOSITORY = "…", found {lines}')
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def readme(text, address):
    """The README's text with every badge leading to the page that its line links to.

    Raises:
        ValueError: a badge stands on a line that links to no page.
    """
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if not BADGE.search(line):
            continue
        page = PAGE_LINK.search(line)
        if not page:
            raise ValueError(f"line {number + 1} has a badge and no link to notebooks/….ipynb")
        target = colab(address, page[1]) if address else "#in-colab"
        lines[number] = BADGE.sub(rf"\1({target})", line)
    return "".join(lines)


def colab(address, name):
    """The address at which Colab opens a notebook of a public repository."""
    owner_and_name = address.removeprefix("https://github.com/")
    return f"https://colab.research.google.com/github/{owner_and_name}/blob/main/{name}"


def _replace(pattern, line, text):
    new, found = pattern.subn(lambda _: line, text)
    if found != 1:
        raise ValueError(f"expected one line like {line}, found {found}")
    return new


if __name__ == "__main__":
    sys.exit(pages.command(main))
