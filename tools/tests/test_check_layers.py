"""tools/check_layers: what it lets pass, and every kind of violation it must find."""

import unittest

from trees import TreeTest

CLEAN = {
    "src/base/error.h": "#pragma once\n#include <string>\n",
    "src/domain/name.cc": '#include "domain/name.h"\n\n#include "base/error.h"\n',
    "src/archive/tar.cc": '#include "archive/tar.h"\n#include "domain/limits.h"\n#include <zlib.h>\n',
    "src/tlog/tree.cc": '#include "base/digest.h"\n#include "tlog/tree.h"\n',
    "src/http/message.cc": '#include "domain/ids.h"\n#include "http/message.h"\n',
    "src/ports/store.h": '#include "domain/ids.h"\n#include "tlog/tree.h"\n#include "ports/clock.h"\n',
    "src/registry/publish.cc": '#include "archive/tar.h"\n#include "http/message.h"\n#include "ports/store.h"\n',
    "src/formats/npm/routes.cc": '#include "formats/npm/names.h"\n#include "registry/publish.h"\n',
    "src/adapters/sqlite/store.cc": '#include "adapters/sqlite/db.h"\n#include "ports/store.h"\n'
    "#include <sqlite3.h>\n#include <mutex>\nvoid f() { throw 1; }\n",
    "src/apps/server/main.cc": '#include "adapters/sqlite/store.h"\n#include "apps/server/config.h"\n'
    '#include "formats/npm/routes.h"\n#include <iostream>\n',
    "src/registry/publish_test.cc": '#include "registry/publish.h"\n#include "adapters/memory/store.h"\n'
    '#include "tests/support/builders.h"\n#include <fstream>\n',
    "src/CMakeLists.txt": "add_subdirectory(base)\n",
}

# Layer -> an include its table does not hold.
FORBIDDEN = {
    "src/base/a.cc": "domain/ids.h",
    "src/domain/a.cc": "http/message.h",
    "src/archive/a.cc": "http/message.h",
    "src/tlog/a.cc": "domain/ids.h",
    "src/http/a.cc": "ports/clock.h",
    "src/ports/a.h": "registry/publish.h",
    "src/registry/a.cc": "adapters/memory/store.h",
    "src/formats/npm/a.cc": "adapters/memory/store.h",
    "src/adapters/sqlite/a.cc": "registry/publish.h",
}

HEADERS = ["thread", "mutex", "shared_mutex", "condition_variable", "iostream", "fstream", "sstream"]
HEADERS += ["filesystem", "random", "regex", "format", "sys/stat.h", "unistd.h", "boost/asio.hpp"]
HEADERS += ["openssl/ssl.h", "sqlite3.h", "spdlog/spdlog.h"]

WORDS = {
    "throw 1;": "does not throw",
    "try { f(); }": "does not catch",
    'auto* x = std::getenv("A");': "environment",
    'auto* x = getenv("A");': "environment",
    "std::random_device d;": "randomness",
    "auto t = std::chrono::system_clock::now();": "clock",
    "auto t = std::chrono::steady_clock::now();": "clock",
}


