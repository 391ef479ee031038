/** Entry for notebooks: anywidget calls `render` for every view of the widget. */
import { mount } from "./main.js";
import { modelPort } from "./port.js";

function render({ model, el }) {
  return mount(el, modelPort(model), { height: model.get("height") });
}

export default { render };
