// Package proof reads a page as a strict browser and a screen reader would, and names what is wrong with it.
//
// It is for tests: of components, of the gallery, and of every door that writes pages. It finds what a template can get
// wrong without anybody seeing it: tags that do not close, ids that are there twice, inputs without a label, inline
// style and handlers (the content policy forbids them), links and buttons without a name, forms without a token. What
// needs a browser (contrast, size of targets, overflow) it leaves to the browser tests.
package proof

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Fragment checks a piece of a page; the result is empty when all is well.
func Fragment(text string) []string {
	c := &checker{ids: map[string]int{}, labels: map[string]bool{}}
	c.read(text)
	c.refer()
	return c.faults
}

// Page checks a whole page: all of Fragment, and that it has a doctype, a language, a title, one h1 and one main with
// the id that the skip link leads to.
func Page(text string) []string {
	c := &checker{ids: map[string]int{}, labels: map[string]bool{}}
	if !strings.HasPrefix(strings.ToLower(text), "<!doctype html>") {
		c.fault("no doctype at the start")
	}
	c.read(text)
	c.refer()
	for tag, want := range map[string]int{"html": 1, "title": 1, "h1": 1, "main": 1} {
		if got := c.count[tag]; got != want {
			c.fault("%d <%s>, want %d", got, tag, want)
		}
	}
	if c.lang == "" {
		c.fault("<html> has no lang")
	}
	if c.ids["main"] != 1 {
		c.fault("no id main for the skip link")
	}
	return c.faults
}

type checker struct {
	faults  []string
	stack   []*element
	ids     map[string]int
	labels  map[string]bool // ids named by <label for>
	inputs  []*element
	refs    []reference
	anchors []string
	count   map[string]int
	lang    string
}

type element struct {
	tag    string
	attr   map[string]string
	named  bool // has text, or a name for screen readers
	token  bool // a form with the token in it
	legend bool
}

type reference struct{ by, id string }

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) read(text string) {
	c.count = map[string]int{}
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			for _, e := range c.stack {
				c.fault("<%s> is never closed", e.tag)
			}
			return
		case html.TextToken:
			if strings.TrimSpace(string(z.Text())) != "" {
				for _, e := range c.stack {
					e.named = true
				}
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			c.open(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			c.shut(string(name))
		}
	}
}

func (c *checker) open(t html.Token) {
	e := &element{tag: t.Data, attr: map[string]string{}}
	for _, a := range t.Attr {
		if _, twice := e.attr[a.Key]; twice {
			c.fault("<%s> has %s twice", e.tag, a.Key)
		}
		e.attr[a.Key] = a.Val
	}
	if e.tag != "title" || !slices.ContainsFunc(c.stack, func(up *element) bool { return up.tag == "svg" }) { // a picture has titles of its own
		c.count[e.tag]++
	}
	c.attributes(e)
	c.place(e)
	switch e.tag {
	case "html":
		c.lang = e.attr["lang"]
	case "input", "select", "textarea":
		c.input(e)
	case "img":
		if _, ok := e.attr["alt"]; !ok {
			c.fault("<img> has no alt")
		}
		c.name()
	case "label":
		if id := e.attr["for"]; id != "" {
			c.labels[id] = true
			c.refs = append(c.refs, reference{"label for", id})
		}
	}
	if e.attr["aria-label"] != "" || e.attr["aria-labelledby"] != "" {
		e.named = true
	}
	if !void(e.tag) && t.Type != html.SelfClosingTagToken {
		c.stack = append(c.stack, e)
	}
}

// name says of everything that is open that it has content.
func (c *checker) name() {
	for _, e := range c.stack {
		e.named = true
	}
}

func (c *checker) attributes(e *element) {
	for key, value := range e.attr {
		switch {
		case key == "style":
			c.fault("<%s> has an inline style", e.tag)
		case strings.HasPrefix(key, "on"):
			c.fault("<%s> has an inline handler %s", e.tag, key)
		case key == "id":
			if value == "" {
				c.fault("<%s> has an empty id", e.tag)
			}
			if c.ids[value]++; c.ids[value] == 2 {
				c.fault("id %q is there twice", value)
			}
		case key == "href" && e.tag == "a":
			if id, ok := strings.CutPrefix(value, "#"); ok && id != "" {
				c.anchors = append(c.anchors, id)
			}
			if value == "" || strings.HasPrefix(strings.ToLower(value), "javascript:") || strings.Contains(value, "templ-failed-sanitization") || value == "about:invalid#TemplFailedSanitizationURL" {
				c.fault("<a> has the address %q", value)
			}
		case key == "aria-describedby" || key == "aria-labelledby":
			for _, id := range strings.Fields(value) {
				c.refs = append(c.refs, reference{key, id})
			}
		}
	}
	if e.tag == "script" && e.attr["src"] == "" {
		c.fault("an inline <script>")
	}
}

