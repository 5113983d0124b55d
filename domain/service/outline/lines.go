package outline

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is a member of an object or of a list that has lines of its own.
type entry struct {
	key, val *yaml.Node // key is nil in a list
	head     int        // first line of the comments directly above, from 0
	from, to int        // its lines, from 0; to is the line after the last
	indent   string     // before its key or dash
}

// entries gives the members of an object or list with their lines, the last of which ends before line to; nil when they do not each begin
// a line of their own.
func (o *Outline) entries(n *yaml.Node, to int) []entry {
	if n == nil || n.Style&yaml.FlowStyle != 0 || len(n.Content) == 0 {
		return nil
	}
	step, seq := 2, n.Kind == yaml.SequenceNode
	if seq {
		step = 1
	} else if n.Kind != yaml.MappingNode {
		return nil
	}
	var out []entry
	for i := 0; i+step-1 < len(n.Content); i += step {
		e := entry{val: n.Content[i], from: n.Content[i].Line - 1}
		if !seq {
			e.key, e.val = n.Content[i], n.Content[i+1]
		}
		if e.from < 0 || e.from >= len(o.lines) {
			return nil
		}
		line := o.lines[e.from]
		e.indent = line[:len(line)-len(strings.TrimLeft(line, " "))]
		rest := line[len(e.indent):]
		if seq && !strings.HasPrefix(rest, "- ") || !seq && len(e.indent) != e.key.Column-1 {
			return nil
		}
		out = append(out, e)
	}
	for i := range out {
		out[i].to = to
		if i+1 < len(out) {
			out[i].to = out[i+1].from
		}
		// Comments and blank lines at the end belong to what comes next, or to nobody.
		for floor := lastLine(out[i].val); out[i].to > floor+1 && idle(o.lines[out[i].to-1]); {
			out[i].to--
		}
		out[i].head = out[i].from
		for out[i].head > 0 && strings.HasPrefix(strings.TrimSpace(o.lines[out[i].head-1]), "#") && (i == 0 || out[i].head > out[i-1].to) {
			out[i].head--
		}
	}
	return out
}

func idle(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

// lastLine is the last line, from 0, that is known to hold something of a node.
func lastLine(n *yaml.Node) int {
	last := n.Line - 1
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		last += strings.Count(strings.TrimRight(n.Value, "\n"), "\n") + 1
	}
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}

// spot is a node on the way from the root to what is edited.
type spot struct {
	node *yaml.Node
	own  *entry // the lines it takes up as a member of the spot before; nil when it has none of its own
	to   int    // the line after its last
}

// walk goes from the root along names and, in lists, positions given as "0", "1" …; nil when there is nothing there.
func (o *Outline) walk(path ...any) []spot {
	way := []spot{{node: o.root, to: len(o.lines)}}
	for _, p := range path {
		at := way[len(way)-1]
		next := spot{to: at.to}
		switch p := p.(type) {
		case string:
			next.node = value(at.node, p)
		case int:
			if items := list(at.node); p >= 0 && p < len(items) {
				next.node = items[p]
			}
		}
		if next.node == nil {
			return nil
		}
		if at.own != nil || len(way) == 1 {
			for _, e := range o.entries(at.node, at.to) {
				if e.val == next.node {
					next.own, next.to = &e, e.to
				}
			}
		}
		way = append(way, next)
	}
	return way
}

// set puts a member of the object that path leads to, replaces the one there, or with nil takes it away. A new one comes behind the member
// named after, or last.
func (o *Outline) set(val *yaml.Node, after, name string, path ...any) error {
	way := o.walk(path...)
	if way == nil {
		return unreadable()
	}
	at := way[len(way)-1]
	if at.node.Kind != yaml.MappingNode {
		return unreadable()
	}
	key, old := member(at.node, name)
	var known []entry
	if at.own != nil || len(way) == 1 {
		known = o.entries(at.node, at.to)
	}
	i := slices.IndexFunc(known, func(e entry) bool { return e.key == key })
	switch {
	case key == nil && val == nil:
		return nil
	case key == nil && len(known) > 0:
		key = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}
		last := known[len(known)-1]
		if j := slices.IndexFunc(known, func(e entry) bool { return e.key.Value == after }); j >= 0 {
			last = known[j]
		}
		text, err := written(entry{key: key, val: val, indent: last.indent})
		if err != nil {
			return err
		}
		return o.splice(last.to, last.to, text)
	case key != nil && val == nil && i >= 0 && len(known) > 1:
		return o.splice(known[i].head, known[i].to, "")
	case key != nil && val != nil && i >= 0:
		val.LineComment = old.LineComment
		known[i].val = val
		text, err := written(known[i])
		if err != nil {
			return err
		}
		return o.splice(known[i].from, known[i].to, text)
	}
	put(at.node, name, val)
	return o.rewrite(way)
}

// put changes a member in the tree.
func put(n *yaml.Node, name string, val *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != name {
			continue
		}
		if val == nil {
			n.Content = slices.Delete(n.Content, i, i+2)
		} else {
			if val.LineComment == "" {
				val.LineComment = n.Content[i+1].LineComment
			}
			n.Content[i+1] = val
		}
		return
	}
	if val != nil {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, val)
	}
}

// rewrite writes the innermost part with lines of its own again, after the tree was changed inside it.
func (o *Outline) rewrite(way []spot) error {
	for i := len(way) - 1; i > 0; i-- {
		if e := way[i].own; e != nil {
			text, err := written(*e)
			if err != nil {
				return err
			}
			return o.splice(e.from, e.to, text)
		}
	}
	text, err := encoded(o.root)
	if err != nil {
		return err
	}
	return o.become(strings.SplitAfter(text, "\n"))
}

// splice puts text, whole lines, in place of some lines.
func (o *Outline) splice(from, to int, text string) error {
	lines := slices.Clone(o.lines)
	if from > 0 && !strings.HasSuffix(lines[from-1], "\n") {
		lines[from-1] += "\n"
	}
	var put []string
	if text != "" {
		put = strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
		put[len(put)-1] += "\n"
	}
	return o.become(slices.Replace(lines, from, min(to, len(lines)), put...))
}

// written is an entry as lines of the file.
func written(e entry) (string, error) {
	n := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{bare(e.val)}}
	if e.key != nil {
		n = &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{bare(e.key), bare(e.val)}}
	}
	text, err := encoded(n)
	if err != nil || e.indent == "" {
		return text, err
	}
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if strings.TrimSpace(l) != "" {
			lines[i] = e.indent + l
		}
	}
	return strings.Join(lines, ""), nil
}

// bare is a copy without the comments above and below it: their lines are not the entry's and stay where they are.
func bare(n *yaml.Node) *yaml.Node {
	c := *n
	c.HeadComment, c.FootComment = "", ""
	if len(c.Content) > 0 {
		c.Content = slices.Clone(c.Content)
		first, last := *c.Content[0], len(c.Content)-1
		first.HeadComment = ""
		c.Content[0] = &first
		tail := bare(c.Content[last])
		if last == 0 {
			tail.HeadComment = ""
		}
		c.Content[last] = tail
		if n.Kind == yaml.MappingNode && last > 1 {
			key := *c.Content[last-1]
			key.FootComment = ""
			c.Content[last-1] = &key
		}
	}
	return &c
}

func encoded(n *yaml.Node) (string, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return "", err
	}
	err := enc.Close()
	return b.String(), err
}
