package component

import "github.com/a-h/templ"

// Hero is the header of the city home: city, weather, elder switch, messages, greeting, search. Only there.
type Hero struct {
	City     string
	CityHref string
	// Weather has at most two short lines.
	Weather []string
	// Greeting is the h1.
	Greeting string
	Sub      string
	Unread   int
	// ModeAction is the path that the elder switch posts to (field "mode": elder or standard, field "back").
	ModeAction string
	// Back is the path to return to after the switch.
	Back   string
	Search SearchBox
}

// Nav is the bar of a page below the home: back, short title, at most one action. The title is not the h1.
type Nav struct {
	Title string
	// Back is the path of the page before: a real link, not the browser's history.
	Back string
	// Sub is a small line under the title.
	Sub templ.Component
	// ActHref, ActIcon and ActLabel are the one action; the label is spoken.
	ActHref  string
	ActIcon  string
	ActLabel string
	// Act is the one action when it changes something: a PostButton. It stands here so that the first form of the page's main part is
	// the one the page is for.
	Act templ.Component
}

// NavSearch is the bar of the search page: back and the search box.
type NavSearch struct {
	Back   string
	Search SearchBox
}

// TabBar is the four tabs at the bottom. The layout draws it; pages only name the tab.
type TabBar struct {
	// On is "home", "services", "messages" or "me".
	On string
	// Home is the path of the city's entry, "/city/hangzhou"; empty leads to the city chooser.
	Home   string
	Unread int
}

// Main is the main part of a resident's page; use it as a block with In.
type Main struct {
	// Bar leaves room for an ActionBar, Tab for the TabBar.
	Bar bool
	Tab bool
	// Bare has no padding, for pages that begin with a DonePanel; Stack spaces its parts evenly.
	Bare  bool
	Stack bool
}

// ActionBar holds the one primary action of a flow page, inside the page's form, last in it.
type ActionBar struct {
	Button Button
	// Label and Value are a running summary at the left: "已选 1 条，记 0 分", "¥150.00". Empty: the button is full width.
	Label string
	Value string
	// Small sets the value smaller, for times.
	Small bool
	// Running makes label and value follow the checked inputs that carry Fen and Points (a script; without it they
	// stay). It is the label with {n} for the count and {p} for the points: "已选 {n} 条，记 {p} 分".
	Running string
}

// Section is a part of a page with an h2 and at most one link.
type Section struct {
	Title string
	// ID names the heading, for aria-labelledby; empty leaves it out.
	ID string
	// Note stands after the title in lighter type: "11 个市全部开通".
	Note string
	More Anchor
	// Small uses the smaller heading.
	Small bool
}

// Card is a white block; use it with In.
type Card struct {
	// Pad gives inner space, Tight a little of it.
	Pad   bool
	Tight bool
	// Title is an optional h2 inside.
	Title string
}

// SearchBox is a form that gets Action with the input Name.
type SearchBox struct {
	Action string
	// ID of the input, distinct on the page; empty is "q".
	ID string
	// Name of the input; empty is "q".
	Name  string
	Value string
	// Label is spoken; empty is "搜索服务、账号和文章".
	Label       string
	Placeholder string
	// Button is the text of the button; empty is "搜索".
	Button string
	// Plain is the box on a light ground.
	Plain bool
	// Keep are further parameters to carry along.
	Keep []Hidden
	// Grow lets it fill a row.
	Grow bool
}

// Hidden is a hidden input.
type Hidden struct{ Name, Value string }

// Chips are at most 12 links to choose one from.
type Chips struct {
	Items []Anchor
	// Label names the group when it filters the page.
	Label string
	// Scroll keeps them in one line.
	Scroll bool
}

// Tabs are links that filter a list, with the current one marked.
type Tabs struct {
	Label string
	Items []Anchor
}

// Rail is the list of groups beside a list of services (办事 page only, at most 30). Use it with In: the block is the
// main part, with id main.
type Rail struct {
	Label string
	Items []Anchor
}

// Head is the header of the 办事 page: the h1, one link, a search box.
type Head struct {
	Title  string
	More   Anchor
	Search *SearchBox
}
