package service

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of a file, so that reading one costs little whatever it says (security.md T80).
const (
	maxFile  = 256 << 10
	maxYAML  = 20_000 // nodes
	maxLevel = 24     // nesting
)

// reader collects what is wrong with one file.
type reader struct {
	file     string
	problems []Problem
	refused  []string // names that something was said of already: that they are not known where they are used follows from it
}

func (r *reader) say(n *yaml.Node, path, format string, args ...any) {
	p := Problem{File: r.file, Path: path, Say: fmt.Sprintf(format, args...), Zh: inChinese(format, args)}
	if n != nil {
		p.Line, p.Column = n.Line, n.Column
	}
	r.problems = append(r.problems, p)
}

// parse reads one YAML document; nil when there is nothing to go on with.
func (r *reader) parse(src []byte) (root *yaml.Node) {
	if len(src) > maxFile {
		r.say(nil, "", "The file is larger than %d KB.", maxFile>>10)
		return nil
	}
	defer func() {
		// The YAML library has panicked on odd input before; a file must never stop the house.
		if e := recover(); e != nil {
			r.say(nil, "", "The file cannot be read as YAML.")
			root = nil
		}
	}()
	dec := yaml.NewDecoder(strings.NewReader(string(src)))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			r.say(nil, "", "The file is empty.")
			return nil
		}
		r.broken(err)
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.say(&more, "", "A file holds one document; this is a second one.")
		return nil
	}
	count := 0
	if !r.plain(&doc, 0, &count) {
		return nil
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		r.say(&doc, "", "The file must be a list of names and values, like \"id: …\".")
		return nil
	}
	return doc.Content[0]
}

func (r *reader) broken(err error) {
	line, text := 0, err.Error()
	if m := regexp.MustCompile(`^yaml: line (\d+): (.*)$`).FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = m[2]
		// The library counts lines from 0 in what its parser says, from 1 in what its scanner says.
		for _, said := range []string{"',' or", "'-' indicator", "key", "node content", "<document start>"} {
			if strings.HasPrefix(text, "did not find expected "+said) {
				line++
				break
			}
		}
	}
	text = strings.TrimPrefix(text, "yaml: ")
	r.say(&yaml.Node{Line: line, Column: min(line, 1)}, "", "This is not YAML: %s.", text)
}

// plain refuses what a definition has no use for: anchors, aliases, tags, depth, bulk.
func (r *reader) plain(n *yaml.Node, level int, count *int) bool {
	*count++
	switch {
	case *count > maxYAML:
		r.say(n, "", "The file has more than %d values.", maxYAML)
		return false
	case level > maxLevel:
		r.say(n, "", "The file is nested deeper than %d levels.", maxLevel)
		return false
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.say(n, "", "Anchors (&) and aliases (*) are not used in definitions; write the value out.")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		r.say(n, "", "Tags like %s are not used in definitions.", n.Tag)
		return false
	}
	for _, c := range n.Content {
		if !r.plain(c, level+1, count) {
			return false
		}
	}
	return true
}

// mapping reads the members of one object; done reports those nobody asked for.
type mapping struct {
	r     *reader
	node  *yaml.Node
	path  string
	pairs []pair
	asked []string
}

type pair struct {
	name     string
	key, val *yaml.Node
}

// mapping opens n as an object; a nil n is an empty one. It always returns something to ask.
func (r *reader) mapping(n *yaml.Node, path string) *mapping {
	m := &mapping{r: r, node: n, path: path}
	if n == nil {
		return m
	}
	if n.Kind != yaml.MappingNode {
		r.say(n, path, "Expected names with values here, found %s.", whatIs(n))
		return m
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			r.say(k, path, "A name must be one word, found %s.", whatIs(k))
			continue
		}
		if j := slices.IndexFunc(m.pairs, func(p pair) bool { return p.name == k.Value }); j >= 0 {
			r.say(k, join(path, k.Value), "%q is given twice; the first is on line %d.", k.Value, m.pairs[j].key.Line)
			continue
		}
		m.pairs = append(m.pairs, pair{k.Value, k, n.Content[i+1]})
	}
	return m
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (m *mapping) at(name string) string { return join(m.path, name) }

