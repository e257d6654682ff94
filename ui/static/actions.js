// What can be done with an answer (copy, like, dislike, retry) and with a question (edit).
import { $, $$, announce, element, onChange, request } from "./dom.js";
import { idNow, onTurn, setEdited } from "./address.js";
import { onAnswered } from "./listening.js";

let exchanges = []; // what the server keeps of them, by their place in the conversation

async function load() {
  const id = idNow();
  const found = await request(`conversations/${id}`).catch(() => null);
  if (found && id === idNow()) exchanges = found.exchanges;
  refresh();
}

const numberAt = async (place) => {
  await load();
  return exchanges[place]?.number;
};

async function copy(place, button) {
  const number = await numberAt(place);
  try {
    await write(await request(`conversations/${idNow()}/exchanges/${number}/text`));
    button.textContent = "Copied";
    announce("Copied with its sources");
  } catch (error) {
    button.textContent = "Could not copy";
    announce(error.message);
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

// Without HTTPS, browsers give the clipboard to a selection only.
async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = element("textarea", { class: "unseen" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

async function rate(place, rating) {
  const number = await numberAt(place);
  const now = exchanges[place].rating === rating ? "" : rating;
  await request(`conversations/${idNow()}/exchanges/${number}/rating`, "PUT", { rating: now })
    .catch((error) => announce(error.message));
  await load();
}

const retry = () => $("#again")?.click();

// ---- editing: the question goes back to where it was written, and the next one takes its place

const banner = element("p", { id: "editing", role: "status" });

async function edit(place) {
  setEdited(await numberAt(place));
  type(exchanges[place].question);
  banner.replaceChildren("Editing a question. What came after it goes. ",
    element("button", { type: "button", onclick: () => { type(""); stopEditing(); } }, "Cancel"));
  $("#conversation > .form")?.before(banner);
}

function stopEditing() {
  setEdited(null);
  banner.remove();
}

function type(text) {
  const area = $("#question textarea");
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

// ---- the bars below questions and answers

const act = (label, onclick, extra = {}) => element("button", { type: "button", onclick, ...extra }, label);

function answerBar(place) {
  const bar = element("div", { class: "acts", role: "group", "aria-label": "This answer" },
    act("Copy", () => copy(place, bar.firstChild), { title: "Copy with its sources" }),
    act("Like", () => rate(place, "like"), { "data-rating": "like" }),
    act("Dislike", () => rate(place, "dislike"), { "data-rating": "dislike" }),
    act("Retry", retry, { class: "again" }));
  return bar;
}

const questionBar = (place) => element("div", { class: "acts" }, act("Edit", () => edit(place)));

function refresh() {
  $$("#chat .user-row").forEach((row, place) => { if (!$(".acts", row)) row.append(questionBar(place)); });
  $$("#chat .bot-row").forEach((row, place) => {
    if (!$(".acts", row)) row.append(answerBar(place));
    for (const button of $$("[data-rating]", row)) {
      const pressed = String(exchanges[place]?.rating === button.dataset.rating);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  });
}

onChange(refresh);
onTurn(() => { exchanges = []; stopEditing(); load(); });
onAnswered((writing) => {
  if (writing) stopEditing();
  else load();
});
load();
