/* Texts of this browser that the server does not have: offered beside what is there, never put over it. Asked for
   by local.js where it has found one. */
(function () {
  "use strict";
  var doc = document, copies = window.baigeCopies, note = doc.getElementById("local");

  function text(copy, names) {
    return names.map(function (name) {
      return copy.answers[name].label + "\n" + copy.answers[name].values.join("\n");
    }).join("\n\n");
  }
  function put(of, copy, each) {
    /* The version that was seen then: had somebody saved since, the server shows both texts. */
    of.elements.version.value = copy.version;
    Array.prototype.forEach.call(of.elements, function (field) {
      var one = copies.asked(field) && copy.answers[field.name];
      if (!one) return;
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = one.values.indexOf(field.value) >= 0;
      else if (one.values.length) field.value = one.values[0];
      if (field.dataset.cap) field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    if (!copies.left(copy, of).length) localStorage.removeItem(each.name);
    copies.kept(of);
    of.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function offer(each) {
    var copy = each.copy, names = each.names, of = each.of;
    /* In Almaty's time, as the server says when it saved: UTC+5, which old devices do not know yet. */
    function there(time) { return new Date(time + 18e6); }
    var panel = note.content.firstElementChild.cloneNode(true), at = there(copy.at);
    function part(which) { return panel.querySelector("[data-part=" + which + "]"); }
    var lang = doc.documentElement.lang, clock = at.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "UTC" });
    var day = at.toISOString().slice(0, 10) === there(Date.now()).toISOString().slice(0, 10) ? "" : at.toLocaleDateString(lang, { timeZone: "UTC" }) + ", ";
    part("title").textContent = part("title").textContent.replace("{time}", day + clock);
    part("text").textContent = text(copy, names);
    part("save").href = URL.createObjectURL(new Blob([text(copy, names)], { type: "text/plain;charset=utf-8" }));
    part("page").href = copy.path;
    part("page").hidden = !!of || note.hasAttribute("data-locked");
    part("put").hidden = !of;
    part("put").addEventListener("click", function () {
      put(of, copy, each);
      var left = copies.left(copy, of);
      if (!left.length) panel.remove(); else part("text").textContent = text(copy, left);
      doc.getElementById("main").focus();
    });
    part("drop").addEventListener("click", function () {
      localStorage.removeItem(each.name);
      panel.remove();
      doc.getElementById("main").focus();
    });
    note.after(panel);
  }

  copies.all.forEach(offer);
})();
