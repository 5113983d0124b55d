// Files go as soon as they are chosen, each on its own, photos made smaller first and shown meanwhile. When all are there, or when one
// is not taken, the form goes the way it goes without this script, so that the server says how it stands.
var longest = 2000, small = 500000; // pixels of the longer side, bytes below which a photo stays as it is

// shrink gives the photo as a smaller JPEG, or the file itself when that is no photo, small, or not readable here.
function shrink(file) {
  if (!/^image\//.test(file.type) || !window.createImageBitmap) return Promise.resolve({ file: file });
  return createImageBitmap(file, { imageOrientation: 'from-image' }).then(function (photo) {
    var by = Math.min(1, longest / Math.max(photo.width, photo.height)), drawn = draw(photo, by);
    var preview = draw(photo, Math.min(1, 112 / Math.max(photo.width, photo.height))).toDataURL('image/jpeg', .7);
    if (by === 1 && file.size <= small && file.type !== 'image/heic') return { file: file, preview: preview };
    return new Promise(function (done) {
      drawn.toBlob(function (blob) {
        var smaller = blob && (blob.size < file.size || !/jpeg|png|webp/.test(file.type));
        done({ file: smaller ? new File([blob], file.name, { type: 'image/jpeg' }) : file, preview: preview });
      }, 'image/jpeg', .85);
    });
  }).catch(function () { return { file: file }; });
}

function draw(photo, by) {
  var c = document.createElement('canvas');
  c.width = Math.max(1, Math.round(photo.width * by)); c.height = Math.max(1, Math.round(photo.height * by));
  var g = c.getContext('2d');
  g.fillStyle = '#fff'; g.fillRect(0, 0, c.width, c.height); // what shows through would turn black
  g.drawImage(photo, 0, 0, c.width, c.height);
  return c;
}

function show(list, one) {
  var li = document.createElement('li'), img = document.createElement('img'), name = document.createElement('span');
  li.className = 'zj-file'; img.className = 'zj-file__p'; name.className = 'zj-grow zj-clip';
  img.alt = ''; if (one.preview) { img.src = one.preview; li.append(img); }
  name.textContent = one.file.name;
  li.append(name); list.append(li);
}

document.querySelectorAll('[data-upload]').forEach(function (box) {
  var input = box.querySelector('input[type=file]'), go = box.querySelector('[data-sending]'), form = box.closest('form');
  if (!input || !form || !window.fetch || !form.requestSubmit) return;
  go.parentNode.hidden = true;
  function send(one) {
    var data = new FormData();
    form.querySelectorAll('input[type=hidden]').forEach(function (i) { if (i.name[0] === '_') data.append(i.name, i.value); });
    data.append('_go', 'upload');
    data.append(input.name, one.file, one.file.name);
    return fetch(form.action, { method: 'POST', body: data, credentials: 'same-origin', redirect: 'manual' }).then(function (r) {
      return r.type === 'opaqueredirect' || r.ok;
    });
  }
  function finish(left) {
    var keep = new DataTransfer();
    left.forEach(function (f) { keep.items.add(f); });
    input.files = keep.files;
    go.parentNode.hidden = false;
    form.requestSubmit(go);
  }
  input.addEventListener('change', function () {
    var files = Array.from(input.files), say = box.querySelector('[data-status]'), list = box.querySelector('[data-files]');
    function next(i) {
      if (i === files.length) return finish([]);
      say.textContent = go.dataset.sending.replace('{n}', i + 1).replace('{of}', files.length);
      shrink(files[i]).then(function (one) {
        files[i] = one.file;
        show(list, one);
        return send(one);
      }).then(function (taken) {
        if (taken) next(i + 1); else finish(files.slice(i));
      }, function () { go.parentNode.hidden = false; }); // no network: the button is there to try again
    }
    if (files.length) next(0);
  });
});
