/**
 * All keys of the page: one table. The page acts on it, and the overlay on `?` is drawn from it.
 *
 * A row is [keys, name of the function in actions.js, what it does, and the intent it needs where some pages have none];
 * `needs` of a group is that of all its rows; keys of a group with `own` are acted on by that part of the page itself. "Mod" is Ctrl, or Command on a Mac. A letter that a
 * code has as its own key codes: its author chose it. Every letter of this table also works with Alt, so nothing is lost.
 * No key acts while a field has the focus; the chooser and the borders mode have keys of their own.
 */
export const KEYS = [
  {
    title: "Select",
    rows: [
      [["ArrowDown", "j"], "nextTurn", "next turn"],
      [["ArrowUp", "k"], "previousTurn", "previous turn"],
      [["ArrowRight", "l"], "nextSentence", "next sentence"],
      [["ArrowLeft", "h"], "previousSentence", "previous sentence"],
      [["Alt+ArrowRight", "Mod+ArrowRight", "w"], "nextWord", "next word"],
      [["Alt+ArrowLeft", "Mod+ArrowLeft", "W"], "previousWord", "previous word"],
      [["Shift+ArrowRight", "Shift+ArrowLeft"], null, "longer, shorter by a sentence"],
      [["Shift+Alt+ArrowRight", "Shift+Alt+ArrowLeft"], null, "longer, shorter by a word"],
      [["Shift+ArrowDown", "Shift+ArrowUp"], null, "longer, shorter by a turn"],
      [["[", "]"], null, "begin a word earlier, later"],
      [["t"], "wholeTurn", "the whole turn"],
      [["y"], "sentenceHere", "the sentence at its begin"],
      [["Home"], "firstTurn", "first turn"],
      [["End"], "lastTurn", "last turn"],
      [["Escape"], "back", "a step back"],
    ],
    also: [
      ["Shift+ArrowRight", "longerBySentence"],
      ["Shift+ArrowLeft", "shorterBySentence"],
      ["Shift+Alt+ArrowRight", "longerByWord"],
      ["Shift+Alt+ArrowLeft", "shorterByWord"],
      ["Shift+Mod+ArrowRight", "longerByWord"],
      ["Shift+Mod+ArrowLeft", "shorterByWord"],
      ["Shift+ArrowDown", "longerByTurn"],
      ["Shift+ArrowUp", "shorterByTurn"],
      ["[", "startEarlier"],
      ["]", "startLater"],
      ["PageDown", "pageDown"],
      ["Space", "pageDown"],
      ["PageUp", "pageUp"],
      ["Shift+Space", "pageUp"],
      ["Mod+c", "copyWords"],
    ],
  },
  {
    title: "Code",
    rows: [
      [["Enter", "c"], "openChooser", "choose codes for the selection"],
      [["1–9"], null, "the code with this key, at once"],
      [["."], "repeat", "the last codes again"],
      [["v"], "inVivo", "the words themselves as a code"],
      [["n"], "newCode", "new code"],
      [["C"], "correct", "correct the selected words", "correct"],
      [["Mod+z", "u"], "undo", "undo"],
      [["Mod+Shift+z", "Mod+y", "U"], "redo", "redo"],
    ],
    also: [],
  },
  {
    title: "The chosen coding",
    rows: [
      [["Tab", "Shift+Tab"], null, "next, previous coding at the selection"],
      [["x", "Delete", "Backspace"], "uncode", "take the code off"],
      [["r"], "recode", "another code"],
      [["b"], "borders", "move its borders"],
      [["s"], "nextStance", "next stance"],
      [["+"], "supports", "supports"],
      [["-"], "counters", "counters"],
      [["~"], "mixed", "both"],
      [["m"], "memo", "memo on it, or on the selection"],
      [["Q"], "quotes", "all quotes of its code"],
    ],
    also: [
      ["Tab", "nextCodingHere"],
      ["Shift+Tab", "previousCodingHere"],
    ],
  },
  {
    title: "Go",
    rows: [
      [["g", "G"], null, "next, previous coding"],
      [["e", "E"], null, "next, previous uncoded stretch"],
      [["PageDown", "PageUp"], null, "a page down, up"],
      [[">", "<"], null, "next, previous source"],
      [["/"], "searchHere", "search in this source"],
      [["Mod+Shift+f"], "searchAll", "search in all sources"],
      [["f"], "findCode", "find a code in the tree"],
      [["?"], "help", "these keys"],
    ],
    also: [
      ["g", "nextCoding"],
      ["G", "previousCoding"],
      ["e", "nextUncoded"],
      ["E", "previousUncoded"],
      [">", "nextSource"],
      ["<", "previousSource"],
    ],
  },
  {
    title: "In the tree of codes",
    own: true,
    rows: [
      [["ArrowDown", "ArrowUp"], null, "the code and what it means, also by a click"],
      [["Enter"], null, "put the code on the selection, also by a double click"],
      [["F2"], null, "rename the code", "rename_code"],
      [["Shift+F10"], null, "all that can be done with the code"],
    ],
    also: [],
  },
  {
    title: "Listen",
    needs: "audio",
    rows: [
      [["p"], "playPause", "play, pause"],
      [["P"], "playFromHere", "play from this turn"],
      [["a"], "playAgain", "the last 3 seconds again"],
      [["F"], "follow", "follow what is heard, or not"],
    ],
    also: [],
  },
];

