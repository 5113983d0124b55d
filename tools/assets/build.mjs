// Builds ui/asset/dist, which the binary embeds: htmx, the icon sprite, the receipt fonts (from node_modules, see
// package-lock.json) and our own styles and scripts, each under a name that carries its hash, each also as br and gz.
// Run by `make assets`; needs Node 20 and `npm ci`, nothing else. The result is the same on every machine.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync, inflateSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = join(root, 'ui', 'asset', 'dist');
const modules = join(root, 'node_modules');
const sc = join(modules, '@fontsource', 'noto-sans-sc');

for (const need of ['htmx.org', 'lucide-static', '@fontsource/noto-sans-sc']) {
  if (!existsSync(join(modules, need))) {
    console.error(`node_modules/${need} is missing: run "npm ci" first (make assets does)`);
    process.exit(1);
  }
}

// --- our styles: comments and idle white space go, nothing else changes ---
function style(...names) {
  return names.map((n) => readFileSync(join(root, 'ui', 'css', n), 'utf8')).join('\n')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([{};,>])\s*/g, '$1')
    .replace(/([a-z0-9-]):\s+(?=[^{}]*[;}])/g, '$1:')
    .replace(/;}/g, '}')
    .trim();
}

// --- our scripts: one file for each folder, each part in its own scope; whole-line comments go ---
function scripts(...folder) {
  const dir = join(root, 'ui', 'script', ...folder);
  return readdirSync(dir).filter((f) => f.endsWith('.js')).sort().map((f) => {
    const body = readFileSync(join(dir, f), 'utf8').split('\n').map((l) => l.trim())
      .filter((l) => l && !l.startsWith('//')).join('\n');
    return `(function(){\n${body}\n})();`;
  }).join('\n') + '\n';
}