// place checks what may stand where.
func (c *checker) place(e *element) {
	parent := ""
	if len(c.stack) > 0 {
		parent = c.stack[len(c.stack)-1].tag
	}
	switch e.tag {
	case "li":
		if parent != "ul" && parent != "ol" && parent != "" {
			c.fault("<li> inside <%s>", parent)
		}
	case "dt", "dd":
		if parent != "dl" && parent != "div" {
			c.fault("<%s> inside <%s>", e.tag, parent)
		}
	case "legend":
		if parent != "fieldset" {
			c.fault("<legend> inside <%s>", parent)
		} else {
			c.stack[len(c.stack)-1].legend = true
		}
	}
	for _, up := range c.stack {
		switch {
		case interactive(e.tag) && e.attr["type"] != "hidden" && (up.tag == "a" || up.tag == "button"):
			c.fault("<%s> inside <%s>", e.tag, up.tag)
		case e.tag == "form" && up.tag == "form":
			c.fault("<form> inside <form>")
		case blocky(e.tag) && (up.tag == "p" || up.tag == "span"):
			c.fault("<%s> inside <%s>", e.tag, up.tag)
		}
	}
}

func (c *checker) input(e *element) {
	c.name()
	if e.attr["name"] == "" && e.attr["type"] != "submit" {
		c.fault("<%s> has no name", e.tag)
	}
	if e.attr["type"] == "hidden" {
		if e.attr["name"] == "_token" {
			for _, up := range c.stack {
				up.token = up.token || up.tag == "form"
			}
		}
		return
	}
	for _, up := range c.stack {
		if up.tag == "label" {
			return
		}
	}
	if e.attr["aria-label"] == "" {
		c.inputs = append(c.inputs, e)
	}
}

func (c *checker) shut(tag string) {
	if void(tag) {
		c.fault("</%s> closes an element that has no content", tag)
		return
	}
	if len(c.stack) == 0 {
		c.fault("</%s> closes nothing", tag)
		return
	}
	e := c.stack[len(c.stack)-1]
	if e.tag != tag {
		c.fault("</%s> where </%s> is due", tag, e.tag)
		if i := slices.IndexFunc(c.stack, func(e *element) bool { return e.tag == tag }); i >= 0 {
			c.stack = c.stack[:i]
		}
		return
	}
	c.stack = c.stack[:len(c.stack)-1]
	switch tag {
	case "a", "button", "h1", "h2", "h3", "label", "legend", "summary", "option", "title", "th":
		if !e.named {
			c.fault("<%s> has no text", tag)
		}
	case "fieldset":
		if !e.legend {
			c.fault("<fieldset> has no <legend>")
		}
	case "form":
		if strings.EqualFold(e.attr["method"], "post") && !e.token {
			c.fault("a POST form to %q carries no _token", e.attr["action"])
		}
	}
}

// refer checks that what is pointed at exists.
func (c *checker) refer() {
	for _, e := range c.inputs {
		if !c.labels[e.attr["id"]] {
			c.fault("<%s name=%q> has no label", e.tag, e.attr["name"])
		}
	}
	for _, r := range c.refs {
		if c.ids[r.id] == 0 {
			c.fault("%s points at %q, which is not there", r.by, r.id)
		}
	}
	for _, id := range c.anchors {
		if c.ids[id] == 0 {
			c.fault("a link leads to #%s, which is not there", id)
		}
	}
}

func void(tag string) bool {
	return slices.Contains([]string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}, tag)
}

func interactive(tag string) bool {
	return slices.Contains([]string{"a", "button", "input", "select", "textarea", "details", "label"}, tag)
}

func blocky(tag string) bool {
	return slices.Contains([]string{"div", "p", "ul", "ol", "dl", "section", "form", "fieldset", "table", "h1", "h2", "h3", "main", "nav", "header", "footer", "article", "aside", "details"}, tag)
}
