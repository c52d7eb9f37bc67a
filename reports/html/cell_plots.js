"use strict";

// The two plots over the micro-batch. Both show one group of the run and the series whose keys are
// pressed.
const seriesShownAtOnce = 12;

// Sets of one micro-batch stand side by side, within a twentieth of it.
function spread(microBatch, place, count) {
  return count < 2 ? microBatch : microBatch * (1 + 0.05 * (place / (count - 1) - 0.5));
}

function microBatchAxis(values) {
  const ticks = [...new Set(values)].sort((a, b) => a - b);
  return axis("micro-batch", {
    type: "logarithmic",
    min: ticks[0] / 1.12,
    max: ticks[ticks.length - 1] * 1.12,
    ticks: {callback: String, maxRotation: 0},
    afterBuildTicks: (scale) => { scale.ticks = ticks.map((value) => ({value})); },
  });
}

// A group to choose where the run has several, and a key a series.
function addControls(id, usable, redraw) {
  const parent = document.getElementById(id);
  const state = {group: 0, shown: new Set()};
  const groups = plotData.cells.groups;
  const keys = element("span", "", parent, {class: "controls", role: "group", "aria-label": "Series"});
  const showKeys = () => {
    keys.replaceChildren();
    state.shown.clear();
    const series = groups[state.group].series;
    const all = series.filter(usable).length <= seriesShownAtOnce;
    series.forEach((line, place) => {
      if (!usable(line)) return;
      const shown = all || line.headline;
      if (shown) state.shown.add(place);
      const key = element("button", line.label, keys, {type: "button", class: "key", "aria-pressed": String(shown)});
      key.style.setProperty("--key", `var(--series-${place % 8})`);
      key.addEventListener("click", () => {
        if (!state.shown.delete(place)) state.shown.add(place);
        key.setAttribute("aria-pressed", String(state.shown.has(place)));
        redraw();
      });
    });
  };
  if (groups.length > 1) {
    const label = document.createElement("label");
    label.textContent = "Show ";
    const choice = element("select", "", label);
    groups.forEach((group, i) => element("option", group.title, choice, {value: i}));
    choice.addEventListener("change", () => {
      state.group = Number(choice.value);
      showKeys();
      redraw();
    });
    parent.prepend(label);
  }
  state.group = Math.max(0, groups.findIndex((group) => group.series.some(usable)));
  const choice = parent.querySelector("select");
  if (choice) choice.value = String(state.group);
  showKeys();
  return state;
}

function shownSeries(state) {
  return plotData.cells.groups[state.group].series
    .map((line, place) => ({...line, place}))
    .filter((line) => state.shown.has(line.place));
}

function lineStyle(line) {
  return {
    type: "line",
    label: line.label,
    borderColor: seriesColour(line.place),
    borderWidth: 2,
    borderDash: seriesDash(line.place),
    pointStyle: seriesPoint(line.place),
    pointRadius: 4,
    pointHoverRadius: 6,
  };
}

function tooltips(text) {
  return {tooltip: {
    filter: (item) => item.raw.text !== undefined,
    callbacks: {title: () => "", label: (item) => text(item)},
  }};
}

function ratePoint(point, place, count) {
  const interval = point.low === null ? "" : ` (${point.low.toPrecision(4)} to ${point.high.toPrecision(4)})`;
  return {
    x: spread(point.micro_batch, place, count),
    y: point.rate,
    cell: point.cell,
    text: `micro-batch ${point.micro_batch}: ${point.rate.toPrecision(4)} samples/s${interval}`,
  };
}

function rateSettings(state) {
  const lines = shownSeries(state);
  const datasets = [];
  const microBatches = [];
  lines.forEach((line, i) => {
    const passed = line.points.filter((point) => point.rate !== null);
    microBatches.push(...passed.map((point) => point.micro_batch));
    datasets.push({
      ...lineStyle(line),
      backgroundColor: seriesColour(line.place),
      data: passed.map((point) => ratePoint(point, i, lines.length)),
    });
    datasets.push({
      type: "bar",
      label: `${line.label}, interval`,
      backgroundColor: seriesColour(line.place),
      barThickness: 2,
      grouped: false,
      data: passed.filter((point) => point.low !== null).map((point) => ({
        x: spread(point.micro_batch, i, lines.length),
        y: [point.low, point.high],
        cell: point.cell,
      })),
    });
  });
  return {
    type: "line",
    data: {datasets},
    options: {
      onClick: openPoint,
      scales: {x: microBatchAxis(microBatches), y: axis("samples/s", {beginAtZero: true})},
      plugins: tooltips((item) => `${item.dataset.label}, ${item.raw.text}`),
    },
  };
}

