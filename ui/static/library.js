// The library page: what is added and removed, how far that is, and the list without a reload.
import { $, $$, element, openDialog, request } from "./dom.js";

const SOON = 400; // milliseconds between two looks while something is under way
const LATER = 4000;
const FOLLOWED = 1200; // after a work: the server looks for a new generation once a second

// ---- the list: the page's address says what it shows, so that Back and a reload find it again. The form above it
// stays where it is, for somebody may be typing or choosing in it when a list arrives.

let wanted = { address: location.href, keep: false }; // what was asked for last; `keep` makes it a step of the history
let typing = 0;

async function show(view) {
  wanted = view;
  clearTimeout(typing);
  const then = values();
  const part = new URL(view.address, location.href);
  part.searchParams.set("part", "1");
  const holdings = element("template");
  try {
    holdings.innerHTML = await request(part);
  } catch (error) {
    say(error.message, [], true);
    return;
  }
  if (view !== wanted) return; // something else was asked for meanwhile
  put(holdings.content, then);
  if (view.keep) history.pushState({}, "", view.address);
  wanted = { address: location.href, keep: false };
  mark();
}

function put(holdings, then) {
  const form = $("#choose");
  const made = $("#choose", holdings);
  if (!form || !made) return $("#holdings").replaceWith(holdings);
  for (const part of ["#overview", "#list"]) $(part).replaceWith($(part, holdings));
  for (const control of controls(made)) {
    const own = form.elements[control.name];
    const chosen = own.value === then[own.name] ? control.value : own.value;
    if (offered(own) !== offered(control)) own.innerHTML = control.innerHTML;
    own.value = chosen;
  }
}

const controls = (form) => [...form?.elements ?? []].filter((control) => control.name);
const offered = ({ options }) => [...options ?? []].map(({ text }) => text).join("\n");
const values = () => Object.fromEntries(controls($("#choose")).map(({ name, value }) => [name, value]));

function choose(changes = {}) {
  const given = Object.entries({ ...values(), ...changes }).filter(([, value]) => value);
  show({ address: `library?${new URLSearchParams(given)}`, keep: true });
}

addEventListener("input", (event) => {
  if (!event.target.closest("#choose")) return;
  clearTimeout(typing);
  typing = setTimeout(choose, event.target.name === "match" ? 250 : 0);
});
addEventListener("submit", (event) => {
  if (event.target.id !== "choose") return;
  event.preventDefault();
  choose();
});
addEventListener("click", (event) => {
  const link = event.target.closest("#list :is(th, .pager) a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { sort, reverse, page } = Object.fromEntries(new URL(link.href).searchParams);
  choose({ sort, reverse, page });
});
addEventListener("popstate", () => show({ address: location.href, keep: false }));

// What was chosen while this script was still on its way, or what the browser put back into the form.
const asSent = ({ value, defaultValue, options }) =>
  value === (defaultValue ?? [...options].find((option) => option.defaultSelected)?.value ?? options[0].value);
if (!controls($("#choose")).every(asSent)) choose();

// ---- articles that are chosen, on whichever page of the list

const chosen = new Map(); // id -> title

addEventListener("change", (event) => {
  const box = event.target;
  if (box.id === "every") for (const each of $$('[name="chosen"]')) pick(each, box.checked);
  else if (box.name === "chosen") pick(box, box.checked);
  else return;
  mark();
});

function pick(box, on) {
  if (on) chosen.set(box.value, $("a", box.closest("tr")).textContent);
  else chosen.delete(box.value);
}

function mark() {
  const boxes = $$('[name="chosen"]');
  for (const box of boxes) box.checked = chosen.has(box.value);
  const every = $("#every");
  if (every) every.checked = boxes.length > 0 && boxes.every((box) => box.checked);
  const bar = $("#chosen");
  if (!bar) return;
  bar.hidden = chosen.size === 0;
  $("#chosen-count").textContent = chosen.size === 1 ? "1 article chosen" : `${chosen.size} articles chosen`;
}

addEventListener("click", async (event) => {
  if (event.target.id === "ask-chosen") {
    const id = newId();
    try {
      await request(`conversations/${id}/scope`, "PUT", { articles: [...chosen.keys()] });
      location.href = `./?c=${id}`;
    } catch (error) {
      say(error.message, [], true);
    }
  }
  if (event.target.id === "remove-chosen") confirmRemoval();
});

function confirmRemoval() {
  const names = [...chosen.values()];
  const shown = names.slice(0, 8).map((name) => element("li", {}, name));
  if (names.length > 8) shown.push(element("li", {}, `and ${names.length - 8} more`));
  const dialog = openDialog(names.length === 1 ? "Remove this article?" : `Remove ${names.length} articles?`,
    element("ul", { class: "listed" }, ...shown),
    element("p", { class: "quiet" }, "Files in your own folders stay where they are, and are left out from now on."),
    element("p", { class: "buttons" },
      element("button", { type: "button", onclick: async () => {
        dialog.close();
        if (!await begin("library/removals", { ids: [...chosen.keys()] })) return;
        chosen.clear();
        mark();
      } }, "Remove"),
      element("button", { type: "button", class: "plain", onclick: () => dialog.close() }, "Cancel")));
}

// ---- adding

let files = [];

function list() {
  const names = files.map((file) => file.name).join(", ");
  $("#drop .hint").textContent = names || hint;
}
const hint = $("#drop .hint")?.textContent;

$("#files")?.addEventListener("change", (event) => { files = [...event.target.files]; list(); });
// Files may be dropped anywhere: beside the place for them, the browser would leave the page to show one.
const withFiles = (event) => event.dataTransfer?.types.includes("Files");
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => {
    if (!withFiles(event)) return;
    event.preventDefault();
    $("#drop")?.classList.add("over");
  });
}
addEventListener("dragleave", (event) => { if (!event.relatedTarget) $("#drop")?.classList.remove("over"); });
addEventListener("drop", (event) => {
  if (!withFiles(event)) return;
  event.preventDefault();
  if (!$("#drop")) return;
  $("#drop").classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
  const folders = entries.filter((entry) => entry?.isDirectory).map(({ name }) => name);
  files = [...files, ...[...event.dataTransfer.files].filter(({ name }) => !folders.includes(name))];
  list();
  if (folders.length) say(`${folders.join(", ")}: a folder. Drop the files in it, or on the server: byline index build FOLDER.`, [], true);
});

