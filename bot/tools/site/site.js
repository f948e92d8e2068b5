// Searches the papers as the reader types. Without this script, the page is a plain list of all papers.
// The list's text is always read and written as text, never as HTML.
"use strict";

// Until the whole list is read, only its first papers are laid out; see site.css.
document.documentElement.className = "reading";

// The reader's theme; it may follow the system. A page opened from a local folder may be unable to store it.
const THEMES = ["auto", "light", "dark"];
const stored = (() => {
  try {
    return localStorage;
  } catch {
    return {};
  }
})();
const setTheme = (theme) => {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};
let theme = THEMES.includes(stored.theme) ? stored.theme : "auto";
setTheme(theme);

const begin = () => {
  const STEP = 100; // papers shown at a time, so that a list of ten thousand stays fast
  const PASSAGE = 90; // characters on each side of a match in an abstract
  const AT_ONCE = 12; // milliseconds that a search reads before it shows its first results

  const byId = (id) => document.getElementById(id);
  const [form, query, year, tag, sort] = ["search", "query", "year", "tag", "sort"].map(byId);
  const [list, status, clear, further, empty] = ["papers", "status", "clear", "further", "empty"].map(byId);
  const fields = { q: query, year, topic: tag, sort };

  const years = new Map();
  for (const node of list.querySelectorAll(":scope > .year")) years.set(node.id.slice(5), node);
  const papers = Array.from(list.children).filter((node) => !node.classList.contains("year"));
  const items = papers.map((node) => ({
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
  let partial = false; // whether a search stopped before it read the whole list
  let meant = ""; // the corrected words, if the reader's have a typo

  // Normalises text for comparison: lower case, no accents, blanks in place of hyphens.
  const fold = (text) => {
    const lower = text.toLowerCase().replace(/[-\u2010-\u2014_/]/g, " ");
    return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
  };

  const textOf = (item, selector) => item.node.querySelector(selector)?.textContent ?? "";

  const read = (item) => {
    if (item.read) return item;
    item.tags = Array.from(item.node.querySelectorAll(".tags li"), (node) => node.textContent);
    item.title = fold(textOf(item, "h3"));
    item.head = [item.title, fold(textOf(item, ".by")), fold(item.tags.join("\n"))].join("\n");
    item.abstract = textOf(item, ".abstract p");
    item.text = `\n${item.head}\n${fold(item.abstract)}\n${item.date.slice(0, 4)}\n${item.node.id}\n`;
    item.read = true;
    return item;
  };

  // Reads the list while the browser is idle; a search before that is finished reads the rest itself.
  const readAhead = (from = 0) => {
    const later = window.requestIdleCallback ?? ((work) => setTimeout(work, 30));
    later(() => {
      const to = Math.min(from + 250, items.length);
      for (let n = from; n < to; n++) read(items[n]);
      if (to < items.length) readAhead(to);
      else if (partial) update();
    });
  };

  // Each order is computed once, when it is first used.
  const orders = { "": items };
  const comparisons = {
    oldest: (a, b) => (a.date || "9999").localeCompare(b.date || "9999"),
    added: (a, b) => b.added.localeCompare(a.added),
    title: (a, b) => read(a).title.localeCompare(read(b).title),
    list: (a, b) => a.line - b.line,
  };
  const ordered = () => (orders[sort.value] ??= [...items].sort(comparisons[sort.value]));

  // All words must occur; a phrase in quotes must occur exactly.
  const termsOf = (text) =>
    (fold(text).match(/"[^"]+"|[^\s"]+/g) ?? []).map((term) => term.replaceAll('"', "").trim()).filter(Boolean);

  // Whole words count most, then starts of words, and in a title more than elsewhere. A match within a word may be chance.
  const isEdge = (char) => char === undefined || !/[\p{L}\p{N}]/u.test(char);
  const fits = (text, term) => {
    let best = 0;
    for (let at = text.indexOf(term); at >= 0 && best < 3; at = text.indexOf(term, at + 1)) {
      const starts = isEdge(text[at - 1]);
      best = Math.max(best, starts && isEdge(text[at + term.length]) ? 3 : starts ? 2 : 1);
    }
    return best;
  };
  const worth = (item, term) => 4 * fits(item.title, term) || fits(item.head, term) || fits(item.text, term) / 2;

  // One typo: an extra, missing or wrong letter, or two swapped letters.
  const isNear = (a, b) => {
    if (Math.abs(a.length - b.length) > 1 || a === b) return a === b;
    let n = 0;
    while (n < a.length && a[n] === b[n]) n++;
    const [x, y] = [a.slice(n), b.slice(n)];
    if (x.slice(1) === y || x === y.slice(1) || x.slice(1) === y.slice(1)) return true;
    return x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2);
  };
  let vocabulary;
  const corrected = (term) => {
    if (term.length < 4 || items.some((item) => item.text.includes(term))) return term;
    if (!vocabulary) {
      vocabulary = new Map();
      for (const item of items) {
        for (const word of new Set(item.head.match(/[\p{L}\p{N}]+/gu))) vocabulary.set(word, (vocabulary.get(word) ?? 0) + 1);
      }
    }
    let [best, most] = [term, 0];
    for (const [word, papers] of vocabulary) if (papers > most && isNear(term, word)) [best, most] = [word, papers];
    return best;
  };

  const collect = () => {
    const wantedYear = year.value;
    const wantedTag = tag?.value ?? "";
    const start = performance.now();
    found = [];
    partial = false;
    for (const item of ordered()) {
      if (wantedYear && !item.date.startsWith(wantedYear)) continue;
      if (!item.read && (terms.length || wantedTag)) {
        if (partial) continue;
        read(item);
        partial = performance.now() - start > AT_ONCE;
      }
      if (wantedTag && !item.tags.includes(wantedTag)) continue;
      if (!terms.every((term) => item.text.includes(term))) continue;
      item.score = 0;
      for (const term of terms) item.score += worth(item, term);
      found.push(item);
    }
    if (terms.length && !sort.value) found.sort((a, b) => b.score - a.score);
  };

  const search = () => {
    terms = termsOf(query.value);
    meant = "";
    collect();
    if (found.length || partial || !terms.length) return;
    const better = terms.map(corrected);
    if (better.every((term, n) => term === terms[n])) return;
    terms = better;
    collect();
    if (found.length) meant = better.join(" ");
  };

  // The passage of an abstract with a word that occurs nowhere else in the visible text of the paper.
  const passage = (item) => {
    item.node.querySelector(".passage")?.remove();
    const folded = fold(item.abstract);
    const term = terms.find((word) => !item.head.includes(word));
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

  // Highlights matches without changing the page's elements.
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
            ranges.push(new StaticRange(ends)); // a live range would slow down every later change of the page
          }
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  };

  // Metadata for reference managers: COinS (OpenURL, ANSI/NISO Z39.88).
  const coins = (item) => {
    const link = item.node.querySelector("h3 a");
    const fields = new URLSearchParams({
      ctx_ver: "Z39.88-2004",
      rft_val_fmt: "info:ofi/fmt:kev:mtx:article",
      "rft.genre": "preprint",
      "rft.title": link.textContent,
      rft_id: link.href,
    });
    const names = textOf(item, ".by").replace(/, and \d+ more|\bet al\./g, ", ").split(", ");
    for (const name of names) if (name.trim()) fields.append("rft.au", name.trim());
    if (item.date) fields.append("rft.date", item.date.slice(0, 4));
    const place = document.createElement("span");
    place.className = "Z3988";
    place.title = fields.toString();
    return place;
  };

  // Citations and related papers are added to an entry when it is first shown, because most entries are never shown.
  const byAnchor = new Map(items.map((item) => [item.node.id, item]));
  const folded = (name, words, content) => {
    const [details, summary] = [document.createElement("details"), document.createElement("summary")];
    details.className = name;
    summary.textContent = words;
    details.append(summary, content);
    return details;
  };
  const citation = (item) => {
    const text = document.createElement("pre");
    text.textContent = item.node.dataset.cite;
    return folded("cite", "Cite", text);
  };
  const relatedPapers = (near) => {
    const links = document.createElement("ul");
    for (const other of near) {
      const [place, link] = [document.createElement("li"), document.createElement("a")];
      link.href = `#${other.node.id}`;
      link.textContent = textOf(other, "h3");
      place.append(link);
      links.append(place);
    }
    return folded("related", "Related", links);
  };
  const dress = (item) => {
    if (item.dressed) return;
    item.dressed = true;
    read(item);
    item.node.querySelector("h3").after(coins(item));
    const before = item.node.querySelector(".permalink");
    before.before(citation(item));
    const near = (item.node.dataset.related ?? "").split(" ").map((id) => byAnchor.get(id)).filter(Boolean);
    if (near.length) before.before(relatedPapers(near));
  };

  const count = (number) => number.toLocaleString("en");

  const underYears = (visible) => {
    const nodes = [];
    let last;
    for (const item of visible) {
      const name = item.date.slice(0, 4) || "none";
      if (name !== last && years.has(name)) nodes.push(years.get(name));
      last = name;
      nodes.push(item.node);
    }
    return nodes;
  };

  const show = (most) => {
    shown = Math.min(most, found.length);
    const visible = found.slice(0, shown);
    for (const item of visible) {
      dress(item);
      passage(item);
    }
    list.replaceChildren(...(terms.length || sort.value ? visible.map((item) => item.node) : underYears(visible)));
    mark();
    const left = found.length - shown;
    further.hidden = left === 0;
    further.textContent = `Show ${count(Math.min(STEP, left))} more of ${count(left)}`;
  };

  const tell = () => {
    const papers = items.length === 1 ? "paper" : "papers";
    empty.hidden = found.length > 0 || partial || !items.length;
    const narrowed = Boolean(terms.length || year.value || tag?.value);
    clear.hidden = !narrowed;
    if (!narrowed) status.textContent = `${count(items.length)} ${papers}`;
    else if (partial) status.textContent = "Searching…";
    else if (!found.length) status.textContent = "No paper matches";
    else if (meant) status.textContent = `${count(found.length)} of ${count(items.length)} ${papers} for “${meant}”`;
    else status.textContent = `${count(found.length)} of ${count(items.length)} ${papers}`;
  };

  // The address contains the search, so that it can be shared. Browsers limit how often it may change.
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
      else if (field) field.value = Array.from(field.options).some((option) => option.value === value) ? value : "";
    }
  };

  // An address that ends in #ID shows that paper, even if it is not on the first screen.
  const reveal = () => {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // The id is not encoded, so it is used as it is.
    }
    const item = id && items.find((paper) => paper.node.id === id);
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

  // Without permission to use the clipboard, the browser follows the link, and the address bar shows the address.
  const copyLink = async (link) => {
    try {
      await navigator.clipboard.writeText(link.href);
      link.textContent = "Copied";
      setTimeout(() => (link.textContent = "Copy link"), 1500);
    } catch {
      location.hash = new URL(link.href).hash;
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
    const link = event.target.closest(".permalink");
    const chosen = tag && event.target.closest(".tags a");
    if ((!link && !chosen) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link) {
      copyLink(link);
      return;
    }
    tag.value = chosen.textContent;
    update();
    form.scrollIntoView();
    tag.focus();
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === "Escape" && event.target === query) {
      event.preventDefault();
      if (query.value) {
        query.value = "";
        update();
      } else query.blur();
    }
  });
  const toggle = byId("theme");
  const nameTheme = () => (toggle.textContent = `Theme: ${theme}`);
  toggle.hidden = false;
  nameTheme();
  toggle.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try {
      stored.theme = theme;
    } catch {
      // The theme can't be stored, so it lasts only as long as the page.
    }
    setTheme(theme);
    nameTheme();
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
    document.documentElement.className = ""; // show the plain list in full
    throw error;
  }
});
