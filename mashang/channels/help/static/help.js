/* Finds while one types: the same list that the search page shows, asked for when the typing pauses. */
(() => {
  const PAUSE_MS = 220;
  const form = document.querySelector(".search");
  const found = document.getElementById("found");
  const rest = document.getElementById("rest");
  if (!form || !found || !window.fetch || !window.AbortController) return;
  const field = form.elements.q;
  const isSearch = location.pathname === form.getAttribute("action");
  let asked = field.value.trim();
  let timer = 0;
  let asking = null;

  const address = (words, part) => {
    const query = new URLSearchParams(new FormData(form));
    query.set("q", words);
    if (part) query.set("part", "1");
    return `${form.getAttribute("action")}?${query}`;
  };

  const show = (list) => {
    found.innerHTML = list;
    found.hidden = list === "";
    rest.hidden = list !== "";
  };

  const look = async () => {
    const words = field.value.trim();
    if (words === asked) return;
    asked = words;
    if (asking) asking.abort();
    asking = null;
    if (words === "") return isSearch || show("");
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await fetch(address(words, true), { signal: mine.signal });
      const list = await answer.text();
      if (asking !== mine || (!answer.ok && answer.status !== 429)) return;
      show(list);
      if (isSearch) history.replaceState(null, "", address(words, false));
    } catch {
      // without a network, or asked anew: the form still searches
    }
  };

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(look, PAUSE_MS);
  });
  field.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
})();