$("#add")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const addresses = $("#addresses").value.split(/\s+/).filter(Boolean);
  const refused = [];
  let sent = 0;
  for (const file of files) {
    say(`Sending ${file.name} …`);
    try {
      await request(`library/files/${encodeURIComponent(file.name)}`, "PUT", file);
      sent += 1;
    } catch (error) {
      refused.push({ source: file.name, reason: error.message });
    }
  }
  files = [];
  $("#files").value = "";
  list();
  if (!sent && !addresses.length) {
    say(refused.length ? "Nothing was added." : "Choose files, or write addresses.", refused, true);
    return;
  }
  if (await begin("library/builds", { addresses, added: sent > 0 }, refused)) $("#addresses").value = "";
});

$("#rebuild")?.addEventListener("click", () => begin("library/builds", {}));

// ---- what is under way

const place = $("#work");
let refusals = []; // files that were not taken, shown with what comes of the others
let watching = false; // whether something was under way when the server was last asked
let generation = null;
let timer = 0;

async function begin(path, order, refused = []) {
  try {
    await request(path, "POST", order);
  } catch (error) {
    say(error.message, refused, true);
    return false;
  }
  refusals = refused;
  watching = true;
  look();
  return true;
}

async function look() {
  clearTimeout(timer);
  let pause = LATER;
  try {
    const { work, generation: now } = await request("library/state");
    if (work?.busy) {
      pause = SOON;
      watching = true;
      progress(work);
    } else {
      if (watching && work) say(work.said, [...refusals, ...work.failures], work.failed);
      else if (watching) say("The server was started anew: what was under way has ended.", refusals, true);
      if (watching) pause = FOLLOWED;
      if (watching || (generation !== null && now !== generation)) await show(wanted);
      watching = false;
    }
    generation = now;
  } catch {
    // the server is gone for a moment, or for good: the page stays as it is
  }
  timer = setTimeout(look, pause);
}

function progress({ doing, step, read, done, total }) {
  if (!place) return;
  const counted = total ? `${done} of ${total} passages` : read ? `${read} looked at` : "";
  const bar = element("progress", { "aria-label": doing, max: total || null, value: total ? done : null });
  place.hidden = false;
  place.className = "";
  place.replaceChildren(element("p", {}, element("strong", {}, `${doing}. `), [step, counted].filter(Boolean).join(" · ")), bar);
}

function say(text, failures = [], failed = false) {
  if (!place) return;
  place.hidden = false;
  place.className = failed ? "problem" : "";
  place.replaceChildren(element("p", {}, text), failures.length
    ? element("ul", {}, ...failures.map(({ source, reason }) => element("li", {}, `${source}: ${reason}`))) : "");
}

mark();
look();
