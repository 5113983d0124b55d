// Package component draws the parts that pages are made of, as design/components.md lists them.
//
// A component is a struct: its fields are its props, and rendering it writes HTML. `@component.Tag{Text: "在线办结"}`
// stands in a templ page as it is; a component that wraps other content has a method In, used with a block:
// `@component.Section{Title: "进度"}.In() { … }`. What all parts of a page share (language, assets, token, elder mode)
// comes from ui/scene. Every part works without script, has no inline style and no inline handler, writes no colour,
// and keeps a target of at least 44 px. Paths are given in their Chinese form ("/me"); in an English page components
// put "/en" before them. Each component has named examples, which are its tests and its page in the gallery.
package component

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"zhijian/ui/scene"
	"zhijian/ui/wording"
)

// Example is a component with props worth looking at.
type Example struct {
	// Component is the section of the gallery, "Button".
	Component string
	// Name says what the example shows, "busy".
	Name string
	// Show is the component with its props.
	Show templ.Component
	// Wide asks for a desk page (1280 px) in place of a phone.
	Wide bool
}

// Anchor is a link with its text.
type Anchor struct {
	Text string
	Href string
	// On marks the entry that is shown now.
	On bool
}

// Tone is the mood of a tag, a note or a button: the zero value is neutral.
type Tone string

// The tones.
const (
	Plain  Tone = ""
	Brand  Tone = "brand"
	OK     Tone = "ok"
	Warn   Tone = "warn"
	Danger Tone = "danger"
	Info   Tone = "info"
	Soft   Tone = "soft"
	Line   Tone = "2"
	Quiet  Tone = "quiet"
)

// Text is a plain text as a component, for slots that take one.
func Text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

// Group draws several components one after the other, for slots that take one.
func Group(list ...templ.Component) templ.Component { return templ.Join(list...) }

// word is the sentence of a key in the page's language.
func word(ctx context.Context, key string, args ...any) string { return wording.In(ctx, key, args...) }

// link puts a path into the page's language.
func link(ctx context.Context, path string) string { return scene.Link(ctx, path) }

// class joins class names: with("zj-tag", "zj-tag--", "ok") is "zj-tag zj-tag--ok"; an empty last part adds nothing.
func class(name, prefix, variant string) string {
	if variant == "" {
		return name
	}
	return name + " " + prefix + variant
}

// and adds a class when a condition holds.
func and(name string, on bool, more string) string {
	if on {
		return name + " " + more
	}
	return name
}