// get gives a member's value, nil when absent.
func (m *mapping) get(name string) *yaml.Node {
	m.asked = append(m.asked, name)
	for _, p := range m.pairs {
		if p.name == name {
			return p.val
		}
	}
	return nil
}

// need is get for a member that must be there.
func (m *mapping) need(name, why string) *yaml.Node {
	n := m.get(name)
	if n == nil && (m.node == nil || m.node.Kind == yaml.MappingNode) {
		m.r.say(m.node, m.path, "%q is missing: %s.", name, why)
	}
	return n
}

// done refuses members that were never asked for.
func (m *mapping) done() {
	for _, p := range m.pairs {
		if !slices.Contains(m.asked, p.name) {
			m.r.say(p.key, m.at(p.name), "%q is not known here.%s", p.name, guess(p.name, m.asked))
		}
	}
}

func whatIs(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "names with values"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!int", "!!float":
		return "the number " + clip(n.Value)
	case "!!bool":
		return "yes or no"
	case "!!null":
		return "nothing"
	}
	return fmt.Sprintf("the text %q", clip(n.Value))
}

func clip(s string) string {
	rs := []rune(s)
	if len(rs) > 40 {
		return string(rs[:40]) + "…"
	}
	return s
}

// word reads one line of text; "" with a problem when it is anything else.
func (r *reader) word(n *yaml.Node, path string) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.say(n, path, "Expected a text here, found %s.", whatIs(n))
		return ""
	}
	return n.Value
}

func (r *reader) whole(n *yaml.Node, path string, low, high int) int {
	if n == nil {
		return low
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil {
		r.say(n, path, "Expected a whole number here, found %s.", whatIs(n))
		return low
	}
	if v < low || v > high {
		r.say(n, path, "%d is out of range: it must be %d to %d.", v, low, high)
		return low
	}
	return v
}

func (r *reader) truth(n *yaml.Node, path string) bool {
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		r.say(n, path, "Expected true or false here, found %s.", whatIs(n))
		return false
	}
	return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
}

// items opens a list; nil for an absent one.
func (r *reader) items(n *yaml.Node, path string) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.say(n, path, "Expected a list here, found %s.", whatIs(n))
		return nil
	}
	return n.Content
}

func (r *reader) words(n *yaml.Node, path string) []string {
	var out []string
	for i, e := range r.items(n, path) {
		if w := r.word(e, fmt.Sprintf("%s.%d", path, i+1)); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// oneOf reads a word that must be one of a list.
func (r *reader) oneOf(n *yaml.Node, path string, known []string) string {
	w := r.word(n, path)
	if w == "" || slices.Contains(known, w) {
		return w
	}
	r.say(n, path, "%q is none of %s.%s", clip(w), listed(known), guess(w, known))
	return ""
}

// id reads a name that expressions and addresses use.
func (r *reader) id(n *yaml.Node, path string) string {
	w := r.word(n, path)
	if w == "" {
		return ""
	}
	if !goodID(w) {
		r.say(n, path, "%q cannot be a name: use small letters, digits and _, beginning with a letter, at most 40.", clip(w))
		r.refused = append(r.refused, w)
		return ""
	}
	if slices.Contains(reserved(), w) {
		r.refused = append(r.refused, w)
		r.say(n, path, "%q is a word with a meaning of its own; choose another name.", w)
		return ""
	}
	return w
}

func goodID(w string) bool {
	if w == "" || len(w) > 40 || w[0] < 'a' || w[0] > 'z' {
		return false
	}
	for i := range len(w) {
		if c := w[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return !strings.Contains(w, "__")
}

// reserved are words that expressions, the engine or addresses use themselves.
func reserved() []string {
	return strings.Fields("me whom self office answers v it reason lang today now hold start true false null in as break const continue else for " +
		"function if import let loop package namespace return var void while int uint double bool string bytes list map type dyn refused limited")
}

// text reads a wording without expressions: a line of Chinese, or {zh, en}.
func (r *reader) text(n *yaml.Node, path string) Text {
	if n == nil {
		return Text{}
	}
	if n.Kind == yaml.ScalarNode {
		return Text{Zh: r.word(n, path)}
	}
	m := r.mapping(n, path)
	t := Text{Zh: r.word(m.need("zh", "a wording is in Chinese first"), m.at("zh")), En: r.word(m.get("en"), m.at("en"))}
	m.done()
	return t
}
