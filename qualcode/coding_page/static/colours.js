/**
 * Colours of codes that can be seen on the ground they stand on. Authors choose colours for paper; a pale yellow
 * stripe on white, or navy on black, would be lost. Pure, but for names of colours, which the browser knows.
 */

/** "#b03060" or "#b36" -> [r, g, b] from 0 to 255; null for anything else. */
export function rgbOf(colour) {
  const match = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour ?? "");
  if (!match) return null;
  const hex = match[1].length === 3 ? [...match[1]].map((c) => c + c).join("") : match[1];
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** Relative luminance as WCAG has it. */
export function luminanceOf(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two luminances, from 1 to 21. */
export function contrastOf(a, b) {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const PAPER = { light: [255, 255, 255], dark: [33, 33, 33] };

/**
 * The colour itself where it stands out from the ground (3 to 1 at least), else darkened or lightened until it does.
 * @param {number[]} rgb @param {"light"|"dark"} theme @returns {string} "#rrggbb"
 */
export function visibleColour(rgb, theme) {
  const ground = luminanceOf(PAPER[theme]);
  const towards = theme === "dark" ? 255 : 0;
  let now = rgb;
  for (let step = 0; step < 20 && contrastOf(luminanceOf(now), ground) < 3; step += 1) {
    now = now.map((value) => Math.round(value + (towards - value) * 0.12));
  }
  return `#${now.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

let canvas = null;

function rgbOfName(name) {
  canvas ??= document.createElement("canvas").getContext("2d");
  canvas.fillStyle = "#667788"; // what stays where the browser does not know the name
  canvas.fillStyle = name;
  return rgbOf(canvas.fillStyle) ?? [102, 119, 136];
}

const seen = new Map();

/** A code's colour for stripes, dots and underlines in a theme. @param {string|undefined} colour */
export function inkOf(colour, theme) {
  const key = `${colour}|${theme}`;
  if (!seen.has(key)) seen.set(key, visibleColour(rgbOf(colour) ?? rgbOfName(colour ?? ""), theme));
  return seen.get(key);
}

/** Whether the ground behind an element is dark: Jupyter's, marimo's or the system's theme, whichever paints it. */
export function themeOf(el) {
  const view = el.ownerDocument.defaultView;
  const jupyter = view.getComputedStyle(el).getPropertyValue("--jp-layout-color0").trim();
  if (jupyter) return luminanceOf(rgbOfName(jupyter)) < 0.3 ? "dark" : "light";
  for (let at = el; at; at = at.parentElement ?? at.getRootNode().host) {
    const parts = /rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)/.exec(view.getComputedStyle(at).backgroundColor);
    if (parts && parts[4] !== "0") return luminanceOf(parts.slice(1, 4).map(Number)) < 0.3 ? "dark" : "light";
  }
  return view.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
