// What a conversation is about: all articles, or chosen ones, sites, or days. Kept with the conversation.
import { $, announce, element, onChange, openDialog, request } from "./dom.js";
import { idNow, onTurn, turned } from "./address.js";

const button = element("button", { type: "button", id: "scope-button", onclick: open });
const line = element("p", { id: "scope" }, "Answers come from ", button);
let scope = {};

async function load() {
  const id = idNow();
  const found = await request(`conversations/${id}`).catch(() => null);
  if (!found || id !== idNow()) return;
  scope = found.scope;
  button.textContent = found.scoped || "all articles";
  button.setAttribute("aria-label", `Answers come from ${found.scoped || "all articles"}. Choose what this conversation is about`);
  line.classList.toggle("limited", Boolean(found.scoped));
}

async function save(chosen) {
  await request(`conversations/${idNow()}/scope`, "PUT", chosen);
  turned();
}

const check = (name, value, checked, ...label) => element("label", { class: "check" },
  element("input", { type: "checkbox", name, value, checked }), element("span", {}, ...label));

async function open() {
  const chosen = new Map(); // id -> article
  const [sites, articles] = await Promise.all([
    request("library/sites"),
    scope.articles?.length ? request(`library/articles?${new URLSearchParams(scope.articles.map((id) => ["id", id]))}`) : [],
  ]).catch((error) => { announce(error.message); return [{}, []]; });
  for (const article of articles) chosen.set(article.id, article);
  const picked = element("ul", { class: "picked", "aria-label": "Chosen articles" });
  const found = element("ul", { class: "found", "aria-label": "Articles found" });
  const title = ({ title, site, published }) => [title, [site, published].filter(Boolean).join(", ")].filter(Boolean).join(" · ");
  const toggle = (article, on) => {
    if (on) chosen.set(article.id, article);
    else chosen.delete(article.id);
    draw();
  };
  const draw = () => picked.replaceChildren(...[...chosen.values()].map((article) => element("li", {}, title(article), " ",
    element("button", { type: "button", "aria-label": `Leave out ${article.title}`, onclick: () => toggle(article, false) }, "✕"))));
  const look = async () => {
    const match = search.value.trim();
    const rows = match ? await request(`library/articles?match=${encodeURIComponent(match)}`).catch(() => []) : [];
    if (match !== search.value.trim()) return;
    found.replaceChildren(...rows.slice(0, 12).map((article) => element("li", {}, element("label", { class: "check" },
      element("input", {
        type: "checkbox", checked: chosen.has(article.id),
        onchange: (event) => toggle(article, event.target.checked),
      }), element("span", {}, title(article))))));
  };
  const search = element("input", { type: "search", oninput: look });
  const form = element("form", { method: "dialog" },
    element("fieldset", {}, element("legend", {}, "Articles"),
      element("label", {}, element("span", {}, "Find"), search), found, picked),
    element("fieldset", {}, element("legend", {}, "Sites"), element("div", { class: "sites" },
      ...Object.entries(sites).map(([site, count]) => check("site", site, scope.sites?.includes(site) ?? false, `${site} (${count})`)))),
    element("fieldset", {}, element("legend", {}, "Published"),
      element("label", {}, element("span", {}, "since"), element("input", { type: "date", name: "since", value: scope.since ?? "" })),
      element("label", {}, element("span", {}, "until"), element("input", { type: "date", name: "until", value: scope.until ?? "" }))),
    element("p", { class: "buttons" },
      element("button", { type: "submit" }, "Ask only these"),
      element("button", { type: "button", class: "plain", onclick: () => { save({}); dialog.close(); } }, "Ask all articles")));
  form.addEventListener("submit", () => {
    const data = new FormData(form);
    save({
      articles: [...chosen.keys()], sites: data.getAll("site"), since: data.get("since"), until: data.get("until"),
    }).catch((error) => announce(error.message));
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  draw();
  const dialog = openDialog("What this conversation is about", form);
}

onChange(() => {
  const column = $("#conversation");
  if (column && !column.contains(line)) column.append(line);
});
onTurn(load);
load();
