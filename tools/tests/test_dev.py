"""The parts of ./dev that install and count, run against made-up commands on the PATH."""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRELUDE = """
set -euo pipefail
KONTOR_ROOT=$PWD
source tools/dev/common.sh
source tools/dev/install.sh
source tools/dev/steps.sh
"""


class Checkout(unittest.TestCase):
    """A folder with the real tools/dev, and fake commands that note their calls in a file."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name)
        (self.root / "tools").mkdir()
        (self.root / "tools/dev").symlink_to(ROOT / "tools/dev")
        (self.root / "bin").mkdir()
        self.calls_file = self.root / "calls"
        self.installed = self.root / "installed"
        self.installed.write_text("")
        self.fake("sudo", 'exec "$@"')
        self.fake("dpkg-query", f'shift; for p in "$@"; do grep -qx "$p" {self.installed} && echo "installed $p"; done')
        self.fake("apt-get", f'for p in "$@"; do echo "$p" >>{self.installed}; done')
        self.fake("node", "echo v22.1.0")
        self.fake("npm", "if [ $1 = --version ]; then echo 11.0.0; fi")

    def fake(self, name, body):
        path = self.root / "bin" / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>{self.calls_file}\n{body}\n')
        path.chmod(0o755)

    def bash(self, text, status=0):
        """Runs the text after the prelude; returns its output. Calls of fakes start anew."""
        self.calls_file.write_text("")
        path = f"{self.root}/bin:{os.environ['PATH']}"
        environment = os.environ | {"PATH": path, "HOME": str(self.root), "KONTOR_CACHE": str(self.root / "cache")}
        command = ["bash", "-c", PRELUDE + text]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def calls(self, name):
        return [line for line in self.calls_file.read_text().splitlines() if line.split()[0] == name]


class Packages(Checkout):
    def test_missing_packages_are_installed_and_no_others(self):
        self.installed.write_text("cmake\nclang-22\n")
        self.bash("need_packages build")
        install = self.calls("apt-get")[-1].split()
        self.assertIn("ninja-build", install)
        self.assertNotIn("cmake", install)
        self.assertNotIn("clang-tidy-19", install)

    def test_nothing_is_asked_of_apt_when_nothing_is_missing(self):
        self.bash("need_packages build test wasm lint bench")
        self.bash("need_packages build test wasm lint bench")
        self.assertEqual(self.calls("apt-get"), [])
        self.assertEqual(self.calls("sudo"), [])

    def test_every_line_of_the_list_has_a_group_a_package_and_a_reason(self):
        for line in (ROOT / "tools/dev/packages.txt").read_text().splitlines():
            if line and not line.startswith("#"):
                self.assertRegex(line, r"^(build|test|wasm|lint|bench) +[a-z0-9.+-]+ +# \w")

    def test_a_failed_install_ends_the_command(self):
        self.fake("apt-get", "exit 100")
        self.bash("need_packages build; echo not here", status=1)


class NpmPackages(Checkout):
    def setUp(self):
        super().setUp()
        self.folder = self.root / "tests/clients"
        self.folder.mkdir(parents=True)
        (self.folder / "package.json").write_text("{}")

    def installs(self):
        self.bash("need_npm tests/clients")
        return [call for call in self.calls("npm") if "install" in call or " ci" in call]

    def test_they_are_installed_once(self):
        self.assertEqual(len(self.installs()), 1)
        self.assertEqual(self.installs(), [])

    def test_they_are_installed_again_when_package_json_changes(self):
        self.installs()
        (self.folder / "package.json").write_text('{"private": true}')
        self.assertEqual(len(self.installs()), 1)
        self.assertEqual(self.installs(), [])

    def test_a_lock_file_is_obeyed(self):
        self.installs()
        (self.folder / "package-lock.json").write_text("{}")
        self.assertRegex(self.installs()[0], "^npm ci")

    def test_a_failed_install_is_tried_again(self):
        self.fake("npm", "if [ $1 = --version ]; then echo 11.0.0; else exit 1; fi")
        self.bash("need_npm tests/clients", status=1)
        self.bash("need_npm tests/clients", status=1)


class Node(Checkout):
    def test_the_machines_own_node_is_taken_when_new_enough(self):
        self.bash("need_node; need_node")
        self.assertEqual(self.calls("npm") + self.calls("apt-get"), [])

    def test_an_old_node_is_left_alone_and_a_newer_one_kept_in_the_cache(self):
        self.fake("node", "echo v18.20.4")
        binaries = "cache/node/node_modules/.bin"
        made = f"for b in node npm; do printf '#!/bin/sh\\necho v22.9.9\\n' >$3/node_modules/.bin/$b; chmod +x $3/node_modules/.bin/$b; done"
        self.fake("npm", f"mkdir -p $3/node_modules/.bin; {made}")
        self.assertEqual(self.bash("need_node; node --version"), "v22.9.9\n")
        self.assertEqual(len(self.calls("npm")), 1)
        self.assertTrue((self.root / binaries / "node").exists())
        self.assertEqual(self.bash("need_node; node --version"), "v22.9.9\n")
        self.assertEqual(self.calls("npm"), [])


class Steps(Checkout):
    RUN = """
