package component

import "github.com/a-h/templ"

type tab struct{ id, icon, path string }

// tabs are the four entries; their paths depend on the city.
func tabs(p TabBar) []tab {
	home, services := p.Home, p.Home+"/services"
	if home == "" {
		home, services = "/", "/"
	}
	return []tab{
		{"home", "house", home},
		{"services", "layout-grid", services},
		{"messages", "bell", "/me/messages"},
		{"me", "circle-user", "/me"},
	}
}

func mainClass(p Main) string {
	name := "zj-main"
	if p.Bare {
		name = "zj-rel"
	}
	return and(and(and(name, p.Bar, "zj-main--bar"), p.Tab, "zj-main--tab"), p.Stack, "zj-stack")
}

func sectionHead(p Section) string {
	if p.Small {
		return "zj-h3"
	}
	return "zj-h2"
}

func cardClass(p Card) string {
	return and(and("zj-card", p.Pad, "zj-card--pad"), p.Tight, "zj-card--tight")
}

func searchClass(p SearchBox) string {
	return and(and("zj-search", p.Plain, "zj-search--plain"), p.Grow, "zj-grow")
}

func grown(p SearchBox) templ.Component {
	p.Grow, p.Plain = true, true
	return p
}

func wide(p Button) templ.Component {
	p.Wide = true
	return p
}

func block(p Button) templ.Component {
	p.Block = true
	return p
}

// or is the first text unless it is empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
