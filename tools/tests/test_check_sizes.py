"""tools/check_sizes: limits of files and of functions, and how functions are found."""

import pathlib
import sys
import unittest

from trees import TOOLS, TreeTest

sys.path.insert(0, str(TOOLS))
from checks import cpp  # noqa: E402


def function(head, lines):
    """A definition of so many lines, head and closing brace included."""
    return f"{head} {{\n" + "  step();\n" * (lines - 2) + "}\n"


class CheckSizes(TreeTest):
    checker = "check_sizes"

    def test_as_a_program_it_prints_its_findings_and_fails(self):
        self.assert_program({"a.cc": "int a;\n"}, {"a.h": "//\n" * 251, "b.cc": "//\n" * 401})

    def test_files_up_to_their_limit_pass(self):
        self.assert_clean({"src/base/a.cc": "//\n" * 400, "src/base/a.h": "//\n" * 250, "tests/a.mjs": "//\n" * 400})

    def test_a_longer_file_is_refused(self):
        for name, limit in {"a.cc": 400, "a.h": 250, "a.mjs": 400, "a.js": 400, "a.py": 400, "a.sh": 400}.items():
            with self.subTest(name):
                self.assert_one({name: "#\n" * (limit + 1)}, f"{name}:{limit + 1}", f"{limit + 1} lines")

    def test_a_script_without_an_ending_is_a_source(self):
        self.assert_one({"tools/x": "#!/bin/sh\n" * 401}, "tools/x:401", "401 lines")
        self.assert_clean({"LICENSE": "text\n" * 401})

    def test_exempt_files_pass(self):
        list_of = "size src/generated/* made by a script\n"
        long = {"src/generated/table.cc": "//\n" * 500}
        self.assert_clean(long | {"tools/checks/exempt.txt": list_of})
        self.assertEqual(len(self.findings(long | {"tools/checks/exempt.txt": "large * other kind\n"})), 1)

    def test_functions_of_sixty_lines_pass(self):
        self.assert_clean({"a.cc": function("int f()", 60)})

    def test_a_longer_function_is_refused(self):
        heads = ["int f()", "static void C::g(int a) const noexcept", "TEST(Thing, does)", "C::C(int a) : a_{a}, b_(2)"]
        heads += ["template <class T> requires std::integral<T>\nauto h(T t) -> int", "bool operator==(A a, A b)"]
        for head in heads:
            with self.subTest(head):
                found = self.findings({"a.cc": "int x = 1;\n\n" + function(head, 61)})
                self.assertEqual(len(found), 1, found)
                self.assertTrue(found[0].startswith("a.cc:3: "), found)

    def test_methods_in_a_class_are_measured(self):
        text = "namespace n {\nclass C final : public B {\n public:\n" + function("  void f() override", 61) + "};\n}\n"
        self.assert_one({"a.h": text}, "a.h:4", "f has 61 lines")

    def test_lambdas_count_where_they_stand(self):
        inner = "  run([&](int a) {\n" + "    step();\n" * 58 + "  });\n"
        self.assert_one({"a.cc": "void f() {\n" + inner + "}\n"}, "a.cc:1", "f has 62 lines")

    def test_rows_of_tables_do_not_count_in_tests(self):
        rows = "      {\"a\", {1, 2}},\n" * 80
        table = "  const Case cases[] = {\n" + rows + "  };\n"
        returned = "std::vector<Case> hostile() {\n  return {\n" + rows + "  };\n}\n"
        test = "TEST(A, b) {\n" + table + "  step();\n}\n" + returned
        self.assert_clean({"a_test.cc": test})
        self.assertEqual(len(self.findings({"a.cc": test})), 2)
        long = function("TEST(A, b)", 61).replace("  step();\n}", table + "}")
        self.assert_one({"a_test.cc": long}, "a_test.cc:1", "TEST(A, b) has 62 lines")

    def test_tables_types_and_namespaces_are_no_functions(self):
        rows = "    {1, f(2)},\n" * 80
        self.assert_clean({"a.cc": "const Row kRows[] = {\n" + rows + "};\nconst Map kMap{\n" + rows + "};\n"})
        self.assert_clean({"a.cc": "enum class Code : int {\n" + "  a,\n" * 80 + "};\n"})
        self.assert_clean({"a.cc": "struct [[nodiscard]] S {\n" + "  int a{1};\n" * 80 + "};\n"})
        self.assert_clean({"a.cc": "namespace {\n" + "int a;\n" * 80 + "}\n"})


class Functions(unittest.TestCase):
    def test_braces_in_literals_and_comments_do_not_count(self):
        text = "int f() {\n  // }\n  char c = '}';\n  s = \"}}\";\n  t = R\"({{{)\";\n  return 1'0;\n}\nint g() {\n}\n"
        found = [(found.first, found.last) for found in cpp.functions(text)]
        self.assertEqual(found, [(1, 7), (8, 9)])

    def test_default_braces_in_parameters_belong_to_the_header(self):
        text = "Task<int> f(A a = {},\n            B b = B{1}) {\n  return 1;\n}\nint g() { return 2; }\n"
        found = [(found.first, found.last) for found in cpp.functions(text)]
        self.assertEqual(found, [(1, 4), (5, 5)])

    def test_every_function_of_our_own_base_is_found(self):
        text = pathlib.Path(TOOLS.parent / "src/base/encoding.cc").read_text()
        names = {found.header.split("(")[0].split()[-1] for found in cpp.functions(text)}
        self.assertLessEqual({"to_hex", "from_base64", "percent_decode", "is_utf8"}, names)


if __name__ == "__main__":
    unittest.main()
