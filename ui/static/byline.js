// What Gradio's chat lacks: conversations that are kept, the article beside them, and what can be done with both.
import { $, element, onChange } from "./dom.js";
import "./address.js";
import "./pane.js";
import "./markers.js";
import "./preview.js";
import "./listening.js";
import "./actions.js";
import "./scope.js";
import { opener as history } from "./conversations.js";
import { opener as settings } from "./settings.js";
import { person } from "./person.js";
import { status } from "./status.js";

const tools = element("div", { id: "tools" }, status, history, element("a", { href: "library" }, "Library"), settings, person);

onChange(() => {
  const masthead = $("#masthead");
  if (masthead && !masthead.contains(tools)) masthead.append(tools);
});
