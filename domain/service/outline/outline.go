// Package outline reads a service's file as a form shows it, and writes what a form changes back into the file.
//
// The bytes are the truth. An edit replaces only the lines of what it changes: comments, order and everything else stay as they were
// written, so that a file that was read and not changed is the same bytes. An outline can be made of any YAML that begins with names and
// values, also of a file that service.Load would refuse: what cannot be read as expected is simply not shown.
package outline

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/fault"
)

// MaxBytes bounds a file, as service.Load does.
const MaxBytes = 256 << 10

// Outline is one file. It is not safe for concurrent use.
type Outline struct {
	lines []string // each with its line end
	root  *yaml.Node
}

// Read parses a file; fault.Invalid "outline.yaml" when it is no YAML of names and values.
func Read(src []byte) (_ *Outline, err error) {
	defer func() {
		// The YAML library has panicked on odd input before; a file must never stop the house.
		if e := recover(); e != nil {
			err = unreadable()
		}
	}()
	if len(src) > MaxBytes {
		return nil, fault.Invalid("outline.large", "文件太大了，最多 %d KB", MaxBytes>>10).On("text")
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return nil, unreadable().Because(err)
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, unreadable()
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, unreadable()
	}
	return &Outline{lines: strings.SplitAfter(string(src), "\n"), root: doc.Content[0]}, nil
}

func unreadable() *fault.Error {
	return fault.Invalid("outline.yaml", "这份文件读不出来，请核对缩进、冒号和引号").On("text")
}

// Bytes is the file as it is now.
func (o *Outline) Bytes() []byte { return []byte(strings.Join(o.lines, "")) }

// become takes the file that an edit made; the outline stays what it was when that cannot be read.
func (o *Outline) become(lines []string) error {
	made, err := Read([]byte(strings.Join(lines, "")))
	if err != nil {
		return err
	}
	*o = *made
	return nil
}

// member gives a member of an object and its key; nil when it has none.
func member(n *yaml.Node, name string) (key, val *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

func value(n *yaml.Node, name string) *yaml.Node {
	_, v := member(n, name)
	return v
}

// word is the text of a single value; "" for anything else.
func word(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

func wordOf(n *yaml.Node, name string) string { return word(value(n, name)) }

// list is the members of a list; nil for anything else.
func list(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}
