// "Use my present position" beside a select of districts. The button is hidden without script; the position is rounded to a thousandth of
// a degree, about 100 m, before it goes anywhere, and leaves the page with the form, never in an address. With data-send it does so at once.
document.querySelectorAll('[data-near]').forEach(function (b) {
  if (!navigator.geolocation) { b.hidden = true; return; }
  var say = document.getElementById(b.getAttribute('aria-describedby'));
  b.addEventListener('click', function () {
    var list = document.getElementById(b.dataset.near);
    b.setAttribute('aria-busy', 'true');
    navigator.geolocation.getCurrentPosition(function (p) {
      var o = list.querySelector('option[data-own]') || document.createElement('option');
      o.value = p.coords.latitude.toFixed(3) + ',' + p.coords.longitude.toFixed(3);
      o.textContent = b.dataset.here;
      o.setAttribute('data-own', '');
      list.appendChild(o);
      list.value = o.value;
      b.removeAttribute('aria-busy');
      if ('send' in b.dataset) { list.form.requestSubmit(); return; }
      if (say) say.textContent = b.dataset.done;
    }, function () {
      b.removeAttribute('aria-busy');
      if (say) say.textContent = b.dataset.failed;
      var other = list.closest('details');
      if (other) other.open = true;
    }, { timeout: 8000, maximumAge: 60000 });
  });
});
