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
	// Bar is what one writes in, or the menu; nil leaves it out.
	Bar templ.Component
}

// MessageCard is one message of a conversation.
type MessageCard struct {
	// Now marks the newest message, which the address of the page leads to.
	Now bool
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

// MessageBody is what an account's message says: a heading, lines, facts, links, and what can be tapped to answer it.
type MessageBody struct {
	Title string
	Lines []string
	Rows  []Row
	Links []Anchor
	// Quick are the answers that can be tapped.
	Quick QuickReplies
	// Act is one button that posts somewhere else; nil leaves it out.
	Act templ.Component
}

// QuickReplies are buttons that say something in the resident's place.
type QuickReplies struct {
	Action string
	Hidden []Hidden
	Items  []QuickReply
}

// QuickReply posts Name=Value.
type QuickReply struct{ Text, Name, Value string }

// ChatInput is where one writes. Script adds an input by voice where the browser has one.
type ChatInput struct {
	Action string
	Hidden []Hidden
	// Name and Value are the input's, Max the most characters.
	Name, Value string
	Max         int
	// Hint says what one can write; Error what is wrong with Value.
	Hint, Error string
	// Menu is the path of the page with the menu instead; empty leaves the key out.
	Menu string
	// Lang is what the browser listens for: "zh-CN", "en".
	Lang string
}

// AccountMenu is the bottom menu of a conversation: at most 3 entries of at most 5 items.
type AccountMenu struct {
	// Keyboard is the path of the page with the text input.
	Keyboard string
	Groups   []MenuGroup
	// Action is where items that have a Value are posted to, with Hidden.
	Action string
	Hidden []Hidden
}

// MenuGroup is one entry: a link when Href is set, else a list that opens upward.
type MenuGroup struct {
	Text  string
	Href  string
	Items []MenuItem
}

// MenuItem is a link when Href is set; else it posts Name=Value.
type MenuItem struct{ Text, Href, Name, Value string }
