// Filters the papers that are not proposed, folds abstracts, and takes a maintainer's answers by keyboard.
// The page is complete without this script.
// The script reads and writes the page's text only as text, never as HTML.
"use strict";

(() => {
  const STEP = 50; // papers shown per reason at a time, so that thousands stay fast

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
      fold.textContent = abstracts.some((abstract) => abstract.open) ? "Fold all abstracts" : "Unfold all abstracts";
    };
    fold.hidden = false;
    fold.addEventListener("click", () => {
      const open = !abstracts.some((abstract) => abstract.open);
      for (const abstract of abstracts) abstract.open = open;
      say();
    });
    for (const abstract of abstracts) abstract.addEventListener("toggle", say);
  }

  // Answers: j and k go from paper to paper, y and n answer, and the whole answer can be copied as commands.
  const [bar, copy, counts] = ["answer", "copy", "counts"].map(byId);
  const titleOf = (paper) => paper.querySelector("a").textContent;
  let current = null;
  const papers = () => Array.from(document.querySelectorAll("[data-paper]")).filter((paper) => paper.checkVisibility());
  const answered = (answer, proposed) =>
    everyPaper.filter((paper) => paper.dataset.answer === answer && ("proposed" in paper.dataset) === proposed);
  const everyPaper = [
    ...document.querySelectorAll(".cards > li"),
    ...groups.flatMap((group) => group.items.map((item) => item.line)),
  ];
  const move = (step) => {
    const all = papers();
    if (!all.length) return;
    const place = current?.isConnected ? all.indexOf(current) : -1;
    current?.classList.remove("current");
    current = all[Math.max(0, Math.min(all.length - 1, place + step))];
    current.classList.add("current");
    current.querySelector("a").focus({ preventScroll: true });
    current.scrollIntoView({ block: "nearest" });
  };
  const sayCounts = () => {
    const [yes, no] = ["yes", "no"].map((answer) => everyPaper.filter((paper) => paper.dataset.answer === answer).length);
    counts.textContent = yes || no ? `· ${count(yes)} yes, ${count(no)} no` : "";
    copy.disabled = !yes && !no;
  };
  const answer = (value) => {
    if (!current) return;
    if (current.dataset.answer === value) delete current.dataset.answer;
    else current.dataset.answer = value;
    sayCounts();
  };
  const quiet = (text) => text.replace(/\s+/g, " ");
  const commands = () => {
    const lines = [];
    const repo = /^[\w.-]+\/[\w.-]+$/.test(bar.dataset.place) ? ` --repo ${bar.dataset.place}` : "";
    for (const paper of answered("yes", false)) {
      lines.push(`# ${quiet(titleOf(paper))}`, `arxiv-bot propose ${paper.dataset.paper}${repo}`);
    }
    const out = answered("no", true);
    if (out.length) lines.push("# Remove from the pull request for good:");
    for (const paper of out) lines.push(`#   ${paper.dataset.paper} ${quiet(titleOf(paper))}`);
    if (out.length) lines.push(...untick(out.map((paper) => paper.dataset.paper)));
    const kept = answered("yes", true);
    if (kept.length) lines.push(`# Keep: ${kept.map((paper) => paper.dataset.paper).join(" ")}`);
    return `${lines.join("\n")}\n`;
  };
  // Commands for GitHub's CLI: fetch the pull request's text, untick the boxes of the papers, and write the text back.
  const untick = (ids) => {
    const pull = bar.dataset.pull;
    if (!/^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+\/pull\/\d+$/.test(pull)) return ["# There is no pull request yet."];
    const boxes = ids.map((id) => `-e 's|^- \\[[xX]\\] <!-- ${id} -->|- [ ] <!-- ${id} -->|'`);
    return [
      `gh pr view ${pull} --json body --jq .body |`,
      `  sed ${boxes.join(" ")} |`,
      `  gh pr edit ${pull} --body-file -`,
    ];
  };
  copy.addEventListener("click", async () => {
    const text = commands();
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = "Copied";
      setTimeout(() => (copy.textContent = "Copy the answer"), 1500);
    } catch {
      const place = document.createElement("pre");
      place.tabIndex = 0;
      place.textContent = text;
      bar.querySelector("pre")?.remove();
      bar.append(place);
      getSelection().selectAllChildren(place);
    }
  });
  addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { j: () => move(1), k: () => move(-1), y: () => answer("yes"), n: () => answer("no") }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  bar.hidden = everyPaper.length === 0;
})();
