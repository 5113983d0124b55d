package door

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"

	"zhijian/ground/clock"
)

// page is a rendered page in the bytes that go out, with its header values made once.
type page struct {
	plain, packed       []byte
	plainLen, packedLen []string
	plainTag, packedTag []string
	kind, control, vary []string
	gzip                []string
	until               int64 // Unix milliseconds
	city                string
	cityLine, styleLine string
	tags                []string
	visits              []Visit
	meter               *routeMeter
	refreshing          atomic.Bool
}

func (p *page) size() int64 { return int64(len(p.plain)+len(p.packed)) + 512 }

// variant packs what the look of a page depends on besides its address.
func (d *Door) variant(j *jar) (v uint8) {
	if j.elder == "1" {
		v |= 1
	}
	switch j.theme {
	case "light":
		v |= 2
	case "dark":
		v |= 4
	}
	if d.c.StyleCookie != "" && j.css == d.c.StyleCookie {
		v |= 8
	}
	return v
}

// quick serves a visitor a kept page before anything costly is done, and reports whether it did.
func (d *Door) quick(w http.ResponseWriter, r *http.Request, j *jar) *page {
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || j.session != "" || j.flash != "" || len(r.RequestURI) > cacheKeyLen || d.draining.Load() {
		return nil
	}
	p := d.cache.find(pageKey{r.RequestURI, d.variant(j)})
	if p == nil || (p.city == anyCity && j.city != "") {
		return nil
	}
	d.write(w, r, j, p)
	d.count(p.visits, r, 0)
	return p
}

// anyCity in page.city marks a page that is only for visitors without a city.
const anyCity = "-"

// write sends a kept page.
func (d *Door) write(w http.ResponseWriter, r *http.Request, j *jar, p *page) {
	h := w.Header()
	body, length, tag := p.plain, p.plainLen, p.plainTag
	if gzipAccepted(r.Header) {
		body, length, tag = p.packed, p.packedLen, p.packedTag
		h["Content-Encoding"] = p.gzip
	}
	h["Vary"], h["Cache-Control"], h["Etag"] = p.vary, p.control, tag
	if p.styleLine != "" {
		h.Add("Set-Cookie", p.styleLine)
	}
	if p.city != "" && p.city != anyCity {
		switch last, rest, _ := strings.Cut(j.city, "."); {
		case j.city == "":
			h.Add("Set-Cookie", p.cityLine)
		case last != p.city:
			list := recent(append([]string{last}, strings.Split(rest, ".")...), p.city)
			h.Add("Set-Cookie", d.cookieLine(d.names.city, strings.Join(list, "."), year, false))
		}
	}
	if r.Header.Get("If-None-Match") == tag[0] {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"], h["Content-Length"] = p.kind, length
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // a browser that hangs up is no fault of ours
}

func gzipAccepted(h http.Header) bool {
	for _, line := range h["Accept-Encoding"] {
		for part := range strings.SplitSeq(line, ",") {
			name, params, more := strings.Cut(strings.TrimSpace(part), ";")
			if strings.EqualFold(name, "gzip") {
				return !more || !strings.HasPrefix(strings.ReplaceAll(params, " ", ""), "q=0") || strings.ContainsAny(params, "123456789")
			}
		}
	}
	return false
}

// draw answers a cacheable request: from the cache when another request has just drawn the page, else by drawing it.
func (s *station) draw(w http.ResponseWriter, r *Request) error {
	d, key := s.door, pageKey{r.RequestURI, s.door.variant(&r.jar)}
	found, epoch, err := d.cache.begin(r.Context(), key)
	if err != nil {
		return err
	}
	if found != nil {
		r.visits = found.visits
		d.write(w, r.Request, &r.jar, found)
		return nil
	}
	var made *page
	defer func() { d.cache.end(key, epoch, made) }() // also when the handler panics
	rec := &recorder{head: http.Header{}}
	r.Caching = true
	if err := s.route.Handler(rec, r); err != nil {
		if old := d.cache.stale(key); old != nil {
			r.visits = old.visits
			d.write(w, r.Request, &r.jar, old)
			return nil
		}
		return err
	}
	if rec.status != http.StatusOK || len(rec.head["Set-Cookie"]) > 0 {
		rec.replay(w)
		return nil
	}
	made = s.page(r, rec)
	d.write(w, r.Request, &r.jar, made)
	return nil
}

func (s *station) page(r *Request, rec *recorder) *page {
	d := s.door
	plain := bytes.Clone(rec.body.Bytes())
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is a constant that exists
	_, _ = z.Write(plain)
	_ = z.Close()
	sum := sha256.Sum256(plain)
	tag := hex.EncodeToString(sum[:10])
	life := s.route.Cached.For
	if life == 0 {
		life = cachedFor
	}
	p := &page{
		plain: plain, packed: packed.Bytes(),
		plainLen: []string{strconv.Itoa(len(plain))}, packedLen: []string{strconv.Itoa(packed.Len())},
		plainTag: []string{`"` + tag + `"`}, packedTag: []string{`"` + tag + `-gzip"`},
		kind: []string{rec.head.Get("Content-Type")}, control: []string{"private, no-cache"},
		vary: []string{"Accept-Encoding, Cookie"}, gzip: []string{"gzip"},
		until: clock.Millis(d.c.Clock.Now().Add(life)), city: r.keep, tags: r.tags, visits: r.visits, meter: s.meter,
	}
	if s.route.Cached.Personal {
		p.city = anyCity
	} else if p.city != "" {
		p.cityLine = d.cookieLine(d.names.city, p.city, year, false)
	}
	if !r.HasStyle && d.c.StyleCookie != "" {
		p.styleLine = d.cookieLine(d.names.css, d.c.StyleCookie, year, false)
	}
	return p
}

// cacheable reports whether this request may be answered with a kept page.
func (s *station) cacheable(r *Request) bool {
	c := s.route.Cached
	if c == nil || r.jar.session != "" || r.jar.flash != "" || len(r.RequestURI) > cacheKeyLen || !strings.HasPrefix(r.RequestURI, "/") || (c.Personal && r.City != "") {
		return false
	}
	for name := range r.query {
		if !slices.Contains(c.Query, name) {
			return false
		}
	}
	return true
}

// recorder holds an answer until it is known whether it is kept.
type recorder struct {
	head   http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.head }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

func (r *recorder) replay(w http.ResponseWriter) {
	for key, list := range r.head {
		w.Header()[key] = list
	}
	if r.status == 0 {
		r.status = http.StatusOK
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // a browser that hangs up is no fault of ours
}
