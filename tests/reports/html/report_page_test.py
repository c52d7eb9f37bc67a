"""report.html of a stored run in headless Chromium: the tables are those of the CSV files, the plots
have their marks, sorting, records and both themes work, and nothing complains or leaves the file.

Usage: report_page_test.py BENCH_SWEEP RUN_DIR
"""
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from devtools import Browser

BENCH_SWEEP, STORED_RUN = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])

TABLES = """[...document.querySelectorAll("table[data-file]")].map((table) => ({
  file: table.dataset.file,
  caption: table.caption.textContent,
  columns: [...table.tHead.rows[0].cells].map((cell) => cell.dataset.column ?? ""),
  rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map(fieldOf)),
}))"""

# Of every canvas: its datasets, their marks, and how many different colours it shows.
PLOTS = """[...document.querySelectorAll("canvas")].map((canvas) => {
  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return {
    id: canvas.id,
    datasets: Chart.getChart(canvas).data.datasets.map((dataset) => ({label: dataset.label, type: dataset.type, marks: dataset.data.length})),
    painted: pixels.filter((pixel) => pixel !== 0).length,
    colours: new Set(pixels).size,
  };
})"""

# What the memory plot draws: where its points are, and how many of them say out of memory.
PEAKS = """Chart.getChart("memory-plot").data.datasets.map((dataset) => ({
  label: dataset.label,
  places: dataset.data.map((point) => point.x),
  crosses: [dataset.pointStyle].flat().filter((style) => style === "crossRot").length,
}))"""

# Of the column `name` of the first table with it: what its rows are sorted by, from the top.
COLUMN = """(() => {{
  const heading = document.querySelector('{table} th[data-column="{name}"]');
  return [...heading.closest("table").tBodies[0].rows].map((row) => fieldOf(row.cells[heading.cellIndex]));
}})()"""


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def as_read(record):
    """What the page shows of a stored record: without the line's checksum, and with the plan's error,
    which records of earlier versions, as the stored run's, do not have (docs/run_directory.md)."""
    shown = {key: value for key, value in record.items() if key != "checksum"}
    planned, measured = record["memory"]["planned"], record["memory"]["measured"]
    if planned and measured:
        without_scratch = measured["peak_bytes"] - measured["library_scratch_bytes"]
        error = (without_scratch - planned["peak_bytes"]) / planned["peak_bytes"]
        shown["memory"] = record["memory"] | {"plan_error": {"peak": error, "reserved": None}}
    return shown


def is_whole(table):
    return table["caption"].endswith(f"({table['file']})")


class ReportPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.run_dir = cls.folder / "run"
        cls.run_dir.mkdir()
        for name in ("run.json", "records.jsonl"):
            shutil.copy(STORED_RUN / name, cls.run_dir)
        subprocess.run([BENCH_SWEEP, "report", cls.run_dir], check=True, capture_output=True)
        lines = (cls.run_dir / "records.jsonl").read_text().splitlines()
        cls.records = [json.loads(line) for line in lines]
        cls.browser = cls.enterClassContext(Browser())

    def open(self, **window):
        return self.browser.open(self.run_dir / "report.html", **window)

    def test_nothing_complains_and_nothing_is_loaded_in_either_theme(self):
        for scheme in ("light", "dark"):
            page = self.open(scheme=scheme)
            page.evaluate("document.getElementById('theme').click()")
            page.evaluate("location.hash = 'cell-0'")
            page.wait_until("document.getElementById('record').open")
            self.assertEqual(page.complaints(), [], scheme)

    def test_whole_tables_equal_the_csv_files(self):
        whole = {table["file"]: table for table in self.open().evaluate(TABLES)
                 if is_whole(table)}
        files = sorted(path.name for path in self.run_dir.glob("*.csv"))
        self.assertEqual(sorted(whole), files)
        for name in files:
            columns, rows = read_csv(self.run_dir / name)
            table = whole[name]
            self.assertEqual(table["columns"][:len(columns)], columns, name)
            self.assertEqual([row[:len(columns)] for row in table["rows"]], rows, name)

    def test_rows_of_the_speedup_tables_are_rows_of_the_csv_file(self):
        columns, rows = read_csv(self.run_dir / "speedup.csv")
        shown = [table for table in self.open().evaluate(TABLES)
                 if table["file"] == "speedup.csv" and not is_whole(table)]
        self.assertTrue(shown)
        for table in shown:
            places = [(i, columns.index(name)) for i, name in enumerate(table["columns"])
                      if name in columns]
            self.assertGreaterEqual(len(places), 11)
            self.assertTrue(table["rows"])
            for shown_row in table["rows"]:
                self.assertTrue(any(all(shown_row[i] == row[place] for i, place in places)
                                    for row in rows), shown_row)

    def passed_cells(self):
        """(implementation, flags) and the micro-batches at which every round passed, per group."""
        columns, rows = read_csv(self.run_dir / "memory.csv")
        place = {name: i for i, name in enumerate(columns)}
        axes = columns[:place["implementation"]]
        groups = {}
        for row in rows:
            group = groups.setdefault(tuple(row[:len(axes)]), {})
            series = group.setdefault((row[place["implementation"]], row[place["flags"]]), [])
            if row[place["status"]] == "passed":
                series.append(int(row[place["micro_batch"]]))
        return list(groups.values())

    def test_plots_have_their_marks_in_both_themes(self):
        group = self.passed_cells()[0]
        passed = sorted(len(cells) for cells in group.values() if cells)
        for scheme in ("light", "dark"):
            plots = {plot["id"]: plot for plot in self.open(scheme=scheme).evaluate(PLOTS)}
            self.assertEqual(set(plots), {"rate-plot", "memory-plot", "ladder-plot",
                                          "operator-plot", "drift-plot"})
            for plot in plots.values():
                self.assertGreater(plot["painted"], 2000, plot["id"])
                self.assertGreater(plot["colours"], 20, plot["id"])
            rates = plots["rate-plot"]["datasets"]
            lines = [dataset["marks"] for dataset in rates if dataset["type"] == "line"]
            bars = [dataset["marks"] for dataset in rates if dataset["type"] == "bar"]
            self.assertEqual(sorted(lines), passed)
            self.assertEqual(sorted(bars), passed, "every cell has six rounds, so an interval")
            limits = [dataset for dataset in plots["memory-plot"]["datasets"]
                      if dataset["label"].startswith("limit ")]
            self.assertEqual(len(limits), 1)
            drift = sum(dataset["marks"] for dataset in plots["drift-plot"]["datasets"])
            self.assertEqual(drift, sum(
                len(record["samples"]) for record in self.records
                if record["cell"]["micro_batch"] in
                group[record["cell"]["implementation"], "+".join(record["cell"]["flags"]) or "none"]))
            self.assertTrue(all(dataset["marks"] > 0 for plot in plots.values()
                                for dataset in plot["datasets"] if plot["id"] != "memory-plot"))

    def test_the_memory_plot_has_every_peak_and_says_where_each_series_ends(self):
        columns, rows = read_csv(self.run_dir / "memory.csv")
        points, out_of_memory = {}, {}
        for row in (dict(zip(columns, row)) for row in rows):
            label = row["implementation"]
            if row["flags"] != "none":
                label += f", {row['flags']}"
            if row["planned_peak_bytes"] or row["measured_peak_bytes"]:
                points.setdefault(label, []).append(int(row["micro_batch"]))
                out_of_memory.setdefault(label, []).append(row["status"] == "out_of_memory")
        ends = {}
        for fit in json.loads((self.run_dir / "run.json").read_text())["fits"]:
            label = ", ".join([fit["cell"]["implementation"]] + ["+".join(fit["cell"]["flags"])] *
                              bool(fit["cell"]["flags"]))
            ends[label] = [max([fit["to"], *ends.get(label, [])])]
        self.assertGreater(sum(map(sum, out_of_memory.values())), 0)
        drawn = {dataset["label"]: dataset for dataset in self.open().evaluate(PEAKS)}
        for label, places in points.items():
            self.assertEqual(sorted(drawn[label]["places"]), sorted(places), label)
            self.assertEqual(drawn[label]["crosses"], sum(out_of_memory[label]), label)
            largest = drawn[f"{label}, largest micro-batch that fits"]
            self.assertEqual(largest["places"], ends[label], label)

    def test_a_key_takes_a_series_out_of_the_plot_and_brings_it_back(self):
        page = self.open()
        count = "Chart.getChart('rate-plot').data.datasets.length"
        before = page.evaluate(count)
        click = "document.querySelector('#rate-controls .key').click()"
        pressed = "document.querySelector('#rate-controls .key').getAttribute('aria-pressed')"
        page.evaluate(click)
        self.assertEqual(page.evaluate(count), before - 2)
        self.assertEqual(page.evaluate(pressed), "false")
        page.evaluate(click)
        self.assertEqual(page.evaluate(count), before)

    def test_tables_sort_by_value_and_what_has_none_stands_last(self):
        page = self.open()
        table = "table[data-file=\"memory.csv\"]"
        column = COLUMN.format(table=table, name="measured_peak_bytes")
        heading = f"document.querySelector('{table} th[data-column=measured_peak_bytes]')"
        empty = page.evaluate(column).count("")
        self.assertGreater(empty, 0, "the run has cells that were not measured")
        for order, reverse in (("ascending", False), ("descending", True)):
            page.evaluate(f"{heading}.querySelector('button').click()")
            fields = page.evaluate(column)
            values = [int(field) for field in fields if field]
            self.assertEqual(values, sorted(values, reverse=reverse))
            self.assertEqual(fields[len(values):], [""] * empty)
            self.assertEqual(page.evaluate(f"{heading}.getAttribute('aria-sort')"), order)

    def test_the_theme_is_the_systems_until_it_is_switched(self):
        theme = "document.documentElement.dataset.theme"
        paper = "getComputedStyle(document.body).backgroundColor"
        papers = set()
        for scheme, other in (("light", "dark"), ("dark", "light")):
            page = self.open(scheme=scheme)
            self.assertEqual(page.evaluate(theme), scheme)
            papers.add(page.evaluate(paper))
            before = page.evaluate(PLOTS)
            page.evaluate("document.getElementById('theme').click()")
            self.assertEqual(page.evaluate(theme), other)
            self.assertEqual([plot["datasets"] for plot in page.evaluate(PLOTS)],
                             [plot["datasets"] for plot in before])
            page.evaluate("localStorage.clear()")
        self.assertEqual(len(papers), 2)

    def test_a_record_is_one_link_away_by_keyboard_and_whole(self):
        page = self.open()
        link = "document.querySelector('section#speedup td.record a')"
        self.assertEqual(page.evaluate("document.getElementById('record').open"), False)
        page.evaluate(f"{link}.focus()")
        page.press("Enter", 13)
        page.wait_until("document.getElementById('record').open")
        number = int(page.evaluate(f"{link}.hash").removeprefix("#cell-"))
        shown = page.evaluate(f"recordsOf({number}).map(wholeRecord)")
        stored = [as_read(record) for record in self.of_cell(shown[0]["cell"])]
        self.assertEqual(shown, stored)
        self.assertEqual(page.evaluate("document.querySelectorAll('#record-body tbody')[0].rows.length"),
                         len(stored))
        page.press("Escape", 27)
        page.wait_until("!document.getElementById('record').open && location.hash === ''")
        self.assertTrue(page.evaluate(f"document.activeElement === {link}"), "the focus is back")

    def of_cell(self, cell):
        return [record for record in self.records if record["cell"] == cell]

    def test_every_record_of_the_run_is_in_the_page(self):
        shown = self.open().evaluate("run.records.map(wholeRecord)")
        self.assertEqual(shown, [as_read(record) for record in self.records])

    def test_a_phone_scrolls_tables_and_not_the_page(self):
        page = self.open(width=390, height=844)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 390)

    def test_a_screen_reader_finds_names_for_everything(self):
        page = self.open()
        page.call("Accessibility.enable")
        nodes = page.call("Accessibility.getFullAXTree")["nodes"]
        roles = {}
        for node in nodes:
            role = node.get("role", {}).get("value")
            if not node.get("ignored") and role in ("button", "link", "image", "img", "dialog",
                                                    "region", "table", "combobox"):
                roles.setdefault(role, []).append(node.get("name", {}).get("value", ""))
        self.assertIn("button", roles)
        for role, names in roles.items():
            self.assertNotIn("", [name.strip() for name in names], role)
        levels = page.evaluate("[...document.querySelectorAll('main h1, main h2, main h3')].map((h) => h.tagName)")
        self.assertNotIn("H1", levels)
        self.assertEqual(page.evaluate("document.querySelectorAll('h1').length"), 1)

    def test_it_prints_in_the_light_theme(self):
        page = self.open(scheme="dark")
        page.evaluate("addEventListener('beforeprint', () => { document.title = document.documentElement.dataset.theme; })")
        pdf = page.call("Page.printToPDF", printBackground=True)["data"]
        self.assertGreater(len(pdf), 20000)
        self.assertEqual(page.evaluate("document.title"), "light")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")
        self.assertEqual(page.complaints(), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
