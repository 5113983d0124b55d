package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// pages measures what residents look at most against net/http that has it ready or appends it by
// hand, and weighs it.
func pages(ctx context.Context, b *bench) error {
	if err := b.city.open(ctx); err != nil {
		return err
	}
	if err := b.city.shut(); err != nil { // the copy for the bare server is taken while nobody writes
		return err
	}
	database, err := b.city.copyDatabase("bare.db")
	if err != nil {
		return err
	}
	if err := b.city.open(ctx); err != nil {
		return err
	}
	who := b.city.people[0]
	home, list := "/city/"+slug, "/city/"+slug+"/services"
	var set readySet
	for _, path := range []string{home, list} {
		p, err := b.city.look(ctx, path, nil, true)
		if err != nil {
			return err
		}
		set.Pages = append(set.Pages, p.ready(path))
	}
	signed, err := b.city.look(ctx, home, who, false)
	if err != nil {
		return err
	}
	set.Home = homeSet{Path: "/signed-in", Body: signed.body, Database: database}
	text, err := json.Marshal(set)
	if err != nil {
		return err
	}
	bare, err := launch(ctx, bytes.NewReader(text), "/proc/self/exe", readyCommand)
	if err != nil {
		return err
	}
	err = b.race(ctx, bare, who, set)
	return errors.Join(err, bare.stop(), b.weigh(ctx, who))
}

// race lets the house and the bare server answer for the same pages in turns.
func (b *bench) race(ctx context.Context, bare *process, who *citizen, set readySet) error {
	addr := strings.TrimSpace(string(bare.line))
	host := b.city.addr()
	visitor, err := b.city.cookies(ctx, nil)
	if err != nil {
		return err
	}
	scenes := func(path, barePath string, headers ...string) (ours, theirs scene) {
		a, t := request("GET", path, host, "", headers...), request("GET", barePath, addr, "", headers...)
		ours = b.city.scene(http.StatusOK, func(int, int) []byte { return a })
		theirs = scene{addr: addr, pid: bare.pid(), want: 200, ask: func(int, int) []byte { return t }}
		return ours, theirs
	}
	for i, what := range []string{"city's home, anonymous; against net/http with the bytes ready", "list of services, anonymous; against net/http with the bytes ready"} {
		path := set.Pages[i].Path
		ours, theirs := scenes(path, path, "Accept-Encoding", "gzip, deflate, br", "Cookie", visitor)
		us, them, err := b.duel(ctx, what, ours, theirs)
		if err != nil {
			return err
		}
		b.versus(what, us, them, 0.65)
	}
	signed, err := b.city.cookies(ctx, who)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		what, encoding string
	}{
		{"city's home, signed in; against the same rows read, the same bytes appended by hand", "identity"},
		{"— the same, compressed by both", "gzip"},
	} {
		ours, theirs := scenes(set.Home.Path, set.Home.Path, "Accept-Encoding", c.encoding, "Cookie", signed)
		path := request("GET", "/city/"+slug, host, "", "Accept-Encoding", c.encoding, "Cookie", signed)
		ours.ask = func(int, int) []byte { return path }
		us, them, err := b.duel(ctx, c.what, ours, theirs)
		if err != nil {
			return err
		}
		b.versus(c.what, us, them, 0.5)
	}
	return nil
}

// looked is an answer as it came over the wire.
type looked struct {
	header http.Header
	body   []byte
}

// ready is the answer as the bare server gives it: the same bytes of body, their type and encoding.
func (l looked) ready(path string) readyPage {
	return readyPage{Path: path, Type: l.header.Get("Content-Type"), Encoding: l.header.Get("Content-Encoding"), Body: l.body}
}

// look asks for a page as a browser does that was here before.
func (c *city) look(ctx context.Context, path string, who *citizen, packed bool) (looked, error) {
	cookies, err := c.cookies(ctx, who)
	if err != nil {
		return looked{}, err
	}
	return c.get(ctx, path, cookies, packed)
}

// cookies are what a browser has after its first page.
func (c *city) cookies(ctx context.Context, who *citizen) (string, error) {
	session := ""
	if who != nil {
		session = "zj=" + who.token + "; "
	}
	first, err := c.get(ctx, "/city/"+slug, session, false)
	if err != nil {
		return "", err
	}
	for _, line := range first.header["Set-Cookie"] {
		name, _, _ := strings.Cut(line, ";")
		session += name + "; "
	}
	return strings.TrimSuffix(session, "; "), nil
}

func (c *city) get(ctx context.Context, path, cookies string, packed bool) (looked, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.ready.BaseURL+path, nil)
	if err != nil {
		return looked{}, err
	}
	r.Header.Set("Accept-Encoding", "identity")
	if packed {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return looked{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %d", path, answer.StatusCode)
	}
	return looked{answer.Header, body}, err
}

// weigh finds the heaviest page of a resident: all that goes over the wire on a first visit, without pictures.
func (b *bench) weigh(ctx context.Context, who *citizen) error {
	heaviest, which := 0, ""
	for path, by := range map[string]*citizen{
		"/": nil, "/city/" + slug: nil, "/city/" + slug + "/services": nil, "/city/" + slug + "/services/traffic-fine-payment": nil,
		"/city/" + slug + "/search?q=jiaotong": nil, "/login": nil, "/en/city/" + slug: nil,
		"/city/" + slug + "?": who, "/me": who, "/me/cases": who, "/me/messages": who, "/cases/" + who.cases[0]: who,
	} {
		cookies := ""
		if by != nil {
			cookies = "zj=" + by.token
		}
		n, err := b.city.weight(ctx, path, cookies)
		if err != nil {
			return err
		}
		if b.verbose {
			fmt.Printf("  %s weighs %.1f KB\n", path, float64(n)/1000)
		}
		if n > heaviest {
			heaviest, which = n, path
		}
	}
	b.table.limit("heaviest resident page with style and script, gzip ("+which+")", "KB", float64(heaviest)/1000, 60)
	return nil
}

func (c *city) weight(ctx context.Context, path, cookies string) (int, error) {
	p, err := c.get(ctx, path, cookies, true)
	if err != nil {
		// A case's address leads on to its step.
		if p.header.Get("Location") == "" {
			return 0, err
		}
		return c.weight(ctx, strings.TrimPrefix(p.header.Get("Location"), c.ready.BaseURL), cookies)
	}
	n := len(p.body)
	html := p.body
	if p.header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(p.body))
		if err != nil {
			return 0, err
		}
		if html, err = io.ReadAll(z); err != nil {
			return 0, err
		}
	}
	seen := map[string]bool{}
	for _, found := range regexp.MustCompile(`<(?:script[^>]* src|link[^>]* rel="?stylesheet"?[^>]* href)="?([^" >]+)`).FindAllSubmatch(html, -1) {
		at := string(found[1])
		if seen[at] || !strings.HasPrefix(at, "/") {
			continue
		}
		seen[at] = true
		part, err := c.get(ctx, at, "", true)
		if err != nil {
			return 0, err
		}
		n += len(part.body)
	}
	return n, nil
}
