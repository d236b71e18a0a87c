// A report works without this: it filters the rows of calls, and opens a call that a link leads to.
(function () {
  const filter = document.getElementById("filter-text");
  if (filter) {
    filter.parentElement.hidden = false;
    filter.addEventListener("input", () => {
      const wanted = filter.value.toLowerCase();
      for (const row of document.querySelectorAll("#calls tr")) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
      }
    });
  }
  function open() {
    const found = document.getElementById(location.hash.slice(1));
    const whole = found && (document.getElementById(`${found.id}-whole`) || found);
    if (whole instanceof HTMLDetailsElement) {
      whole.open = true;
      whole.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#call-']");
    if (link && link.hash === location.hash) open();
  });
  open();
})();
