// Filters the papers that are not proposed, and folds abstracts. Without this script the page is whole and plain.
// Text of the page is only ever read as text.
"use strict";

(() => {
  const STEP = 50; // papers of a reason shown at a time: what keeps thousands quick

  const byId = (id) => document.getElementById(id);
  const [form, query, reason, status, fold] = ["filter", "words", "reason", "status", "fold"].map(byId);
  const folded = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const count = (number) => number.toLocaleString("en");

  const groups = Array.from(document.querySelectorAll(".group"), (node) => {
    const list = node.querySelector("ol");
    const more = document.createElement("button");
    more.type = "button";
    list.after(more);
    const number = node.querySelector("h3 span");
    const name = node.querySelector("h3").firstChild.data;
    const items = Array.from(list.children, (line) => ({ line, text: "" }));
    return { node, list, more, items, name, number, all: number.textContent, found: items, shown: 0 };
  });

  const textOf = (item, group) => (item.text ||= folded(`${item.line.textContent} ${group.name}`));

  const show = (group, most) => {
    group.shown = Math.min(most, group.found.length);
    group.list.replaceChildren(...group.found.slice(0, group.shown).map((item) => item.line));
    const left = group.found.length - group.shown;
    group.more.hidden = left === 0;
    group.more.textContent = `Show ${count(Math.min(STEP, left))} more of ${count(left)}`;
  };

  const update = () => {
    const terms = folded(query.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const group of groups) {
      const wanted = !reason.value || reason.value === group.node.dataset.group;
      group.found = !wanted
        ? []
        : terms.length
          ? group.items.filter((item) => terms.every((term) => textOf(item, group).includes(term)))
          : group.items;
      found += group.found.length;
      group.node.hidden = group.found.length === 0;
      group.number.textContent = terms.length ? count(group.found.length) : group.all;
      show(group, STEP);
    }
    const all = groups.reduce((sum, group) => sum + group.items.length, 0);
    const narrowed = terms.length || reason.value;
    status.textContent = !narrowed ? "" : found ? `${count(found)} of ${count(all)} papers` : "No paper matches";
  };

  for (const group of groups) {
    group.more.addEventListener("click", () => {
      const first = group.shown;
      show(group, first + STEP);
      group.list.children[first].querySelector("a").focus();
    });
  }

  if (groups.length) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", update);
    update();
  }

  const abstracts = Array.from(document.querySelectorAll("details.abstract"));
  if (abstracts.length > 1) {
    const say = () => {
      fold.textContent = abstracts.some((one) => one.open) ? "Fold all abstracts" : "Unfold all abstracts";
    };
    fold.hidden = false;
    fold.addEventListener("click", () => {
      const open = !abstracts.some((one) => one.open);
      for (const one of abstracts) one.open = open;
      say();
    });
    for (const one of abstracts) one.addEventListener("toggle", say);
  }
})();