// --- the icon sprite: only the icons listed in icons.txt ---
function sprite() {
  const names = readFileSync(join(root, 'tools', 'assets', 'icons.txt'), 'utf8').split('\n').map((l) => l.trim()).filter((l) => l && !l.startsWith('#')).sort();
  const symbols = names.map((n) => {
    const [file, id] = n.includes('=') ? n.split('=').reverse() : [n, n];
    const svg = readFileSync(join(modules, 'lucide-static', 'icons', `${file}.svg`), 'utf8');
    const inner = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>[\s\S]*$/, '')
      .replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>');
    return `<symbol id="${id}" viewBox="0 0 24 24">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}

// --- fonts: a woff is a TrueType file whose tables are compressed one by one ---
function trueType(woff) {
  const n = woff.readUInt16BE(12);
  const tables = [];
  for (let i = 0; i < n; i++) {
    const o = 44 + i * 20;
    const at = woff.readUInt32BE(o + 4), packed = woff.readUInt32BE(o + 8), size = woff.readUInt32BE(o + 12);
    const raw = woff.subarray(at, at + packed);
    tables.push({ tag: woff.subarray(o, o + 4), sum: woff.readUInt32BE(o + 16), data: packed < size ? inflateSync(raw) : raw });
  }
  const head = Buffer.alloc(12 + n * 16);
  const power = 2 ** Math.floor(Math.log2(n));
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  head.writeUInt16BE(n, 4); head.writeUInt16BE(power * 16, 6); head.writeUInt16BE(Math.log2(power), 8); head.writeUInt16BE((n - power) * 16, 10);
  const parts = [head];
  let at = head.length;
  tables.forEach((t, i) => {
    const o = 12 + i * 16;
    t.tag.copy(head, o); head.writeUInt32BE(t.sum, o + 4); head.writeUInt32BE(at, o + 8); head.writeUInt32BE(t.data.length, o + 12);
    const pad = (4 - (t.data.length % 4)) % 4;
    parts.push(t.data, Buffer.alloc(pad));
    at += t.data.length + pad;
  });
  return { file: Buffer.concat(parts), cmap: tables.find((t) => t.tag.toString('latin1') === 'cmap').data };
}

function runes(cmap) {
  const out = new Set();
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const off = cmap.readUInt32BE(8 + i * 8);
    if (cmap.readUInt16BE(off) !== 4) continue; // fpdf reads the basic plane only, from format 4
    const segs = cmap.readUInt16BE(off + 6) / 2;
    for (let k = 0; k < segs; k++) {
      const end = cmap.readUInt16BE(off + 14 + k * 2), start = cmap.readUInt16BE(off + 16 + (segs + k) * 2);
      const delta = cmap.readUInt16BE(off + 16 + (2 * segs + k) * 2), at = off + 16 + (3 * segs + k) * 2, shift = cmap.readUInt16BE(at);
      for (let c = start; c <= end && c < 0xffff; c++) {
        const glyph = shift === 0 ? (c + delta) & 0xffff : cmap.readUInt16BE(at + shift + (c - start) * 2);
        if (glyph !== 0) out.add(c); // a segment may hold holes, and a hole prints as an empty box
      }
    }
  }
  return out;
}

function fonts() {
  const dir = join(sc, 'files');
  const main = trueType(readFileSync(join(dir, 'noto-sans-sc-chinese-simplified-400-normal.woff')));
  const have = runes(main.cmap);
  const list = [{ name: 'receipt.ttf', file: main.file, runes: new Set(have) }];
  const slices = readdirSync(dir).filter((f) => /^noto-sans-sc-\d+-400-normal\.woff$/.test(f)).sort((a, b) => a.match(/\d+/)[0] - b.match(/\d+/)[0]);
  for (const f of slices) {
    const s = trueType(readFileSync(join(dir, f)));
    const fresh = new Set([...runes(s.cmap)].filter((c) => !have.has(c)));
    if (fresh.size === 0) continue;
    fresh.forEach((c) => have.add(c));
    list.push({ name: `receipt-${f.match(/-(\d+)-/)[1]}.ttf`, file: s.file, runes: fresh });
  }
  return list;
}

// --- write ---
// Only what changed is written, and what is no longer made is removed last, so that a build that runs beside this one
// never finds the folder empty.
mkdirSync(join(dist, 'font'), { recursive: true });
const made = new Set();
function write(name, data) {
  const path = join(dist, name);
  made.add(name);
  if (!existsSync(path) || !readFileSync(path).equals(Buffer.from(data))) writeFileSync(path, data);
}
write('.keep', '');
const type = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml' };
const files = {};
function put(name, text) {
  const data = Buffer.from(text);
  const hash = createHash('sha256').update(data).digest('hex');
  const ext = extname(name);
  const file = `${name.slice(0, -ext.length)}.${hash.slice(0, 10)}${ext}`;
  write(file, data);
  write(`${file}.br`, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } }));
  write(`${file}.gz`, gzipSync(data, { level: 9 }));
  files[name] = { file, type: type[ext], sha256: hash };
}
put('zj.css', style('tokens.css', 'zj.css'));
put('console.css', style('console.css'));
put('observatory.css', style('observatory.css', 'chart.css'));
put('zj.js', scripts());
put('observatory.js', scripts('observatory'));
put('htmx.js', readFileSync(join(modules, 'htmx.org', 'dist', 'htmx.min.js')));
put('icons.svg', sprite());
put('logo.svg', readFileSync(join(root, 'ui', 'css', 'logo.svg')));
const font = fonts().map(({ name, file, runes: set }) => {
  write(`font/${name}`, file);
  return { file: name, runes: String.fromCodePoint(...[...set].sort((a, b) => a - b)) };
});
const licences = ['htmx.org/LICENSE', 'lucide-static/LICENSE', '@fontsource/noto-sans-sc/LICENSE']
  .map((f) => `${f}\n\n${readFileSync(join(modules, f), 'utf8').trim()}\n`).join('\n\n');
put('licences.txt', licences);
files['licences.txt'].type = 'text/plain; charset=utf-8';
write('manifest.json', JSON.stringify({ files, font }, null, 1) + '\n');
for (const f of readdirSync(dist)) if (f !== 'font' && !made.has(f)) rmSync(join(dist, f), { force: true });
for (const f of readdirSync(join(dist, 'font'))) if (!made.has(`font/${f}`)) rmSync(join(dist, 'font', f), { force: true });
console.log(`assets: ${Object.keys(files).length} files, ${font.length} fonts, ${font.reduce((n, f) => n + [...f.runes].length, 0)} characters for receipts`);