/** Key -> name of the function. */
export function keyTable(groups = KEYS) {
  const table = new Map();
  for (const { rows, also } of groups) {
    for (const [keys, run] of rows) if (run) for (const key of keys) table.set(key, run);
    for (const [key, run] of also) table.set(key, run);
  }
  return table;
}

const PUNCTUATION_OR_LETTER = /^[^\s]$/u;

/**
 * A key press as the table writes it. Shift is not named where it made another character ("G", "?"), as keyboards
 * differ in where these stand.
 * @param {KeyboardEvent} event @param {boolean} [mac]
 */
export function keyOf(event, mac = false) {
  const mod = mac ? event.metaKey : event.ctrlKey;
  let key = event.key === " " ? "Space" : event.key;
  const typed = PUNCTUATION_OR_LETTER.test(key);
  if (typed && (mod || event.ctrlKey || event.metaKey)) key = key.toLowerCase();
  // On a Mac, Alt makes another character of a letter.
  const letter = /^Key([A-Z])$/.exec(event.code ?? "")?.[1];
  const altLetter = event.altKey && letter && !event.getModifierState?.("AltGraph");
  if (altLetter) return `Alt+${event.shiftKey ? letter : letter.toLowerCase()}`;
  const parts = [];
  if (mod) parts.push("Mod");
  else if (event.ctrlKey || event.metaKey) parts.push("Other");
  if (event.shiftKey && (!typed || mod)) parts.push("Shift");
  // AltGr makes characters such as [ ] ~ on many keyboards: it is then no modifier.
  if (event.altKey && !(typed && event.getModifierState?.("AltGraph"))) parts.push("Alt");
  if (typed && event.getModifierState?.("AltGraph")) return key;
  return sortModifiers([...parts, key]);
}

/** "Alt+Shift+x" and "Shift+Alt+x" are one key. */
export function sortModifiers(parts) {
  const key = parts[parts.length - 1];
  return [...parts.slice(0, -1).sort(), key].join("+");
}

/** How a key is shown: signs for arrows, words for the rest. */
export function keyShown(key, mac = false) {
  const words = {
    ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Mod: mac ? "⌘" : "Ctrl", Alt: mac ? "⌥" : "Alt",
    Shift: "⇧", Escape: "Esc", PageDown: "Page ↓", PageUp: "Page ↑", Delete: "Del", Backspace: "⌫", Enter: "↵",
  }; // prettier-ignore
  if (key === "+") return "+";
  return key.split("+").map((part) => words[part] ?? (key.includes("+") && part.length === 1 ? part.toUpperCase() : part)).join(" ");
}

/** Codes whose own key is a letter of the page, which then needs Alt. @param {object[]} codes */
export function sharedKeys(codes) {
  const table = normalTable();
  return codes.filter((code) => code.key && table.has(code.key));
}

/** The table with modifiers in one order. */
export function normalTable() {
  return new Map([...keyTable()].map(([key, run]) => [key === "+" ? "+" : sortModifiers(key.split("+")), run]));
}

/** Whether this is a Mac, where Command takes the place of Ctrl. */
export function onMac() {
  return /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
}

/**
 * Act on keys pressed inside the page.
 * @param {HTMLElement} root
 * @param {{actions: Object<string, Function>, codeKey: (key: string) => boolean, inField: (event: Event) => boolean,
 *   mode: () => ((key: string, event: KeyboardEvent) => boolean)|null}} parts
 *   `mode`: what handles keys before the table (the borders mode), or null
 */
export function watchKeys(root, { actions, codeKey, inField, mode }) {
  const table = normalTable();
  const mac = onMac();

  function down(event) {
    // Nothing that is typed here may reach the notebook around, where x cuts the cell and d d deletes it.
    event.stopPropagation();
    if (event.defaultPrevented || event.isComposing) return;
    if (inField(event)) return;
    const key = keyOf(event, mac);
    const handled = mode()?.(key, event) || run(key, event);
    if (handled) event.preventDefault();
  }

  function run(key, event) {
    if (codeKey(key)) return true;
    const name = table.get(key) ?? table.get(/^Alt\+[a-zA-Z]$/.test(key) ? key.slice(4) : "");
    return name ? actions[name](event) !== false : false;
  }

  const stop = (event) => event.stopPropagation();
  root.addEventListener("keydown", down);
  for (const name of ["keyup", "keypress", "copy", "cut", "paste", "beforeinput", "input"]) root.addEventListener(name, stop);
  return () => root.removeEventListener("keydown", down);
}
