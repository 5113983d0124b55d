// Package walk is a plain HTTP program that uses the house as a resident with a very simple
// browser would: it follows links, fills in the one form of a page and posts it. It runs no
// scripts, so whatever it can do works with JavaScript off. Tests, the crash loop and the
// benchmarks drive the house with it.
//
// A Walker is one person and not safe for concurrent use; make one for each.
package walk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Walker is one person with cookies and the page they see.
type Walker struct {
	// Base is the origin of the house: "http://127.0.0.1:8080".
	Base string
	// Page is what the last request brought; nil before the first.
	Page *Page
	// Loads counts pages loaded, redirects not counted.
	Loads int

	client *http.Client
}

// Page is a loaded page, read for what a program needs.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   []byte
	Title  string
	H1     string
	Forms  []Form // those inside main, in order; all when there is no main
	Links  []Link
	Text   string // visible text of main, with single spaces
}

// Link is an <a href>.
type Link struct{ Href, Text string }

// Form is one form with the values its inputs have.
type Form struct {
	Action  string
	Method  string
	Values  url.Values          // what would be sent if posted as it stands (first submit button included)
	Options map[string][]string // values on offer of radios, checkboxes and selects that are not disabled
	Labels  map[string]string   // visible text beside "name=value" of radios and checkboxes
	Parts   bool                // files can be sent with it
}

// agent is what a resident's phone calls itself.
const agent = "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 MicroMessenger/6.2"

// New makes a walker for a house. transport nil means http.DefaultTransport.
func New(base string, transport http.RoundTripper) *Walker {
	jar, _ := cookiejar.New(nil) // cannot fail without options
	return &Walker{Base: strings.TrimSuffix(base, "/"), client: &http.Client{Jar: jar, Transport: transport}}
}

// Get loads a path of the house, or an absolute URL.
func (w *Walker) Get(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.absolute(path), nil)
	if err != nil {
		return err
	}
	return w.load(req)
}

// Submit posts the page's main form — the first with method post — with set laid over its values.
func (w *Walker) Submit(ctx context.Context, set map[string]string) error {
	return w.SubmitTo(ctx, "", set)
}

// SubmitTo posts the first form whose action contains part.
func (w *Walker) SubmitTo(ctx context.Context, part string, set map[string]string) error {
	return w.Attach(ctx, part, set)
}

// File is a file chosen in a form.
type File struct {
	Field, Name string
	Body        []byte
}

// Attach is SubmitTo with files chosen.
func (w *Walker) Attach(ctx context.Context, part string, set map[string]string, files ...File) error {
	if w.Page == nil {
		return fmt.Errorf("walk: no page is open")
	}
	for _, f := range w.Page.Forms {
		if f.Method != "post" || !strings.Contains(f.Action, part) || f.sorts() && !strings.HasSuffix(part, "/near") {
			continue
		}
		values := url.Values{}
		for k, v := range f.Values {
			values[k] = v
		}
		for k, v := range set {
			values.Set(k, v)
		}
		action, err := w.Page.URL.Parse(f.Action) // the cashier's form belongs to the cashier
		if err != nil {
			return fmt.Errorf("walk: form of %s: %w", w.Page.URL.Path, err)
		}
		if f.Parts {
			return w.PostParts(ctx, action.String(), values, files)
		}
		return w.Post(ctx, action.String(), values)
	}
	return fmt.Errorf("walk: %s has no form for %q: %s", w.Page.URL.Path, part, w.Page.H1)
}

// Post sends values to a path as a form.
func (w *Walker) Post(ctx context.Context, path string, values url.Values) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.absolute(path), strings.NewReader(values.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.load(req)
}

// PostParts sends values and files to a path as a form with files.
func (w *Walker) PostParts(ctx context.Context, path string, values url.Values, files []File) error {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, list := range values {
		for _, v := range list {
			if err := m.WriteField(name, v); err != nil {
				return err
			}
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile(f.Field, f.Name)
		if err != nil {
			return err
		}
		if _, err := part.Write(f.Body); err != nil {
			return err
		}
	}
	if err := m.Close(); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.absolute(path), &b)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	return w.load(req)
}

// Form finds the main form; false when the page has none. What only sorts the list of that form stands above it and is not meant.
func (p *Page) Form() (Form, bool) {
	for _, f := range p.Forms {
		if f.Method == "post" && !f.sorts() {
			return f, true
		}
	}
	return Form{}, false
}

// Has reports whether the page's main form has an input of this name.
func (p *Page) Has(name string) bool {
	f, ok := p.Form()
	if !ok {
		return false
	}
	_, value := f.Values[name]
	_, option := f.Options[name]
	return value || option
}

// absolute gives the URL of a path of the house; an absolute URL stays as it is.
func (w *Walker) absolute(path string) string {
	if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
		return path
	}
	return w.Base + path
}

func (w *Walker) load(req *http.Request) error {
	req.Header.Set("User-Agent", agent) // a program that says nothing is taken for a robot, whose visits are not counted
	res, err := w.client.Do(req)
	if err != nil {
		return fmt.Errorf("walk: %s %s: %w", req.Method, req.URL.Path, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return fmt.Errorf("walk: read %s: %w", req.URL.Path, err)
	}
	w.Loads++
	w.Page = &Page{URL: res.Request.URL, Status: res.StatusCode, Header: res.Header, Body: body}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		root, err := html.Parse(bytes.NewReader(body))
		if err != nil {
			return fmt.Errorf("walk: parse %s: %w", req.URL.Path, err)
		}
		w.Page.read(root)
	}
	return nil
}

func (p *Page) read(root *html.Node) {
	main := find(root, atom.Main)
	if main == nil {
		main = root
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Title:
			if p.Title == "" {
				p.Title = text(n)
			}
		case atom.H1:
			if p.H1 == "" {
				p.H1 = text(n)
			}
		case atom.A:
			p.Links = append(p.Links, Link{Href: attr(n, "href"), Text: text(n)})
		}
	}
	for n := range main.Descendants() {
		if n.DataAtom == atom.Form {
			p.Forms = append(p.Forms, readForm(root, n, p.URL))
		}
	}
	p.Text = text(main)
}

func find(root *html.Node, a atom.Atom) *html.Node {
	for n := range root.Descendants() {
		if n.DataAtom == a {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && (c.Parent == nil || (c.Parent.DataAtom != atom.Script && c.Parent.DataAtom != atom.Style)) {
			b.WriteString(c.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
