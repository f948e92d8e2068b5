// Finds papers as the reader types. Without this script the page is a plain list of all of them.
// Text of the list is only ever read as text and written as text.
"use strict";

// Until the list is read, its first papers are enough to lay out; see site.css.
document.documentElement.className = "reading";

const begin = () => {
  const STEP = 100; // papers shown at a time: what keeps a list of ten thousand quick
  const PASSAGE = 90; // characters on either side of what was found in an abstract

  const byId = (id) => document.getElementById(id);
  const [form, query, year, tag, sort] = ["search", "query", "year", "tag", "sort"].map(byId);
  const [list, status, clear, further] = ["papers", "status", "clear", "further"].map(byId);
  const fields = { q: query, year, topic: tag, sort };

  const items = Array.from(list.children, (node) => ({
    node,
    date: node.dataset.date || "",
    added: node.dataset.added || "",
    line: Number(node.dataset.line),
    read: false,
    dressed: false,
    score: 0,
  }));
  let found = items;
  let shown = 0;
  let terms = [];

  // What is compared: lower case, without accents.
  const fold = (text) => {
    const lower = text.toLowerCase();
    return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
  };

  const textOf = (item, selector) => item.node.querySelector(selector)?.textContent ?? "";

  const read = (item) => {
    if (item.read) return item;
    item.tags = Array.from(item.node.querySelectorAll(".tags li"), (node) => node.textContent);
    item.title = fold(textOf(item, "h3"));
    item.head = [item.title, fold(textOf(item, ".by")), fold(item.tags.join("\n"))].join("\n");
    item.abstract = textOf(item, ".abstract p");
    item.text = `${item.head}\n${fold(item.abstract)}\n${fold(textOf(item, ".id"))}`;
    item.read = true;
    return item;
  };

  // Reads the list while nothing else is to be done; a search before the end reads the rest itself.
  const readAhead = (from = 0) => {
    const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 30));
    later(() => {
      const to = Math.min(from + 250, items.length);
      for (let n = from; n < to; n++) read(items[n]);
      if (to < items.length) readAhead(to);
    });
  };

  // Each order is made once, when it is first asked for.
  const orders = { "": items };
  const comparisons = {
    oldest: (a, b) => (a.date || "9999").localeCompare(b.date || "9999"),
    added: (a, b) => b.added.localeCompare(a.added),
    title: (a, b) => read(a).title.localeCompare(read(b).title),
    list: (a, b) => a.line - b.line,
  };
  const ordered = () => (orders[sort.value] ??= [...items].sort(comparisons[sort.value]));

  // Words must all occur; what stands in quotes must occur as it is.
  const termsOf = (text) =>
    (fold(text).match(/"[^"]+"|[^\s"]+/g) ?? []).map((term) => term.replaceAll('"', "").trim()).filter(Boolean);

  // A title whose word starts so counts most; a word inside another one may be chance.
  const worth = (item, term) => {
    const at = item.title.indexOf(term);
    if (at < 0) return item.head.includes(term) ? 1 : 0;
    return item.title.includes(` ${term}`) || at === 0 ? 4 : 2;
  };

  const search = () => {
    terms = termsOf(query.value);
    const wantedYear = year.value;
    const wantedTag = tag?.value ?? "";
    found = [];
    for (const item of ordered()) {
      if (wantedYear && !item.date.startsWith(wantedYear)) continue;
      if (!item.read && (terms.length || wantedTag)) read(item);
      if (wantedTag && !item.tags.includes(wantedTag)) continue;
      if (!terms.every((term) => item.text.includes(term))) continue;
      item.score = 0;
      for (const term of terms) item.score += worth(item, term);
      found.push(item);
    }
    if (terms.length && !sort.value) found.sort((a, b) => b.score - a.score);
  };

  // The passage of an abstract that holds a word which is nowhere else in what is shown of the paper.
  const passage = (item) => {
    item.node.querySelector(".passage")?.remove();
    const folded = fold(item.abstract);
    const term = terms.find((one) => !item.head.includes(one));
    const at = term && folded.length === item.abstract.length ? folded.indexOf(term) : -1;
    if (at < 0) return;
    const from = at > PASSAGE ? item.abstract.indexOf(" ", at - PASSAGE) + 1 : 0;
    const end = at + term.length + PASSAGE;
    const to = end < item.abstract.length ? item.abstract.lastIndexOf(" ", end) : item.abstract.length;
    const note = document.createElement("p");
    note.className = "passage";
    const words = item.abstract.slice(Math.min(from, at), Math.max(to, at + term.length));
    note.textContent = `${from ? "…" : ""}${words}${end < item.abstract.length ? "…" : ""}`;
    item.node.querySelector(".more").before(note);
  };

  // Marks what was found without touching the page's elements.
  const mark = () => {
    if (!globalThis.Highlight) return;
    CSS.highlights.delete("found");
    if (!terms.length) return;
    const ranges = [];
    for (const place of list.querySelectorAll("h3 a, .by, .passage, .abstract p, .tags li")) {
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const folded = fold(node.data);
        if (folded.length !== node.data.length) continue;
        for (const term of terms) {
          for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) {
            const ends = { startContainer: node, startOffset: at, endContainer: node, endOffset: at + term.length };
            ranges.push(new StaticRange(ends)); // a live one would make every later change of the page slower
          }
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  };

  // What only a script can do is put into an entry when it is first shown.
  const dress = (item) => {
    if (item.dressed) return;
    read(item);
    for (const place of item.node.querySelectorAll(".tags li")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = place.textContent;
      place.className = "pressed";
      place.replaceChildren(button);
    }
    item.dressed = true;
  };

  const count = (number) => number.toLocaleString("en");

  const show = (most) => {
    shown = Math.min(most, found.length);
    const visible = found.slice(0, shown);
    for (const item of visible) {
      dress(item);
      passage(item);
    }
    list.replaceChildren(...visible.map((item) => item.node));
    mark();
    const left = found.length - shown;
    further.hidden = left === 0;
    further.textContent = `Show ${count(Math.min(STEP, left))} more of ${count(left)}`;
  };

  const tell = () => {
    const papers = items.length === 1 ? "paper" : "papers";
    const narrowed = Boolean(terms.length || year.value || tag?.value);
    clear.hidden = !narrowed;
    if (!narrowed) status.textContent = `${count(items.length)} ${papers}`;
    else if (!found.length) status.textContent = "No paper matches";
    else status.textContent = `${count(found.length)} of ${count(items.length)} ${papers}`;
  };

  // The address tells what is shown, so that a search can be shared. Browsers limit how often it may change.
  let waiting = 0;
  const remember = () => {
    clearTimeout(waiting);
    waiting = setTimeout(write, 300);
  };
  const write = () => {
    const parts = Object.entries(fields).filter(([, field]) => field?.value);
    const asked = new URLSearchParams(parts.map(([name, field]) => [name, field.value])).toString();
    if (location.protocol !== "file:") history.replaceState(null, "", asked ? `?${asked}` : location.pathname);
  };

  const update = () => {
    search();
    show(STEP);
    tell();
    remember();
  };

  const recall = () => {
    const asked = new URLSearchParams(location.search);
    for (const [name, field] of Object.entries(fields)) {
      const value = asked.get(name) ?? "";
      if (field instanceof HTMLInputElement) field.value = value;
      else if (field) field.value = Array.from(field.options).some((one) => one.value === value) ? value : "";
    }
  };

  // An address that ends in #ID shows that paper, wherever it is.
  const reveal = () => {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // It is not encoded, and meant as it stands.
    }
    const item = id && items.find((one) => one.node.id === id);
    list.querySelector(".found")?.classList.remove("found");
    if (!item) return;
    if (!found.includes(item)) {
      query.value = year.value = "";
      if (tag) tag.value = "";
      search();
      tell();
    }
    if (!item.node.isConnected) show(found.indexOf(item) + STEP / 2);
    item.node.classList.add("found");
    item.node.scrollIntoView();
  };

  const copy = async (details) => {
    const text = details.querySelector("pre");
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = "Citation copied";
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = "Citation selected";
    }
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  clear.addEventListener("click", () => {
    query.value = year.value = "";
    if (tag) tag.value = "";
    update();
    query.focus();
  });
  further.addEventListener("click", () => {
    const first = shown;
    show(shown + STEP);
    found[first].node.querySelector("h3 a").focus();
  });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest(".tags button");
    if (!chosen) return;
    tag.value = chosen.textContent;
    update();
    form.scrollIntoView();
    tag.focus();
  });
  list.addEventListener(
    "toggle",
    (event) => {
      const details = event.target;
      if (!details.open || !details.matches(".cite") || details.querySelector("button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", () => copy(details));
      details.append(button);
    },
    true,
  );
  addEventListener("hashchange", reveal);

  form.hidden = false;
  status.parentElement.hidden = false;
  recall();
  search();
  show(STEP);
  tell();
  document.documentElement.className = "";
  reveal();
  readAhead();
};

addEventListener("DOMContentLoaded", () => {
  try {
    begin();
  } catch (error) {
    document.documentElement.className = ""; // the plain list, whole
    throw error;
  }
});
