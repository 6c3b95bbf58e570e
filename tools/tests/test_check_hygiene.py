"""tools/check_hygiene: what does not belong in the tree."""

import unittest

from trees import TreeTest


# What every tree must have, so that a test finds only what it put there.
NEEDED = {name: "text\n" for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE")}


class CheckHygiene(TreeTest):
    checker = "check_hygiene"

    def findings(self, files):
        return super().findings(NEEDED | files)

    def test_the_files_a_stranger_looks_for_must_be_there(self):
        files = {name: text for name, text in NEEDED.items() if name != "README.md"}
        self.assertEqual(super().findings(files), ["README.md:1: a stranger looks for this file and does not find it"])

    def test_as_a_program_it_prints_its_findings_and_fails(self):
        self.assert_program(NEEDED, NEEDED | {"a.cc": "int a; \n", "b.orig": "x\n"})

    def test_a_clean_tree_passes(self):
        self.assert_clean({"src/base/a.cc": "int a;\n", "docs/a.md": "# A\n", "x.bin": b"\0\xff\t \n", "empty.txt": ""})

    def test_layout(self):
        self.assert_one({"a.cc": "int a;\n\tint b;\n"}, "a.cc:2", "tab")
        self.assert_one({"a.md": "one\ntwo \n"}, "a.md:2", "trailing")
        self.assert_one({"a.md": "one\r\n"}, "a.md:1", "trailing")
        self.assert_one({"a.sh": "one"}, "a.sh:1", "no end")

    def test_leftovers(self):
        for name in ("a.cc~", "src/.a.swp", "a.orig", "core", "x/npm-debug.log", "a.pyc", "lib.o", ".DS_Store"):
            with self.subTest(name):
                self.assert_one({name: "x\n"}, f"{name}:1", "leftover")

    def test_large_files(self):
        large = {"a.bin": b"\0" * ((1 << 20) + 1)}
        self.assert_one(large, "a.bin:1", "exempt.txt")
        self.assert_clean(large | {"tools/checks/exempt.txt": "large a.bin a corpus\n"})

    def test_exempt_layout_is_left_alone_but_still_read(self):
        exempt = {"tools/checks/exempt.txt": "layout golden/* bytes\n"}
        self.assert_clean(exempt | {"golden/a.txt": "one\t \n"})
        self.assert_one(exempt | {"golden/a.txt": "\t/home/" + "ann/x\n"}, "golden/a.txt:1", "home")

    def test_home_paths(self):
        for text in ("/home/" + "ann/src/a.cc", "see /Users/" + "ann/x", "/root/" + ".npmrc"):
            with self.subTest(text):
                self.assert_one({"a.md": text + "\n"}, "a.md:1", "home")
        self.assert_clean({"a.md": "$HOME/.cache, ~/x, https://host/home/" + "page/x, /home/x\n"})

    def test_open_ends_in_src(self):
        for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX"):
            with self.subTest(word):
                self.assert_one({"src/base/a.cc": f"// {word}: later\n"}, "src/base/a.cc:1", "finish it")
                self.assert_clean({"docs/a.md": f"{word}\n"})

    def test_conflict_markers(self):
        self.assert_one({"a.txt": "a\n" + "<" * 7 + " ours\nb\n"}, "a.txt:2", "conflict")


if __name__ == "__main__":
    unittest.main()
