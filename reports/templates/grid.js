"use strict";
// Formulas are set when they come near the window; a cell that a link names opens; the data can be saved.
(() => {
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  document.documentElement.classList.add("js");
  const options = { throwOnError: false, strict: "ignore", maxExpand: 200, maxSize: 20, output: "htmlAndMathml" };
  const set = (node) => {
    if (node.dataset.done) return;
    const tex = node.textContent;
    node.dataset.done = "1";
    katex.render(tex, node, { ...options, displayMode: node.classList.contains("display") });
  };
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      set(target);
    }
  }, { rootMargin: "900px 2000px" });
  all(".m").forEach((node) => near.observe(node));
  addEventListener("beforeprint", () => all(".m").forEach(set));

  const go = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const details = target.closest("details");
    if (details) details.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", go);
  go();

  const save = document.getElementById("save");
  save.addEventListener("click", async (event) => {
    event.preventDefault();
    const bytes = Uint8Array.from(atob(document.getElementById("data").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await new Response(stream).blob());
    link.download = "grid.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