class CheckLayers(TreeTest):
    checker = "check_layers"

    def test_as_a_program_it_prints_its_findings_and_fails(self):
        self.assert_program(CLEAN, {"src/base/a.cc": "#include <mutex>\nvoid f() { throw 1; }\n"})

    def test_a_clean_tree_passes(self):
        self.assert_clean(CLEAN)

    def test_each_layer_keeps_to_its_includes(self):
        for name, target in FORBIDDEN.items():
            with self.subTest(name):
                self.assert_one(CLEAN | {name: f'#pragma once\n#include "{target}"\n'}, f"{name}:2", "may not include")

    def test_the_shared_core_includes_no_format(self):
        for layer in ("registry", "ports", "domain"):
            with self.subTest(layer):
                name = f"src/{layer}/a.cc"
                found = self.findings({name: '#include "formats/npm/names.h"\n'})
                self.assertEqual(found, [f"{name}:1: {layer} may not include formats/npm"])

    def test_members_of_a_layer_do_not_know_each_other(self):
        for name, target in {
            "src/formats/npm/a.cc": "formats/ori/names.h",
            "src/adapters/sqlite/a.cc": "adapters/filesystem/blobs.h",
            "src/apps/server/a.cc": "apps/cli/main.h",
            "src/apps/edge/a.cc": "apps/cli/main.h",
        }.items():
            with self.subTest(name):
                self.assert_one({name: f'#include "{target}"\n'}, f"{name}:1", "do not know each other")

    def test_the_worker_knows_the_configuration_of_the_server(self):
        self.assertEqual(self.findings({"src/apps/edge/a.cc": '#include "apps/server/config.h"\n'}), [])

    def test_the_command_line_knows_the_server(self):
        self.assertEqual(self.findings({"src/apps/cli/a.cc": '#include "apps/server/config.h"\n'}), [])

    def test_every_source_lies_in_a_layer(self):
        for name in ("src/apps/main.cc", "src/main.cc", "src/util/strings.h", "src/adapters/common.h"):
            with self.subTest(name):
                self.assert_one({name: "#include <string>\n"}, f"{name}:1", "lies in no layer")

    def test_our_includes_are_written_from_src(self):
        self.assert_one({"src/base/a.cc": '#include "a.h"\n'}, "src/base/a.cc:1", "from src/")

    def test_the_core_includes_no_header_that_does_io(self):
        for header in HEADERS:
            for folder in ("base", "registry", "formats/npm"):
                with self.subTest(header=header, folder=folder):
                    name = f"src/{folder}/a.h"
                    self.assert_one({name: f"#pragma once\n\n#  include <{header}>\n"}, f"{name}:3", f"<{header}>")

    def test_the_core_uses_no_word_that_does_io(self):
        for code, rule in WORDS.items():
            with self.subTest(code):
                self.assert_one({"src/http/a.cc": f"void f() {{\n  {code}\n}}\n"}, "src/http/a.cc:2", rule)

    def test_comments_and_literals_are_no_code(self):
        text = (
            '// throw, try { and "getenv" are only named here.\n/* #include <mutex>\n throw */\n'
            "const char* a = \"throw \\\" try {\";\nconst char* b = R\"x(throw \" )\" throw)x\";\n"
            "const char c = '\"'; int d = 1'000'000; // throw\n"
        )
        self.assert_clean({"src/base/a.cc": text})

    def test_code_after_a_literal_is_code(self):
        text = "const char a = '\"';\nint b = 1'000;\nvoid f() { throw 1; }\n"
        self.assert_one({"src/base/a.cc": text}, "src/base/a.cc:3", "does not throw")

    def test_a_test_in_the_core_reads_no_clock_and_does_not_sleep(self):
        for code in ("std::chrono::steady_clock::now();", "std::this_thread::sleep_for(d);"):
            with self.subTest(code):
                self.assert_one({"src/base/a_test.cc": code + "\n"}, "src/base/a_test.cc:1", "")

    def test_only_tests_include_test_support_and_the_memory_adapter(self):
        for target in ("tests/support/builders.h", "adapters/memory/store.h"):
            with self.subTest(target):
                self.assert_one({"src/http/a.cc": f'#include "{target}"\n'}, "src/http/a.cc:1", "")

    def test_the_shared_core_does_not_speak_of_a_format(self):
        self.assert_one({"src/registry/a.cc": "int packument_size;\n"}, "src/registry/a.cc:1", "packument")
        self.assert_one({"src/registry/a.h": "FormatId f = FormatId::npm;\n"}, "src/registry/a.h:1", "npm")
        self.assert_one({"src/ports/a.h": "bool f = x == FormatId::npm;\n"}, "src/ports/a.h:1", "npm")
        self.assert_clean({"src/ports/a.h": "FormatId f = FormatId::npm;\n"})
        self.assert_clean({"src/registry/a.cc": "// What npm calls a packument.\n"})


if __name__ == "__main__":
    unittest.main()
