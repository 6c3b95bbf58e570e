"""Made-up source trees for the tests of the checkers."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[1]


class TreeTest(unittest.TestCase):
    """Runs `checker` (a file in tools/) over a tree made of {path: text or bytes}."""

    checker = ""

    def findings(self, files):
        """The checker's lines over these files; asserts that its status agrees with them."""
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
            command = [sys.executable, str(TOOLS / self.checker), "--root", folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        lines = done.stdout.splitlines()
        self.assertEqual(done.returncode, 1 if lines else 0)
        return lines

    def assert_clean(self, files):
        self.assertEqual(self.findings(files), [])

    def assert_one(self, files, start, words):
        """Exactly one finding, which starts with `start` (file:line) and says `words`."""
        lines = self.findings(files)
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(start + ": "), lines[0])
        self.assertIn(words, lines[0])
