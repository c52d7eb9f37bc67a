"use strict";

// Every timed step over the median of its cell, in the order of measurement.
function driftPoints() {
  const points = new Map();
  run.records.forEach((record, order) => {
    const rate = run.cells[record.number].rate;
    if (rate === null) return;
    const implementation = run.shared[record.cell].implementation;
    if (!points.has(implementation)) points.set(implementation, []);
    record.samples.forEach((seconds, i) => points.get(implementation).push({
      x: order + i / record.samples.length,
      y: (seconds / record.sequences_per_sample) * rate,
      cell: record.number,
      round: record.round,
    }));
  });
  return points;
}

const drift = driftPoints();

drawPlot("drift-plot", () => ({
  type: "scatter",
  data: {datasets: [...drift].map(([implementation, data], place) => ({
    label: implementation,
    data,
    borderWidth: 0,
    backgroundColor: seriesColour(place),
    pointRadius: 2.5,
    pointHoverRadius: 5,
  }))},
  options: {
    onClick: openPoint,
    parsing: false,
    scales: {
      x: axis("rounds, in the order of measurement", {type: "linear", min: 0, max: run.records.length, ticks: {precision: 0}}),
      y: axis("step time over its cell's median", {type: "linear"}),
    },
    plugins: {
      legend: {display: true, position: "top", align: "start", labels: {color: colour("ink"), usePointStyle: true}},
      tooltip: {callbacks: {label: (item) => `${run.cells[item.raw.cell].title}, round ${item.raw.round}: ${item.raw.y.toFixed(3)} of the median`}},
    },
  },
}));
