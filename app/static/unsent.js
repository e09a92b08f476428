/* A review that was sent saves nothing by itself: what is typed since is only here, and the line beside the button
   says so, until it is sent or as it was. */
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("review"), line = doc.getElementById("save-status");
  if (!form || !line || line.classList.contains("bad")) return;
  var said = Array.from(line.childNodes), shown = false;
  function differs(field) {
    if (field.type === "hidden" || !field.name) return false;
    if (/^(radio|checkbox)$/.test(field.type)) return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return Array.from(field.options).some(function (one) { return one.selected !== one.defaultSelected; });
    return /^(INPUT|TEXTAREA)$/.test(field.tagName) && field.value !== field.defaultValue;
  }
  function look() {
    var unsent = Array.from(form.elements).some(differs);
    if (unsent === shown) return;
    shown = unsent;
    line.classList.toggle("bad", unsent);
    if (unsent) line.textContent = line.dataset.unsent; else line.replaceChildren.apply(line, said);
  }
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  /* What the browser has put back by itself, after a reload or on the way back. */
  window.addEventListener("pageshow", look);
})();
