// The settings panel. What is chosen is kept by this browser, in a cookie that goes along with each question.
import { element, openDialog, request } from "./dom.js";

const COOKIE = "byline-settings"; // as in ui/choices.py
const YEAR = 365 * 24 * 3600;
const LENGTHS = { short: "Short", medium: "Medium", long: "Long" };

const field = (label, input) => element("label", {}, element("span", {}, label), input);

export const opener = element("button", { type: "button", id: "show-settings", onclick: open }, "Settings");

function select(name, options, chosen) {
  return element("select", { name }, ...options.map(([value, label]) =>
    element("option", { value, selected: String(value) === String(chosen) }, label)));
}

async function open() {
  let offered;
  try {
    offered = await request("options");
  } catch (error) {
    openDialog("Settings", element("p", { class: "problem" }, error.message));
    return;
  }
  const now = offered.now;
  const lengths = Object.entries(offered.lengths).map(([name, sentences]) =>
    [name, `${LENGTHS[name] ?? name}: ${sentences === 1 ? "1 sentence" : `up to ${sentences} sentences`}`]);
  const writer = select("writer", Object.entries(offered.writers), now.writer);
  const statement = element("p", { class: "quiet", role: "status" });
  const state = () => { statement.textContent = offered.statements[writer.value] ?? ""; };
  writer.addEventListener("change", state);
  state();
  const form = element("form", { method: "dialog" },
    field("Writer", writer), statement,
    field("Answer", select("length", lengths, now.length)),
    field("Sources", select("sources", offered.sources.map((n) => [n, `${n} passages are read`]), now.sources)),
    element("fieldset", {},
      element("legend", {}, "Only articles published"),
      field("since", element("input", { type: "date", name: "since", value: now.since ?? "" })),
      field("until", element("input", { type: "date", name: "until", value: now.until ?? "" }))),
    element("p", { class: "quiet" }, "Kept by this browser, for all conversations."),
    element("p", { class: "buttons" },
      element("button", { type: "submit" }, "Save"),
      element("button", { type: "button", class: "plain", onclick: () => { keep("", 0); dialog.close(); } }, "Back to defaults")));
  form.addEventListener("submit", () => {
    const chosen = Object.fromEntries(new FormData(form));
    keep(JSON.stringify({ ...chosen, sources: Number(chosen.sources) }), YEAR);
  });
  const dialog = openDialog("Settings", form);
}

function keep(value, seconds) {
  document.cookie = `${COOKIE}=${encodeURIComponent(value)}; max-age=${seconds}; path=${location.pathname}; samesite=strict`;
}
