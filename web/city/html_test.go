package city_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden outlines anew")

// outline is what a page says and offers, a line each: headings with #, links with →, forms with their action, method
// and buttons.
func outline(t testing.TB, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	line := func(parts ...string) {
		if s := strings.TrimSpace(strings.Join(parts, " ")); s != "" {
			b.WriteString(s + "\n")
		}
	}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			line(strings.Join(strings.FieldsFunc(n.Data, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }), " "))
			return
		case n.Type == html.ElementNode:
			switch n.Data {
			case "head", "svg", "script", "noscript":
				return
			case "h1", "h2", "h3":
				line(strings.Repeat("#", int(n.Data[1]-'0')), text(n))
				return
			case "a":
				line(text(n), "→", attr(n, "href"))
				return
			case "button":
				line("[" + text(n) + "]")
				return
			case "form":
				line(strings.ToUpper(or(attr(n, "method"), "get")), attr(n, "action"))
			case "input":
				value := attr(n, "value")
				if name := attr(n, "name"); name == "_token" || name == "_key" {
					value = "…"
				}
				line(attr(n, "name") + "=" + value)
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return b.String()
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func text(n *html.Node) string {
	var parts []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			parts = append(parts, n.Data)
		}
		if n.Type == html.ElementNode && attr(n, "aria-label") != "" {
			parts = append(parts, attr(n, "aria-label"))
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
			if c.Type == html.ElementNode && (c.Data == "span" || c.Data == "b") {
				parts = append(parts, " ")
			}
		}
	}
	walk(n)
	joined := strings.Join(parts, "")
	return strings.TrimSpace(regexp.MustCompile(`[ \n\t]+`).ReplaceAllString(joined, " "))
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// looks are the ways a page can be asked for.
func looks() map[string][]string {
	return map[string][]string{
		"visitor": nil, "elder": {elder}, "dark": {"theme=dark"}, "style held": {"css=v1"}, "resident": {resident}, "elder resident": {resident, elder},
	}
}

// Every page of the entry, found by following its own links, is a whole and sound page in both languages, and leads
// nowhere that does not exist.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	g := build(t)
	ours := regexp.MustCompile(`^(/en)?/($|\?|city/|search|a/[a-z0-9-]+$)`)
	for name, cookies := range looks() {
		seen := map[string]bool{}
		todo := []string{"/", "/en/", "/city/hangzhou", "/en/city/hangzhou", "/city/guilin", "/city/hangzhou/search?q=违章", "/city/hangzhou/search?q=zzqq", "/en/search?q=water"}
		for len(todo) > 0 && len(seen) < 70 {
			at := todo[0]
			todo = todo[1:]
			if seen[at] {
				continue
			}
			seen[at] = true
			w := g.get(at, cookies...)
			if w.Code != 200 {
				t.Errorf("%s: GET %s = %d", name, at, w.Code)
				continue
			}
			links := sound(t, name+" "+at, w.Body.String(), strings.HasPrefix(at, "/en"))
			for _, l := range links {
				if u, err := url.Parse(l); err != nil || u.Host != "" {
					t.Errorf("%s %s: link %q leads away", name, at, l)
				} else if ours.MatchString(l) && !seen[l] {
					todo = append(todo, l)
				}
			}
		}
		if len(seen) < 60 {
			t.Errorf("%s: only %d pages found", name, len(seen))
		}
	}
}

// sound checks a page and gives its links.
func sound(t *testing.T, name, page string, english bool) (links []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !strings.HasPrefix(strings.ToLower(page), "<!doctype html>") || strings.Contains(page, "⟨") || strings.Contains(page, "%!") {
		t.Errorf("%s: no doctype, or a word is missing", name)
	}
	ids, count, refs := map[string]int{}, map[string]int{}, []string{}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			count[n.Data]++
			for _, a := range n.Attr {
				switch {
				case a.Key == "id":
					ids[a.Val]++
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: <%s %s> breaks the content policy", name, n.Data, a.Key)
				case a.Key == "for" || a.Key == "aria-describedby" || a.Key == "aria-labelledby":
					refs = append(refs, strings.Fields(a.Val)...)
				}
			}
			switch n.Data {
			case "a":
				if href := attr(n, "href"); href == "" || text(n) == "" {
					t.Errorf("%s: a link without address or text (%q, %q)", name, href, text(n))
				} else if strings.HasPrefix(href, "/") {
					links = append(links, href)
				}
			case "button":
				if text(n) == "" {
					t.Errorf("%s: a button without text", name)
				}
			case "form":
				if strings.EqualFold(attr(n, "method"), "post") && !strings.Contains(render(n), `name="_token"`) {
					t.Errorf("%s: form %s has no token", name, attr(n, "action"))
				}
			case "html":
				if want := map[bool]string{true: "en", false: "zh-CN"}[english]; attr(n, "lang") != want {
					t.Errorf("%s: lang %q, want %q", name, attr(n, "lang"), want)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	if count["h1"] != 1 || count["main"] != 1 || count["title"] != 1 {
		t.Errorf("%s: %d h1, %d main, %d title; want one of each", name, count["h1"], count["main"], count["title"])
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: id %s is there %d times", name, id, n)
		}
	}
	for _, id := range refs {
		if ids[id] == 0 {
			t.Errorf("%s: nothing has the id %s", name, id)
		}
	}
	if size := packed(t, page); size > 15<<10 {
		t.Errorf("%s: %d bytes of HTML compressed, at most 15 KB (asset-notes 3)", name, size)
	}
	return links
}

func render(n *html.Node) string {
	var b bytes.Buffer
	_ = html.Render(&b, n)
	return b.String()
}

func packed(t *testing.T, page string) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(page))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// The outlines of the main pages, to be read as a reviewer would.
func TestOutlines(t *testing.T) {
	t.Parallel()
	g := build(t)
	for name, c := range map[string]struct {
		path    string
		cookies []string
	}{
		"home": {"/city/hangzhou", nil}, "home-elder": {"/city/hangzhou", []string{elder}}, "home-en": {"/en/city/hangzhou", nil},
		"choose": {"/?in=zhejiang", nil}, "services": {"/city/hangzhou/services?group=traffic-police", nil},
		"search": {"/city/hangzhou/search?q=违章", nil}, "search-none": {"/city/hangzhou/search?q=zzzzqq", nil},
		"service": {"/city/hangzhou/services/traffic-fine-payment", nil}, "absent": {"/city/hangzhou/services/id-card-service", nil},
	} {
		got := g.page(c.path, c.cookies...)
		file := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got; -update writes it anew):\n%s", file, diff)
		}
	}
}

// Access of every route, as the law walk reads it.
func TestRoutes(t *testing.T) {
	t.Parallel()
	g := build(t)
	var open []string
	for _, r := range g.entry.Routes() {
		if !r.Access.Valid() || r.About == "" {
			t.Errorf("route %s %s: access %q, about %q", r.Method, r.Path, r.Access, r.About)
		}
		if r.Method != "GET" && r.Access == "public" {
			open = append(open, r.Path)
		}
	}
	if !slices.Equal(open, []string{"/city/{slug}/services/{id}/check", "/city/{slug}/services/{id}/start"}) {
		t.Errorf("forms for everybody: %v", open)
	}
}
