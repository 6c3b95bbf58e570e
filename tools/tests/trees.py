"""Made-up source trees for the tests of the checkers."""

import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader

TOOLS = pathlib.Path(__file__).resolve().parents[1]
sys.dont_write_bytecode = True


def load(checker):
    """A checker of tools/ as a module; the files have no ending."""
    loader = SourceFileLoader(checker, str(TOOLS / checker))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(checker, loader))
    loader.exec_module(module)
    return module


class TreeTest(unittest.TestCase):
    """Runs `checker` (a file in tools/) over a tree made of {path: text or bytes}."""

    checker = ""

    @classmethod
    def setUpClass(cls):
        cls.module = load(cls.checker)

    def findings(self, files):
        """The checker's lines over these files."""
        with tempfile.TemporaryDirectory() as folder:
            write_tree(folder, files)
            return [f"{name}:{line}: {rule}" for name, line, rule in sorted(set(self.module.check(folder)))]

    def assert_clean(self, files):
        self.assertEqual(self.findings(files), [])

    def assert_one(self, files, start, words):
        """Exactly one finding, which starts with `start` (file:line) and says `words`."""
        lines = self.findings(files)
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(start + ": "), lines[0])
        self.assertIn(words, lines[0])

    def assert_program(self, clean, dirty):
        """As a program: silent and 0 over a clean tree; over another its findings, and 1."""
        for files, status in ((clean, 0), (dirty, 1)):
            with tempfile.TemporaryDirectory() as folder:
                write_tree(folder, files)
                command = [sys.executable, str(TOOLS / self.checker), "--root", folder]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (status, ""))
            self.assertEqual(done.stdout.splitlines(), self.findings(files))


def write_tree(folder, files):
    for name, content in files.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
