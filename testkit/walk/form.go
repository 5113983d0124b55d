package walk

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readForm collects a form's inputs: those inside it and those elsewhere that name it by id.
func readForm(root, form *html.Node, at *url.URL) Form {
	f := Form{
		Action: attr(form, "action"), Method: strings.ToLower(attr(form, "method")),
		Values: url.Values{}, Options: map[string][]string{}, Labels: map[string]string{}, Parts: attr(form, "enctype") == "multipart/form-data",
	}
	if f.Action == "" {
		f.Action = at.RequestURI()
	}
	id := attr(form, "id")
	submit := false
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || has(n, "disabled") || !inside(n, form) && (id == "" || attr(n, "form") != id) {
			continue
		}
		if attr(n, "name") != "" {
			submit = f.add(n, submit)
		} else if kind := attr(n, "type"); n.DataAtom == atom.Button && (kind == "" || kind == "submit") {
			submit = true // the first button is the one that Enter presses, and it says nothing
		}
	}
	return f
}

func inside(n, form *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p == form {
			return true
		}
	}
	return false
}

func (f *Form) add(n *html.Node, submit bool) bool {
	name, value := attr(n, "name"), attr(n, "value")
	switch n.DataAtom {
	case atom.Textarea:
		f.Values.Set(name, typed(n))
	case atom.Select:
		f.addSelect(n, name)
	case atom.Button:
		if kind := attr(n, "type"); (kind == "" || kind == "submit") && !submit {
			f.Values.Set(name, value)
			return true
		}
	case atom.Input:
		switch strings.ToLower(attr(n, "type")) {
		case "radio", "checkbox":
			if value == "" {
				value = "on"
			}
			f.Options[name] = append(f.Options[name], value)
			f.Labels[name+"="+value] = label(n)
			if has(n, "checked") {
				f.Values.Add(name, value)
			}
		case "submit", "image":
			if !submit {
				f.Values.Set(name, value)
				return true
			}
		case "button", "reset", "file":
		default:
			f.Values.Add(name, value)
		}
	}
	return submit
}

// typed is what stands in a text area, as a browser would send it: every space and line of it.
func typed(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func (f *Form) addSelect(n *html.Node, name string) {
	for o := range n.Descendants() {
		if o.DataAtom != atom.Option || has(o, "disabled") {
			continue
		}
		value := attr(o, "value")
		if !has(o, "value") {
			value = text(o)
		}
		f.Options[name] = append(f.Options[name], value)
		f.Labels[name+"="+value] = text(o)
		if has(o, "selected") {
			f.Values.Set(name, value)
		}
	}
}

// label gives the text of the label around an input, or of its row.
func label(n *html.Node) string {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Label || p.DataAtom == atom.Li {
			return text(p)
		}
	}
	return ""
}

// sorts reports a form that stands above a list and does nothing but sort it.
func (f Form) sorts() bool { return strings.HasSuffix(f.Action, "/near") }
