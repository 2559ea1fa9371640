"use strict";
(() => {
  const form = document.querySelector(".filter");
  const [search, profile, status] = ["search", "profile", "status"].map((id) => document.getElementById(id));
  const rows = [...document.querySelectorAll("tbody tr[data-status]")].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    profiles: row.dataset.profiles ? row.dataset.profiles.split(" ") : [],
    status: row.dataset.status,
    details: row.querySelector("details"),
  }));
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const each of rows) {
      const fits =
        words.every((word) => each.text.includes(word)) &&
        (!profile.value || !each.profiles.length || each.profiles.includes(profile.value)) &&
        (!status.value || each.status === status.value);
      each.row.hidden = !fits;
    }
    for (const section of document.querySelectorAll("section")) {
      const all = section.querySelectorAll("tbody tr[data-status]");
      const count = section.querySelector(".count");
      if (count) {
        const left = [...all].filter((row) => !row.hidden).length;
        count.textContent = left === all.length ? `(${all.length})` : `(${left} of ${all.length})`;
      }
    }
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeprint", () => rows.forEach((each) => each.details && !each.row.hidden && (each.details.open = true)));
  show();
})();