// The unit of the memory axis: small runs read better in MiB.
function memoryUnit(lines) {
  const most = Math.max(...lines.flatMap((line) => line.points.map((point) => point.peak ?? 0)));
  return most < 4 * 2 ** 30 ? {name: "MiB", bytes: 2 ** 20} : {name: "GiB", bytes: 2 ** 30};
}

function memoryPoint(point, unit) {
  const state = point.status === "OOM" ? ", out of memory" : "";
  return {
    x: point.micro_batch,
    y: point.peak / unit.bytes,
    cell: point.cell,
    text: `micro-batch ${point.micro_batch}: ${mebibytes(point.peak)} MiB ${point.planned ? "planned" : "measured"}${state}`,
  };
}

function memoryLine(line, unit) {
  const points = line.points.filter((point) => point.peak !== null);
  const ink = seriesColour(line.place);
  return {
    ...lineStyle(line),
    data: points.map((point) => memoryPoint(point, unit)),
    pointBackgroundColor: points.map((point) => (point.planned ? colour("paper") : ink)),
    pointStyle: points.map((point) => (point.status === "OOM" ? "crossRot" : seriesPoint(line.place))),
    pointRadius: points.map((point) => (point.status === "OOM" ? 7 : 4)),
    pointBorderWidth: points.map((point) => (point.status === "OOM" ? 3 : 2)),
  };
}

function endPoints(line, unit) {
  return {
    ...lineStyle(line),
    label: `${line.label}, largest micro-batch that fits`,
    showLine: false,
    backgroundColor: seriesColour(line.place),
    pointStyle: "triangle",
    pointRadius: 6,
    data: line.ends.map((end) => ({
      x: end.micro_batch,
      y: end.peak / unit.bytes,
      text: `${mebibytes(end.limit)} MiB hold micro-batch ${end.micro_batch}, by the plan`,
    })),
  };
}

function limitLine(limit, unit, from, to) {
  return {
    type: "line",
    label: `limit ${limit.text}`,
    borderColor: colour("muted"),
    borderWidth: 1.5,
    borderDash: [6, 4],
    pointRadius: 0,
    pointHitRadius: 6,
    data: [from, to].map((x) => ({x, y: limit.bytes / unit.bytes, text: `memory limit ${limit.text}`})),
  };
}

function memorySettings(state) {
  const lines = shownSeries(state);
  const unit = memoryUnit(lines);
  const datasets = lines.flatMap((line) => [memoryLine(line, unit), endPoints(line, unit)]);
  const values = datasets.flatMap((dataset) => dataset.data.map((point) => point.x));
  const swept = lines.flatMap((line) => line.points.map((point) => point.micro_batch));
  const from = Math.min(...values) / 1.12;
  const to = Math.max(...values) * 1.12;
  const x = {...microBatchAxis(swept), min: from, max: to};
  datasets.push(...plotData.cells.limits.map((limit) => limitLine(limit, unit, from, to)));
  return {
    type: "line",
    data: {datasets},
    options: {
      onClick: openPoint,
      scales: {x, y: axis(`peak memory, ${unit.name}`, {beginAtZero: true})},
      plugins: tooltips((item) => (item.raw.text.startsWith("memory limit") ? item.raw.text : `${item.dataset.label}, ${item.raw.text}`)),
    },
  };
}

function addCellPlot(name, usable, settings) {
  if (!document.getElementById(`${name}-plot`)) return;
  const redraw = () => plots.get(`${name}-plot`).draw();
  const state = addControls(`${name}-controls`, usable, redraw);
  drawPlot(`${name}-plot`, () => settings(state));
}

addCellPlot("rate", (line) => line.points.some((point) => point.rate !== null), rateSettings);
addCellPlot("memory", (line) => line.points.some((point) => point.peak !== null), memorySettings);
