// How many articles there are, and what is being done to them, at the top of the page.
import { $, element, request } from "./dom.js";
import { turned } from "./address.js";

const SOON = 400; // milliseconds between two looks while something is under way
const LATER = 4000;

export const status = element("p", { id: "status" }, "Loading the library…");
let generation = null;

async function look() {
  let pause = LATER;
  try {
    const { articles, problem, work, generation: now } = await request("library/state");
    const counted = articles === 1 ? "1 article" : `${articles?.toLocaleString("en")} articles`;
    const said = articles === null ? problem || "Loading the library…" : counted;
    if (articles === null || work?.busy) pause = SOON;
    const all = work?.busy ? `${said} · ${work.doing}…` : said;
    if (status.textContent !== all) status.textContent = all;
    // Other articles are there than when an empty conversation was last shown: something else can be asked.
    if (articles !== null && generation !== null && (now ?? "") !== generation && !$("#chat .message-row")) turned();
    if (articles !== null) generation = now ?? "";
  } catch (error) {
    status.textContent = error.message;
  }
  setTimeout(look, document.hidden ? 2 * LATER : pause);
}
look();
