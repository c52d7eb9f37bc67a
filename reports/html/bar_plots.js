"use strict";

// Horizontal bars: what each flag set costs and brings, and what a step spends its time on.

// A row of bars needs the same height however many there are; narrow screens get shorter labels.
function barOptions(id, rows, options) {
  const canvas = document.getElementById(id);
  canvas.parentElement.style.height = `${6 + 2.6 * rows}rem`;
  const characters = Math.max(16, Math.floor(canvas.parentElement.clientWidth / 18));
  const y = axis("", {title: {display: false}, offset: true, grid: {display: false}, ...options.y});
  return {
    indexAxis: "y",
    ...options,
    scales: {x: options.x, y: {...y, ticks: {...y.ticks, callback(value) { return wrapped(this.getLabelForValue(value), characters); }}}},
    plugins: {legend: {display: true, position: "top", align: "start", labels: {color: colour("ink"), boxWidth: 12}}, ...options.plugins},
  };
}

// Lines of at most `width` characters, broken after commas and plus signs where possible.
function wrapped(label, width) {
  const lines = [""];
  for (const part of label.split(/(?<=[,+])/)) {
    const last = lines.length - 1;
    if (lines[last] !== "" && (lines[last] + part).length > width) lines.push(part.trim());
    else lines[last] += part;
  }
  return lines;
}

drawPlot("ladder-plot", () => {
  const rungs = plotData.ladder;
  const bar = (label, key, place) => ({label, backgroundColor: seriesColour(place), data: rungs.map((rung) => rung[key])});
  return {
    type: "bar",
    data: {
      labels: rungs.map((rung) => rung.label),
      datasets: [bar("time cost of a step, %", "time_cost_percent", 1), bar("net samples/s, %", "net_percent", 2)],
    },
    options: barOptions("ladder-plot", rungs.length, {
      x: axis("%"),
      plugins: {tooltip: {callbacks: {
        label: (item) => `${item.dataset.label}: ${item.parsed.x.toFixed(1)}`,
        afterBody: (items) => {
          const freed = rungs[items[0].dataIndex].freed_bytes;
          return freed === null ? "" : `frees ${mebibytes(freed)} MiB of the peak`;
        },
      }}},
    }),
  };
});

drawPlot("operator-plot", () => {
  const {operators, bars} = plotData.operators;
  return {
    type: "bar",
    data: {
      labels: bars.map((bar) => bar.label),
      datasets: operators.map((name, place) => ({
        label: name,
        backgroundColor: seriesColour(place),
        data: bars.map((bar) => 1e3 * bar.seconds[place]),
      })),
    },
    options: barOptions("operator-plot", bars.length, {
      x: axis("ms", {stacked: true}),
      y: {stacked: true},
      plugins: {tooltip: {callbacks: {label: (item) => `${item.dataset.label}: ${item.parsed.x.toFixed(2)} ms`}}},
    }),
  };
});
