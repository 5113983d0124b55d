package component

import "github.com/a-h/templ"

// AccountHeader is the head of an account's page.
type AccountHeader struct {
	Avatar Avatar
	Name   string
	// Subject is the full legal name, verified.
	Subject string
	Intro   string
	// Follow is the path that 关注 posts to (field "on": 1 or 0); empty leaves it out.
	Follow    string
	Following bool
	// Chat is the path of the conversation; empty leaves it out.
	Chat string
	// Facts are short public figures.
	Facts []string
}

// Verified is a legal name with the check mark.
type Verified struct {
	Text   string
	Center bool
}

// ChatTime is the time between messages.
type ChatTime struct{ Text string }

// Chat is the main part of a conversation; use it with In.
type Chat struct {
	// Title is the h1, spoken only.
	Title string
	// Read leaves less room below: there is no menu.
	Read bool
}

// MessageCard is one message of a conversation.
type MessageCard struct {
	// Mine is the resident's own, at the right.
	Mine   bool
	Avatar Avatar
	// By says who wrote it: 自动回复, 人工 0233. Empty leaves it out.
	By   string
	Text string
	Body templ.Component
}

// TemplateCard is a service notice: at most four rows and one link.
type TemplateCard struct {
	Avatar Avatar
	Title  string
	Rows   []Row
	Href   string
	// Go is the text of the link.
	Go string
}

// AccountMenu is the bottom menu of a conversation: at most 3 entries of at most 5 items.
type AccountMenu struct {
	// Keyboard is the path of the page with the text input.
	Keyboard string
	Groups   []MenuGroup
}

// MenuGroup is one entry: a link when Href is set, else a list that opens upward.
type MenuGroup struct {
	Text  string
	Href  string
	Items []Anchor
}