start_steps
good() { count_tests 3 0; }
plain() { true; }
bad() { count_tests 2 1; echo why; return 1; }
silent() { false; echo not here; }
absent() { skip_step "nothing there"; }
"""

    def last(self, steps, status):
        lines = self.bash(self.RUN + "".join(f"run_step {s} {s}\n" for s in steps) + "end_steps", status)
        return lines, lines.splitlines()[-1]

    def test_counts_are_summed_and_a_plain_step_is_one_test(self):
        self.assertEqual(self.last(["good", "plain"], 0)[1], "4 passed, 0 failed")

    def test_a_failed_step_fails_the_run_and_the_next_still_runs(self):
        text, last = self.last(["bad", "good"], 1)
        self.assertEqual(last, "5 passed, 1 failed")
        self.assertIn("failed: bad: build/logs/bad.log", text)
        self.assertEqual((self.root / "build/logs/bad.log").read_text(), "why\n")

    def test_a_step_that_ends_early_counts_as_failed_and_says_where(self):
        text, last = self.last(["silent"], 1)
        self.assertEqual(last, "0 passed, 1 failed")
        self.assertIn(": false", text)

    def test_a_skipped_step_counts_for_nothing(self):
        text, last = self.last(["absent", "good"], 0)
        self.assertEqual(last, "3 passed, 0 failed")
        self.assertIn("skipped: nothing there", text)


class Beside(Checkout):
    def run_beside(self, text, status=0):
        (self.root / "other").write_text("#!/usr/bin/env bash\n" + PRELUDE + text)
        (self.root / "other").chmod(0o755)
        return self.bash("start_steps\nstart_beside other ./other\nrun_step one true\njoin_beside other\nend_steps", status)

    def test_its_steps_are_shown_and_counted(self):
        told = self.run_beside("start_steps\nf() { count_tests 5 0; }\nrun_step two f\nend_steps")
        self.assertRegex(told, r"one +1 passed")
        self.assertRegex(told, r"two +5 passed")
        self.assertEqual(told.splitlines()[-1], "6 passed, 0 failed")

    def test_its_failures_fail_the_run(self):
        told = self.run_beside("start_steps\nrun_step two false\nend_steps", status=1)
        self.assertIn("failed: other: build/logs/other.txt", told)
        self.assertEqual(told.splitlines()[-1], "1 passed, 1 failed")

    def test_one_that_dies_is_a_failure(self):
        told = self.run_beside("start_steps\nkill -9 $$", status=1)
        self.assertEqual(told.splitlines()[-1], "1 passed, 1 failed")


if __name__ == "__main__":
    unittest.main()
