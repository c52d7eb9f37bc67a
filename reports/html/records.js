"use strict";

const run = JSON.parse(document.getElementById("records-data").textContent);
const sharedKeys = ["cell", "environment", "build", "repro", "checks"];
const categories = ["weights", "gradients", "optimizer_state", "saved_activations", "workspace", "other"];

// A record as records.jsonl has it.
function wholeRecord(record) {
  const whole = {...record};
  delete whole.number;
  for (const key of sharedKeys) whole[key] = run.shared[record[key]];
  return whole;
}

function recordsOf(number) { return run.records.filter((record) => record.number === number); }

function element(name, text, parent, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

function mebibytes(bytes) { return bytes === undefined ? "" : (bytes / 2 ** 20).toFixed(1); }

// `columns`: titles, those of numbers with true beside them. `rows`: texts.
function addTable(parent, columns, rows) {
  const scroll = element("div", "", parent, {class: "scroll", tabindex: "0"});
  const table = element("table", "", scroll);
  const head = table.createTHead().insertRow();
  for (const [title, number] of columns) {
    element("th", title, head, {scope: "col", class: number ? "number" : ""});
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((text, i) => {
      const cell = line.insertCell();
      cell.textContent = text;
      cell.className = columns[i][1] ? "number" : columns[i][0];
    });
  }
}

function addRounds(body, records) {
  element("h3", "Rounds", body);
  addTable(body, [["round", true], ["status"], ["phase"], ["samples, s"], ["peak MiB", true], ["reason"]],
    records.map((record) => [record.round, record.status, record.phase ?? "",
      record.samples.map((seconds) => seconds.toPrecision(4)).join("  "),
      mebibytes(record.memory.measured?.peak_bytes), record.reason]));
}

function addMemory(body, cell, records) {
  const measured = records.map((record) => record.memory.measured).filter(Boolean)
    .reduce((most, one) => (most && most.peak_bytes >= one.peak_bytes ? most : one), undefined);
  if (!cell.planned && !measured) return;
  element("h3", "Peak memory, MiB", body);
  const sides = [["planned", cell.planned], ["measured", measured]].filter((side) => side[1]);
  addTable(body, [["", false], ["in phase"], ["peak", true], ...categories.map((name) => [name.replace("_", " "), true])],
    sides.map(([name, side]) => [name, side.peak_phase, mebibytes(side.peak_bytes),
      ...categories.map((category) => mebibytes(side.at_peak[category]))]));
}

function showCell(number) {
  const cell = run.cells[number];
  const records = recordsOf(number);
  document.getElementById("record-title").textContent = cell.title;
  const body = document.getElementById("record-body");
  body.replaceChildren();
  const rate = cell.rate === null ? "" : `, ${cell.rate.toPrecision(4)} samples/s`;
  element("p", `${cell.status}${rate}${cell.reason ? `: ${cell.reason}` : ""}`, body);
  if (records.length > 0) addRounds(body, records);
  addMemory(body, cell, records);
  if (records.length === 0) return;
  element("h3", "Run it again", body);
  element("pre", run.shared[records[0].repro], body, {tabindex: "0"});
  records.forEach((record) => {
    const details = element("details", "", body);
    element("summary", `Record of round ${record.round}, as in records.jsonl`, details);
    details.addEventListener("toggle", () => {
      if (details.children.length > 1) return;
      element("pre", JSON.stringify(wholeRecord(record), null, 2), details, {tabindex: "0"});
    });
  });
}

// A cell has an address, #cell-3, so that it can be linked to and the browser's back closes it.
function openAddressedCell() {
  const dialog = document.getElementById("record");
  const number = /^#cell-(\d+)$/.exec(location.hash)?.[1];
  if (number === undefined || run.cells[number] === undefined) {
    if (dialog.open) dialog.close();
    return;
  }
  showCell(Number(number));
  if (!dialog.open) dialog.showModal();
}

function openCell(number) { location.hash = `cell-${number}`; }

addEventListener("hashchange", openAddressedCell);
document.getElementById("record").addEventListener("close", () => {
  if (location.hash.startsWith("#cell-")) history.replaceState(null, "", location.pathname + location.search);
});
openAddressedCell();
