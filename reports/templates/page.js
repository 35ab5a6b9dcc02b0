"use strict";
// The page without its graph: formulas, claims that open at their signs, links by fragment, the filter.
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  document.documentElement.classList.add("js");

  // -- What lies compressed in the page.
  const unpacked = async (id) => {
    const bytes = Uint8Array.from(atob($(id).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  };
  const details = unpacked("details").then(JSON.parse);

  // -- Formulas are set when they come near the window: all of them would be a quarter of a million elements.
  const ours = /^#claim-[\w.-]+$/;
  const options = {
    throwOnError: false, strict: "ignore", maxExpand: 200, maxSize: 20, output: "htmlAndMathml",
    trust: ({ command, url }) => command === "\\href" && ours.test(url),
  };

  const set = (node) => {
    if (node.dataset.done) return;
    const tex = node.textContent;
    node.dataset.done = "1";
    katex.render(tex, node, { ...options, displayMode: node.classList.contains("display") });
    const signs = all(".katex-html a", node);
    if (signs.length) dress(node, signs);
  };

  // A relation sign takes colour and name from its note; the rest of the picture stays hidden from readers of MathML.
  const dress = (node, signs) => {
    all(".katex-mathml [href]", node).forEach((one) => one.removeAttribute("href"));
    for (const sign of signs) {
      const note = $(sign.getAttribute("href").slice(1));
      const open = note?.querySelector(".open");
      sign.classList.add("sign", ...(note ? [...note.classList].filter((c) => c !== "note") : []));
      if (open) sign.setAttribute("aria-label", open.getAttribute("aria-label"));
      if (open) sign.title = open.getAttribute("aria-label");
      sign.setAttribute("aria-expanded", "false");
    }
    const html = node.querySelector(".katex-html");
    html.removeAttribute("aria-hidden");
    const hide = (parent) => {
      for (const child of parent.children) {
        if (child.classList.contains("sign")) continue;
        if (child.querySelector(".sign")) hide(child);
        else child.setAttribute("aria-hidden", "true");
      }
    };
    hide(html);
  };

  const formulas = all(".m");
  let pinned = null;
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      set(target);
    }
    pinned?.scrollIntoView();
  }, { rootMargin: "1000px 0px" });
  formulas.forEach((one) => near.observe(one));
  addEventListener("beforeprint", () => formulas.forEach(set));

  // The target of a link stays where it is while formulas above it are set, until the reader moves.
  for (const moves of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(moves, () => { pinned = null; }, { passive: true, capture: true });
  }

  // -- Claims: one open at a time, under its display.
  let opened = null; // { anchor, panel, opener }
  const handles = (anchor) => all(`a.sign[href="#${anchor}"], a.open[href="#${anchor}"]`);

  const close = (back) => {
    if (!opened) return;
    const { anchor, panel, opener } = opened;
    opened = null;
    panel.remove();
    handles(anchor).forEach((one) => one.setAttribute("aria-expanded", "false"));
    if (back) (opener?.isConnected ? opener : $(anchor).querySelector(".open")).focus({ preventScroll: true });
  };

  const show = async (anchor, opener) => {
    const note = $(anchor);
    const { panels } = await details;
    close(false);
    const panel = document.createElement("section");
    panel.className = `panel ${note.dataset.kind}`;
    panel.tabIndex = -1;
    panel.setAttribute("aria-label", note.querySelector(".open").getAttribute("aria-label"));
    panel.innerHTML = panels[anchor]; // written by the template, escaped there
    const article = note.closest("article");
    article.append(panel);
    all(".m", panel).forEach(set);
    panel.querySelector(".close").addEventListener("click", () => close(true));
    opened = { anchor, panel, opener };
    handles(anchor).forEach((one) => one.setAttribute("aria-expanded", "true"));
    panel.focus({ preventScroll: true });
    return article;
  };

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened) close(true);
    if (event.key === "/" && !event.target.closest("input, select")) {
      event.preventDefault();
      search.focus();
    }
  });

  // -- Links by fragment: whatever hides the target gives way.
  const reveal = async (id, opener) => {
    let target = $(id);
    pinned = null;
    if (!target) return;
    $("contents").parentElement.classList.remove("open");
    if (target.closest("[hidden]")) lift();
    const folded = target.closest("details");
    if (folded) folded.open = true;
    if (target.matches(".node")) return target.dispatchEvent(new Event("choose"));
    if (target.matches(".note")) {
      const article = target.closest("article");
      all(".m", article).forEach(set);
      target = article;
      const inView = opener && article.contains(opener);
      await show(id, opener);
      if (inView) return opened.panel.scrollIntoView({ block: "nearest" });
    }
    all(".m", target).slice(0, 20).forEach(set);
    target.scrollIntoView();
    pinned = target;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (link.matches(".sign, .open") && opened?.anchor === id) {
      event.preventDefault();
      return close(true);
    }
    if (!$(id)?.matches(".note")) {
      if (location.hash.slice(1) === id) reveal(id, link);
      return;
    }
    event.preventDefault();
    if (location.hash.slice(1) !== id) history.pushState(null, "", `#${id}`);
    reveal(id, link);
  });
  const follow = () => location.hash && reveal(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", follow);

  // -- Filter: verdicts, severity, section, text; what is not chosen does not restrict.
  const tools = $("filter");
  const search = $("search");
  const buttons = all("button[data-kind]", tools);
  const parts = all(".part").map((part) => ({ part, number: part.dataset.number, title: part.querySelector("h3").textContent.toLowerCase() }));
  const displays = parts.flatMap(({ part, number, title }) => all(".equation", part).map((article) => {
    const notes = all(".note", article);
    const claims = notes.length ? notes.map((n) => [n.dataset.kind, n.dataset.severity]) : [[article.dataset.kinds, ""]];
    return { article, part, number, title, claims };
  }));
  const plain = (text) => text.toLowerCase().replace(/\s+/g, " ");
  let texts = {};

  const filter = () => {
    const kinds = buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.kind);
    const severity = $("severity").value;
    const section = $("section").value;
    const wanted = plain(search.value.trim());
    const full = new Set();
    let count = 0;
    for (const { article, part, number, title, claims } of displays) {
      const fits = claims.some(([k, s]) => (!kinds.length || kinds.includes(k)) && (!severity || s === severity))
        && (!section || number === section || number.startsWith(`${section}.`))
        && (!wanted || title.includes(wanted) || (texts[article.id] ?? "").includes(wanted));
      article.hidden = !fits;
      count += fits;
      if (fits) full.add(part);
    }
    const restricted = kinds.length || severity || section || wanted;
    for (const { part } of parts) part.hidden = Boolean(restricted) && !full.has(part);
    if (opened?.panel.closest("[hidden]")) close(false);
    $("nothing").hidden = count > 0 || !restricted;
    $("show-all").hidden = !restricted;
    $("shown").textContent = count ? `${count} of ${displays.length} shown` : "Nothing found";
  };
  const lift = () => {
    for (const one of [search, $("severity"), $("section")]) one.value = "";
    buttons.forEach((b) => b.setAttribute("aria-pressed", "false"));
    filter();
  };
  buttons.forEach((b) => b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
    filter();
  }));
  tools.addEventListener("input", filter);
  all("#show-all, #nothing button").forEach((b) => b.addEventListener("click", () => { lift(); search.focus(); }));
  details.then((found) => {
    texts = Object.fromEntries(Object.entries(found.texts).map(([id, text]) => [id, plain(text)]));
    if (search.value) filter();
  });
  filter();

  // -- Contents, theme, saving.
  const nav = document.querySelector("nav");
  $("menu").addEventListener("click", () => $("menu").setAttribute("aria-expanded", String(nav.classList.toggle("open"))));
  const dark = () => (document.documentElement.style.colorScheme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const name = () => { $("theme").textContent = dark() ? "Light" : "Dark"; };
  $("theme").addEventListener("click", () => {
    document.documentElement.style.colorScheme = dark() ? "light" : "dark";
    name();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  name();

  const entries = new Map(all('nav a[href^="#"]').map((a) => [a.getAttribute("href").slice(1), a]));
  const spy = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      const entry = entries.get(target.id);
      entry.toggleAttribute("aria-current", isIntersecting);
      const [box, frame] = [entry.getBoundingClientRect(), nav.getBoundingClientRect()];
      if (isIntersecting && (box.top < frame.top || box.bottom > frame.bottom)) nav.scrollTop += box.top - frame.top - frame.height / 3;
    }
  }, { rootMargin: "-30% 0px -65% 0px" });
  all("main section[id], header[id]").filter((one) => entries.has(one.id)).forEach((one) => spy.observe(one));

  $("save").addEventListener("click", async (event) => {
    event.preventDefault();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await unpacked("verdicts")], { type: "application/json" }));
    link.download = "verdicts.json";
    link.click();
  });

  follow();
})();
