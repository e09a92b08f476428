/* A copy in this browser of what the server has not confirmed yet. Never on a shared computer. */
(function () {
  "use strict";
  var doc = document, START = "baige:", OLD = 30 * 864e5;
  var note = doc.getElementById("local");
  var store;
  try { store = window.localStorage; store.getItem(START); } catch (error) { return; }
  if (!note) return;

  function form() { return doc.querySelector("form[data-local]"); }
  function key(of) { return START + of.dataset.local; }
  function read(name) {
    try { return JSON.parse(store.getItem(name)); } catch (error) { return null; }
  }
  function asked(field) {
    return field.name && !/^(_|choice\.)/.test(field.name) && !/^(hidden|submit|button)$/.test(field.type);
  }
  function label(field) {
    var group = field.type === "radio" || field.type === "checkbox" ? field.closest("fieldset") : null;
    var words = group ? group.querySelector("legend") : field.labels && field.labels[0];
    return words ? words.textContent.trim() : "";
  }
  /* name -> {label, values}: a box that is not ticked is an answer too. */
  function answers(of) {
    var all = {};
    Array.prototype.forEach.call(of.elements, function (field) {
      if (!asked(field)) return;
      var one = all[field.name] = all[field.name] || { label: label(field), values: [] };
      if (/^(radio|checkbox)$/.test(field.type)) { if (field.checked) one.values.push(field.value); }
      else one.values.push(field.value);
    });
    return all;
  }
  function plain(values) { return values.join("\n").normalize("NFC").replace(/\s+/g, " ").trim(); }
  function differing(kept, shown) {
    return Object.keys(kept).filter(function (name) {
      return plain(kept[name].values) !== (shown[name] ? plain(shown[name].values) : "");
    });
  }

  /* ---- keep on every letter, forget when the server has it ---- */
  var now = 0, sent = 0;
  function keep(of) {
    var copy = { at: Date.now(), version: of.elements.version.value, path: location.pathname, answers: answers(of) };
    try { store.setItem(key(of), JSON.stringify(copy)); of.dataset.offline = of.dataset.kept; }
    catch (error) { delete of.dataset.offline; }
  }
  function edited(event) {
    var of = form();
    if (!of || !event.target.closest || event.target.closest("form") !== of || !asked(event.target)) return;
    now += 1;
    keep(of);
  }
  doc.addEventListener("input", edited);
  doc.addEventListener("change", edited);
  doc.addEventListener("htmx:beforeRequest", function (event) { if (form() && form().contains(event.detail.elt)) sent = now; });
  doc.addEventListener("htmx:afterRequest", function (event) {
    var of = form(), said = event.detail.requestConfig;
    if (!of || !said || said.verb === "get" || event.detail.xhr.status < 200 || event.detail.xhr.status > 299) return;
    if (now === sent) store.removeItem(key(of)); else keep(of);
  });
  doc.addEventListener("submit", function (event) {
    var of = form();
    if (of && event.target === of && !event.defaultPrevented) sessionStorage.setItem("sent", key(of));
  });

  /* ---- what was not saved is offered by offer.js; it is read before a letter typed here could stand over it ---- */
  var copies = [];
  Object.keys(store).forEach(function (name) {
    if (name.indexOf(START + note.dataset.of) !== 0) return;
    var copy = read(name), of = form();
    if (!copy || !copy.answers || Date.now() - copy.at > OLD) { store.removeItem(name); return; }
    var here = of && key(of) === name;
    if (of && !here) return;
    var names = differing(copy.answers, here ? answers(of) : {});
    if (!names.length) store.removeItem(name); else copies.push({ name: name, copy: copy, names: names, of: here ? of : null });
  });
  if (!copies.length) return;
  window.baigeCopies = {
    all: copies,
    left: function (copy, of) { return differing(copy.answers, answers(of)); },
    asked: asked,
    kept: function (of) { now += 1; keep(of); }
  };
  doc.head.appendChild(doc.createElement("script")).src = note.dataset.offer;
})();
