"""Which files a checker looks at, and how it reports.

A checkout is asked through git, so that only what is committed or about to be counts; a folder
that is no checkout (a made-up tree of a test, an unpacked archive) is walked.
"""

import argparse
import fnmatch
import os
import pathlib
import subprocess
import sys

SKIPPED_FOLDERS = {".git", "node_modules", "build", "__pycache__"}


def files(root):
    """Paths of the regular files below root, relative to it, in order."""
    root = pathlib.Path(root)
    names = _from_git(root) if (root / ".git").exists() else _from_walk(root)
    return sorted(name for name in names if (root / name).is_file() and not (root / name).is_symlink())


def _from_git(root):
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    text = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout
    return [name for name in text.decode("utf-8", "surrogateescape").split("\0") if name]


def _from_walk(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def read_text(root, name):
    """The text of a file, or None when it is not UTF-8."""
    try:
        return (pathlib.Path(root) / name).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


class Exemptions:
    """Lines `kind glob reason` of tools/checks/exempt.txt: the files a rule does not hold for."""

    def __init__(self, root):
        self.rules = []
        path = pathlib.Path(root) / "tools/checks/exempt.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        for number, line in enumerate(lines, 1):
            words = line.split("#", 1)[0].split(None, 2)
            if not words:
                continue
            if len(words) < 3:
                sys.exit(f"{path}:{number}: an exemption is `kind glob reason`")
            self.rules.append((words[0], words[1]))

    def cover(self, kind, name):
        return any(k == kind and fnmatch.fnmatchcase(name, glob) for k, glob in self.rules)


def run(description, check):
    """The main of a checker: check(root) yields (file, line, rule). Ends with 1 on any finding."""
    here = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path, default=here, help="the tree to look at")
    root = parser.parse_args().root
    findings = sorted(set(check(root)))
    for name, line, rule in findings:
        print(f"{name}:{line}: {rule}")
    if findings:
        sys.exit(1)
