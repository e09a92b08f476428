/* A copy in this browser of what the server has not confirmed yet. Never on a shared computer. */
(function () {
  "use strict";
  var doc = document, START = "baige:", OLD = 30 * 864e5;
  var note = doc.getElementById("local");
  var store;
  try { store = window.localStorage; store.getItem(START); } catch (error) { return; }

  /* A save leads on to an address that names the very copy that was sent with it: that one the server has. */
  var has = new URLSearchParams(location.search).get("copy");
  if (has) Object.keys(store).forEach(function (name) {
    var copy = name.indexOf(START) === 0 && read(name);
    if (copy && copy.mark === has) store.removeItem(name);
  });
  if (!note) return;

  function form() { return doc.querySelector("form[data-local]"); }
  function key(of) { return START + of.dataset.local; }
  function read(name) {
    try { return JSON.parse(store.getItem(name)); } catch (error) { return null; }
  }
  function asked(field) {
    return field.name && !/^(_|choice\.)/.test(field.name) && !/^(hidden|submit|button|file)$/.test(field.type);
  }
  function label(field) {
    var group = field.type === "radio" || field.type === "checkbox" ? field.closest("fieldset") : null;
    var words = group ? group.querySelector("legend") : field.labels && field.labels[0];
    return words ? words.textContent.trim() : "";
  }
  /* As the server sent it: a browser that comes back to a page puts in again what was typed there. */
  function served(field) {
    if (!field.options) return field.defaultValue;
    var chosen = Array.prototype.filter.call(field.options, function (each) { return each.defaultSelected; })[0] || field.options[0];
    return chosen ? chosen.value : "";
  }
  /* name -> {label, values}: a box that is not ticked is an answer too. */
  function answers(of, first) {
    var all = {};
    Array.prototype.forEach.call(of.elements, function (field) {
      if (!asked(field)) return;
      var one = all[field.name] = all[field.name] || { label: label(field), values: [] };
      if (/^(radio|checkbox)$/.test(field.type)) { if (first ? field.defaultChecked : field.checked) one.values.push(field.value); }
      else one.values.push(first ? served(field) : field.value);
    });
    return all;
  }
  function plain(values) { return values.join("\n").normalize("NFC").replace(/\s+/g, " ").trim(); }
  function differing(kept, shown) {
    return Object.keys(kept).filter(function (name) {
      return plain(kept[name].values) !== (shown[name] ? plain(shown[name].values) : "");
    });
  }

  /* ---- keep on every letter, forget when the server has it: this very text, and no other ---- */
  var now = 0, copies = [];
  function keep(of) {
    var name = key(of), at = Date.now();
    var copy = { at: at, mark: at.toString(36) + Math.random().toString(36).slice(2, 8), version: of.elements.version.value, path: location.pathname, answers: answers(of) };
    try {
      /* What is still offered here makes way, and is not written over. */
      copies.forEach(function (each) {
        if (each.name !== name || store.getItem(name) !== each.raw) return;
        each.name = name + "@" + each.copy.at;
        store.setItem(each.name, each.raw);
      });
      store.setItem(name, JSON.stringify(copy));
      of.dataset.offline = of.dataset.kept;
    } catch (error) { delete of.dataset.offline; }
  }
  function edited(event) {
    var of = form();
    if (!of || !event.target.closest || event.target.closest("form") !== of || !asked(event.target)) return;
    now += 1;
    keep(of);
  }
  function same(copy, data) {
    return Object.keys(copy.answers).every(function (name) { return plain(copy.answers[name].values) === plain(data.getAll(name)); });
  }
  doc.addEventListener("input", edited);
  doc.addEventListener("change", edited);
  doc.addEventListener("htmx:afterRequest", function (event) {
    var of = form(), said = event.detail.requestConfig, copy = of && read(key(of));
    if (!copy || !said || said.verb === "get" || event.detail.xhr.status < 200 || event.detail.xhr.status > 299) return;
    if (same(copy, said.formData)) store.removeItem(key(of)); else if (now) keep(of);
  });
  doc.addEventListener("submit", function (event) {
    var of = form(), copy = of && read(key(of)), action = of && of.getAttribute("action");
    if (!copy || !copy.mark || event.target !== of || event.defaultPrevented || !same(copy, new FormData(of))) return;
    of.action = action + "?copy=" + copy.mark;
    setTimeout(function () { of.setAttribute("action", action); }, 0);
  });

  /* ---- what was not saved is offered by offer.js; it is read before a letter typed here could stand over it ---- */
  Object.keys(store).forEach(function (name) {
    if (name.indexOf(START + note.dataset.of) !== 0) return;
    var copy = read(name), of = form();
    if (!copy || !copy.answers || Date.now() - copy.at > OLD) { store.removeItem(name); return; }
    var here = of && key(of) === name.split("@")[0];
    if (of && !here) return;
    var names = differing(copy.answers, here ? answers(of, true) : {});
    if (names.length) copies.push({ name: name, raw: store.getItem(name), copy: copy, names: names, of: here ? of : null });
    /* A page of errors shows what was typed, which is not always what is kept. */
    else if (!here || of.matches("[data-saved]")) store.removeItem(name);
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
