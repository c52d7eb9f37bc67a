"use strict";

// What the plots have in common: colours from the stylesheet, fonts, and drawing again when the
// theme changes. Chart.js draws everything.
const plotData = JSON.parse(document.getElementById("plots-data").textContent);
const plots = new Map();

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function seriesColour(place) { return colour(`series-${place % 8}`); }

// Not those of memory plots: triangles where a series ends, crossRot where it is out of memory.
const pointStyles = ["circle", "rect", "rectRot", "star", "rectRounded"];

// Dashes and points tell apart what shares a colour.
function seriesDash(place) { return [[], [6, 3], [2, 2]][Math.floor(place / 8) % 3]; }
function seriesPoint(place) { return pointStyles[Math.floor(place / 8) % pointStyles.length]; }

function axis(title, options = {}) {
  return {
    title: {display: true, text: title, color: colour("muted")},
    offset: false,
    grid: {color: colour("rule"), borderColor: colour("muted"), offset: false},
    ...options,
    ticks: {color: colour("muted"), ...options.ticks},
  };
}

// A point that belongs to a cell opens its record.
function openPoint(event, elements, chart) {
  if (elements.length === 0) return;
  const {datasetIndex, index} = elements[0];
  const number = chart.data.datasets[datasetIndex].data[index].cell;
  if (number !== undefined) openCell(number);
}

// `settings()` is asked for type, data and options whenever the colours may have changed.
function drawPlot(id, settings) {
  const canvas = document.getElementById(id);
  if (!canvas) return;
  const draw = () => {
    plots.get(id)?.chart.destroy();
    const {type, data, options} = settings();
    const chart = new Chart(canvas, {
      type,
      data,
      options: {
        animation: false,
        maintainAspectRatio: false,
        ...options,
        plugins: {legend: {display: false, labels: {color: colour("ink")}}, ...options.plugins},
      },
    });
    plots.set(id, {chart, draw});
  };
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  draw();
}

document.addEventListener("theme", () => {
  for (const {draw} of plots.values()) draw();
});
addEventListener("beforeprint", () => {
  for (const {chart} of plots.values()) chart.resize();
});
addEventListener("afterprint", () => {
  for (const {chart} of plots.values()) chart.resize();
});
