/* A file on its way: how far it is, in words; too large is said before it is sent; a lost one is sent again. */
(function () {
  "use strict";
  var doc = document;
  function on(name, act) { doc.addEventListener(name, act); }
  function upload(node) { var form = node && node.closest && node.closest("form"); return form && form.matches("[data-upload]") ? form : null; }
  function tell(form, text) { form.querySelector("[role=status]").textContent = text; }
  function tooLarge(form) {
    var input = form.querySelector("[type=file]"), error = form.querySelector(".emsg");
    var large = !!input.files[0] && input.files[0].size > Number(form.dataset.upload);
    if (!large && input.getAttribute("aria-invalid") !== "true") return false;
    error.hidden = !large;
    error.lastElementChild.textContent = large ? form.dataset.large : "";
    input.closest(".field").classList.toggle("bad", large);
    if (!large) { input.removeAttribute("aria-invalid"); return false; }
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", input.id + "-hint " + error.id);
    return true;
  }
  on("change", function (event) {
    var form = upload(event.target);
    if (form && event.target.type === "file") tooLarge(form);
  });
  /* Before app.js hears of it, which would take the next press for the same one. */
  window.addEventListener("submit", function (event) {
    if (!upload(event.target) || !tooLarge(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.querySelector("[type=file]").focus();
  }, true);
  on("htmx:sendError", lost);
  on("htmx:timeout", lost);
  function lost(event) {
    var form = upload(event.detail.elt);
    if (!form) return;
    doc.dispatchEvent(new CustomEvent("baige:lost", {
      detail: { message: form.dataset.lost, again: function () { form.requestSubmit(); } }
    }));
  }
  on("htmx:xhr:progress", function (event) {
    var form = upload(event.target), sent = event.detail;
    if (!form || !sent.lengthComputable) return;
    var part = Math.floor(sent.loaded / sent.total * 10) * 10;
    if (form.dataset.part === String(part)) return;
    form.dataset.part = part;
    tell(form, part < 100 ? form.dataset.sending + ": " + part + " %" : form.dataset.checking + "…");
  });
  on("htmx:afterRequest", function (event) {
    var form = upload(event.detail.elt);
    if (form && doc.contains(form)) { delete form.dataset.part; tell(form, ""); }
  });
})();
