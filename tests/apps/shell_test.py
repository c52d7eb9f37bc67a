"""What shells and man(1) make of what bench_sweep prints for them.

Usage: shell_test.py BENCH_SWEEP
"""
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
COMMANDS = ["run", "list", "plan", "report", "merge", "cell", "doctor", "completion", "gate",
            "selftest", "compare", "tune"]


def output(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


def run_text(command, text, **options):
    return subprocess.run(command, input=text, capture_output=True, text=True, **options)


class Bash(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for name in ("a.json", "b c.json", "notes.txt"):
            open(os.path.join(self.folder.name, name), "w").close()
        os.mkdir(os.path.join(self.folder.name, "runs"))

    def complete(self, *words):
        """What is offered for the last of the words."""
        script = output("completion", "bash") + """
COMP_WORDS=(bench_sweep "$@")
COMP_CWORD=$#
_bench_sweep
printf '%s\\n' "${COMPREPLY[@]}"
"""
        result = run_text(["bash", "-c", script, "bash", *words], "", cwd=self.folder.name)
        self.assertEqual(result.stderr, "")
        return result.stdout.split("\n")[:-1]

    def test_first_word_is_a_command_or_a_sweep(self):
        offered = self.complete("")
        for word in [*COMMANDS, "a.json", "b c.json", "runs", "--man"]:
            self.assertIn(word, offered)
        self.assertNotIn("notes.txt", offered)
        self.assertEqual(self.complete("re"), ["report"])

    def test_options_are_those_of_the_command(self):
        self.assertIn("--dry-run", self.complete("run", "a.json", "--"))
        self.assertIn("--dry-run", self.complete("a.json", "--"))
        self.assertNotIn("--dry-run", self.complete("list", "a.json", "--"))
        self.assertEqual(self.complete("doctor", "--dev"), ["--device"])
        self.assertEqual(self.complete("tune", "a.json", "--bu"), ["--budget"])

    def test_values_are_what_an_option_takes(self):
        self.assertEqual(self.complete("doctor", "--device", ""), ["cpu", "cuda"])
        self.assertEqual(self.complete("doctor", "--device", "cu"), ["cuda"])
        self.assertEqual(self.complete("run", "a.json", "--out", "n"), ["notes.txt"])
        self.assertEqual(self.complete("completion", ""), ["bash", "zsh"])

    def test_arguments_are_sweeps_or_other_files(self):
        self.assertEqual(sorted(self.complete("plan", "")), ["a.json", "b c.json", "runs"])
        self.assertEqual(self.complete("report", "ru"), ["runs"])


class Zsh(unittest.TestCase):
    def test_script_is_sound(self):
        result = run_text(["zsh", "-f", "-n"], output("completion", "zsh"))
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def complete(self, *words):
        """What zsh's own functions are asked to offer for the last of the words."""
        script = "\n".join([
            "_describe() { print -r -l -- ${(P)2} }", "_files() { print -r -- files }",
            "_arguments() { print -r -l -- \"$@\" }",
            "words=(bench_sweep \"$@\")", "CURRENT=$#words", "set --",
            output("completion", "zsh")])
        result = run_text(["zsh", "-f", "-c", script, "zsh", *words], "")
        self.assertEqual(result.stderr, "")
        return result.stdout.split("\n")

    def test_first_word_is_a_command_or_a_file(self):
        offered = self.complete("")
        self.assertIn("list:show the cells of a sweep", offered)
        self.assertIn("files", offered)

    def test_options_are_those_of_the_command(self):
        self.assertIn("--device:value:(cpu cuda)", self.complete("doctor", "--"))
        self.assertIn("--dry-run", self.complete("a.json", "--"))
        self.assertNotIn("--dry-run", self.complete("list", "a.json", "--"))
        self.assertIn("*:SPEC:_files -g \"*.json\"", self.complete("list", ""))


class ManPage(unittest.TestCase):
    def test_groff_has_nothing_to_say_against_it(self):
        result = run_text(["groff", "-man", "-ww", "-z", "-Tascii"], output("--man"))
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_holds_every_command_s_page(self):
        shown = run_text(["groff", "-man", "-Tascii", "-P-c", "-P-b", "-P-u"],
                         output("--man")).stdout
        for command in COMMANDS:
            self.assertIn("BENCH_SWEEP " + command.upper(), shown)
        self.assertIn("--dry-run", shown)
        self.assertIn("bench_sweep sweeps/quickstart.json --filter 'micro_batch<=12'", shown)


unittest.main()
