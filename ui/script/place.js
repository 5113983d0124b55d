// "Use my location" of the city chooser. The button is hidden without script; the position goes to our own
// server once, rounded to about a kilometre, to be turned into a city, and is not stored.
document.querySelectorAll('[data-place]').forEach(function (b) {
  if (!navigator.geolocation) { b.hidden = true; return; }
  var say = document.getElementById(b.getAttribute('aria-describedby'));
  b.addEventListener('click', function (e) {
    e.preventDefault();
    b.setAttribute('aria-busy', 'true');
    navigator.geolocation.getCurrentPosition(function (p) {
      location.assign(b.dataset.place + '?lat=' + p.coords.latitude.toFixed(2) + '&lng=' + p.coords.longitude.toFixed(2));
    }, function () {
      b.removeAttribute('aria-busy');
      if (say) say.textContent = b.dataset.failed;
    }, { timeout: 8000, maximumAge: 600000 });
  });
});
