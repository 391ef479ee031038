/** Entry for a page of its own: `qualcode open` and tests. What it is to show stands in the element "qualcode-data". */
import { mount } from "./main.js";
import { functionPort, httpPort } from "./port.js";

/** @param {Document} doc */
export function startPage(doc) {
  const data = JSON.parse(doc.getElementById("qualcode-data")?.textContent ?? "{}");
  const port = typeof window.qcIntent === "function" ? functionPort(window.qcIntent) : httpPort(data.url ?? "intent");
  return mount(doc.getElementById("qualcode"), port, { height: "100vh", focus: true, ...data.options });
}

const started = startPage(document);
window.qualcodePage = started;
