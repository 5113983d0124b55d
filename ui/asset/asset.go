// Package asset serves what pages load besides themselves: styles, scripts, icons, and the fonts of receipts.
//
// Everything is built by tools/assets/build.mjs ("make assets") into dist, which is embedded and not kept in git.
// Each file has its content's hash in its name and may be cached for ever; the same file under its plain name is
// revalidated each time. Brotli and gzip forms are made at build, so serving one costs a copy. Nothing here changes
// after New, so all of it may be used from any goroutine.
package asset

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// dist holds .keep alone until "make assets" has run.
//
//go:embed all:dist
var dist embed.FS

// Prefix is the path under which Handler must be mounted.
const Prefix = "/static/"

// Asset is the set of built files.
type Asset struct {
	urls     map[string]string
	files    map[string]file
	critical string
	hash     string
	fonts    []Font
}

type file struct {
	name      string // as asked for: "zj.1a2b3c4d5e.css"
	kind      string // content type
	tag       string // strong ETag of the identity form
	immutable bool
	identity  []byte
	gzip      []byte
	brotli    []byte
}

type manifest struct {
	Files map[string]struct {
		File   string `json:"file"`
		Type   string `json:"type"`
		SHA256 string `json:"sha256"`
	} `json:"files"`
	Font []struct {
		File  string `json:"file"`
		Runes string `json:"runes"`
	} `json:"font"`
}

// Font is one TrueType file and the characters it is to be used for. The first of Asset.Fonts holds almost all;
// the others hold rare characters, a hundred or so each, so that a receipt embeds only what it needs.
type Font struct {
	// Name is the file's name, distinct within the set.
	Name string
	// Runes are the characters this font is the one to print, ascending. No character is in two fonts.
	Runes string
	from  fs.FS
	path  string
}

// TTF reads the font itself, a copy of the caller's own: receipts are rare, and all fonts together are seven megabytes.
func (f Font) TTF() ([]byte, error) { return fs.ReadFile(f.from, f.path) }

// New reads the embedded files. The error says "run make assets" when they were not built.
func New() (*Asset, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	return Load(sub)
}

// Load reads built files from any file system; New is Load of the embedded one.
func Load(from fs.FS) (*Asset, error) {
	raw, err := fs.ReadFile(from, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("assets: styles, icons and fonts are not built: run make assets")
	}
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("assets: manifest.json: %w: run make assets", err)
	}
	a := &Asset{urls: map[string]string{}, files: map[string]file{}}
	for name, f := range m.Files {
		one := file{name: f.File, kind: f.Type, tag: f.SHA256[:min(20, len(f.SHA256))], immutable: true}
		for part, into := range map[string]*[]byte{"": &one.identity, ".gz": &one.gzip, ".br": &one.brotli} {
			if *into, err = fs.ReadFile(from, f.File+part); err != nil {
				return nil, fmt.Errorf("assets: %w: run make assets", err)
			}
		}
		a.urls[name] = Prefix + f.File
		a.files[f.File] = one
		one.name, one.immutable = name, false
		a.files[name] = one
	}
	for _, need := range []string{"zj.css", "console.css", "observatory.css", "observatory.js", "zj.js", "htmx.js", "icons.svg"} {
		if a.urls[need] == "" {
			return nil, fmt.Errorf("assets: %s is missing: run make assets", need)
		}
	}
	for _, f := range m.Font {
		if _, err := fs.Stat(from, "font/"+f.File); err != nil {
			return nil, fmt.Errorf("assets: %w: run make assets", err)
		}
		a.fonts = append(a.fonts, Font{Name: strings.TrimSuffix(f.File, ".ttf"), Runes: f.Runes, from: from, path: "font/" + f.File})
	}
	if len(a.fonts) == 0 {
		return nil, errors.New("assets: the receipt font is missing: run make assets")
	}
	a.critical = string(a.files["zj.css"].identity)
	sum := sha256.Sum256([]byte(a.critical))
	a.hash = "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	return a, nil
}

// URL gives the address of a file by its plain name: "zj.css" → "/static/zj.1a2b3c4d5e.css". A name that is not
// among the built files gives its plain address, which Handler answers with 404.
func (a *Asset) URL(name string) string {
	if u, ok := a.urls[name]; ok {
		return u
	}
	return Prefix + name
}

// CriticalCSS is the whole style sheet of resident pages, for the first visit (asset-notes 3). It holds no "</".
func (a *Asset) CriticalCSS() string { return a.critical }

// CriticalHash is the source expression for the content policy's style-src that allows CriticalCSS inline, with its
// quotes: "'sha256-…'".
func (a *Asset) CriticalHash() string { return a.hash }

// CSSCookie is the value that the cookie "css" has when the browser holds the current style sheet; a page for a
// request without it carries CriticalCSS.
func (a *Asset) CSSCookie() string { return a.files["zj.css"].tag[:10] }

// Fonts are the receipt fonts, the main one first.
func (a *Asset) Fonts() []Font { return a.fonts }
