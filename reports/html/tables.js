"use strict";

// What a cell of a table is sorted by: the field of the CSV file where it is not what is shown.
function fieldOf(cell) { return cell.dataset.value ?? cell.textContent; }

// Numbers by value, texts by the reader's alphabet; what has no value stands last either way.
function compareFields(a, b, numeric, sign) {
  if (a === "" || b === "") return (a === "") - (b === "");
  return sign * (numeric ? Number(a) - Number(b) : a.localeCompare(b));
}

function sortTable(table, heading) {
  const ascending = heading.getAttribute("aria-sort") !== "ascending";
  for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const column = heading.cellIndex;
  const numeric = heading.classList.contains("number");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => [fieldOf(row.cells[column]), row]);
  rows.sort((a, b) => compareFields(a[0], b[0], numeric, ascending ? 1 : -1));
  body.append(...rows.map((entry) => entry[1]));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.sort");
  if (button) sortTable(button.closest("table"), button.closest("th"));
});
