"use strict";

// The theme is the reader's choice on this page, else what the system prefers. Runs before the body
// is shown. `theme` events on the document tell the plots, whose colours no stylesheet reaches.
const systemTheme = matchMedia("(prefers-color-scheme: dark)");
const themeKey = "bench_sweep.theme";

// Storage is refused where the page is opened from a file in some browsers.
function storedTheme() {
  try { return localStorage.getItem(themeKey); } catch { return null; }
}

function storeTheme(theme) {
  try { localStorage.setItem(themeKey, theme); } catch { return; }
}

function currentTheme() { return document.documentElement.dataset.theme; }

// The button is there once the body is.
function markButton() {
  document.getElementById("theme")?.setAttribute("aria-pressed", String(currentTheme() === "dark"));
}

function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  markButton();
  document.dispatchEvent(new Event("theme"));
}

function preferredTheme() {
  return storedTheme() ?? (systemTheme.matches ? "dark" : "light");
}

showTheme(preferredTheme());
systemTheme.addEventListener("change", () => showTheme(preferredTheme()));
document.addEventListener("DOMContentLoaded", () => {
  markButton();
  document.getElementById("theme").addEventListener("click", () => {
    const theme = currentTheme() === "dark" ? "light" : "dark";
    storeTheme(theme);
    showTheme(theme);
  });
});

// Paper is light.
addEventListener("beforeprint", () => showTheme("light"));
addEventListener("afterprint", () => showTheme(preferredTheme()));
