"use strict";
(() => {
  const PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const words = data.words;

  // Lower case without tones and vowel marks; đ is a letter of its own and needs its own line.
  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[đð]/g, "d");

  const rows = data.rows.map((values) => {
    const row = Object.fromEntries(data.columns.map((name, i) => [name, values[i]]));
    const { title, source, published, url } = data.articles[row.article];
    Object.assign(row, { title, source, published, url });
    row.status_words = words.status[row.status] ?? row.status;
    row.pillar_words = row.pillar ? words.pillar[row.pillar] ?? row.pillar : "";
    row.official_words = words.against_official[row.official] ?? row.official;
    row.official_name = data.official_names[row.indicator_id] ?? "";
    row.rule_words = data.rules[row.rule] ?? row.rule;
    row.folded = fold([
      title, source, row.indicator, row.official_name, row.level, row.surface,
      row.deadline_words, row.place, row.notes,
    ].join("\n"));
    return row;
  });

  let visible = rows;
  let first = 0;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const labels = [...document.querySelectorAll("#entries th")].map((th) => th.textContent);

  const cell = (column, ...children) => {
    const td = document.createElement("td");
    const kept = children.filter((child) => child.textContent);
    const box = document.createElement("div");
    box.append(...kept);
    td.append(box);
    td.dataset.label = labels[column];
    if (!kept.length) td.className = "empty";
    return td;
  };

  const titleOf = (row) => {
    if (!row.anchor && !row.url) return element("bdi", row.title);
    const link = element("a", row.title);
    link.href = row.anchor ? `#${row.anchor}` : row.url;
    link.rel = "noopener noreferrer";
    return link;
  };

  const line = (row) => {
    const tr = document.createElement("tr");
    const about = [row.source, data.articles[row.article].date].filter(Boolean).join(" · ");
    const official = row.indicator_id ? `${row.indicator_id}: ${row.official_name}` : "";
    tr.append(
      cell(0, titleOf(row), element("small", about)),
      cell(1, element("bdi", row.indicator), element("small", official), element("small", row.notes)),
      cell(2, element("span", row.level, "level"),
        element("small", row.surface === row.level ? "" : `“${row.surface}”`)),
      cell(3, element("span", row.deadline_words)),
      cell(4, element("span", row.status_words, `chip ${row.status}`)),
      cell(5, element("span", row.pillar_words, `chip p-${row.pillar}`)),
      cell(6, element("bdi", row.place)),
      cell(7, element("span", row.official_words)),
      cell(8, element("small", row.rule_words)),
    );
    return tr;
  };

  const count = (number) => number.toLocaleString("vi-VN");

  const show = () => {
    const shown = visible.slice(first, first + PAGE);
    document.querySelector("#entries tbody").replaceChildren(...shown.map(line));
    byId("range").textContent = shown.length
      ? `${count(first + 1)}–${count(first + shown.length)}` : "0";
    byId("found").textContent = count(visible.length);
    byId("previous").disabled = first === 0;
    byId("next").disabled = first + PAGE >= visible.length;
    byId("download").disabled = visible.length === 0;
    byId("nothing").hidden = visible.length > 0;
  };

  const filter = () => {
    const terms = fold(byId("search").value).split(/\s+/).filter(Boolean);
    const [status, pillar, official] = ["status", "pillar", "official"].map((id) => byId(id).value);
    const once = byId("once").checked;
    visible = rows.filter((row) =>
      (!status || row.status === status) &&
      (!pillar || (row.pillar || "none") === pillar) &&
      (!official || row.official === official) &&
      !(once && row.copy) &&
      terms.every((term) => row.folded.includes(term)));
    first = 0;
    show();
  };

  // A text that a spreadsheet would take for a formula gets an apostrophe, as in trucot export.
  const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
  const field = (value) => {
    const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value ?? "");
    return `"${text.replaceAll('"', '""')}"`;
  };

  const download = () => {
    const lines = [data.headings.map(([, heading]) => heading)];
    for (const row of visible) lines.push(data.headings.map(([name]) => row[name]));
    const text = "\ufeff" + lines.map((values) => values.map(field).join(",") + "\r\n").join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = words.file.csv;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const reveal = () => {
    const at = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    const story = at && at.closest("details");
    if (!story) return;
    story.open = true;
    at.scrollIntoView({ block: "center" });
  };

  if (rows.length) {
    byId("filters").addEventListener("input", filter);
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("previous").addEventListener("click", () => { first -= PAGE; show(); });
    byId("next").addEventListener("click", () => { first += PAGE; show(); });
    byId("download").addEventListener("click", download);
    filter();
  }
  for (const [id, open] of [["open", true], ["close", false]]) {
    byId(id)?.addEventListener("click", () => {
      for (const story of document.querySelectorAll("details.story")) story.open = open;
    });
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
