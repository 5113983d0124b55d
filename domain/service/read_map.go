package service

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// mapDef says what a result draws as a map.
type mapDef struct {
	from   *expr // a location answer: where the resident is
	points layerDef
	lines  layerDef
	cells  cellsDef
	most   int // entries of the list
}

// layerDef is one sort of thing on a map; each is nil when the map has none of it.
type layerDef struct {
	each  *expr
	title template
	text  template
	more  []template
	tone  *expr
	asOf  *expr
	path  *expr // of lines
	level *expr
}

type cellsDef struct {
	layerDef
	value *expr
	side  int
	scale []scaleDef
}

type scaleDef struct {
	from int
	text template
}

// mapLevels are how freely a road flows, and the edge of an area.
func mapLevels() []string { return []string{"free", "slow", "jam", "shut", "edge"} }

// Bounds of a map's list and of its classes.
const (
	usualListed = 12
	mostListed  = 40
	mostClasses = 5
)

// mapOf reads a map: from, points, lines, cells, most.
func (l *loader) mapOf(n *yaml.Node, path string, sc scope) *mapDef {
	if n == nil {
		return nil
	}
	m := l.mapping(n, path)
	d := &mapDef{most: usualListed}
	if fn := m.get("from"); fn != nil {
		d.from = l.expr(fn, m.at("from"), wantAny, sc)
		if d.from != nil && d.from.shape.name != "location" {
			l.say(fn, m.at("from"), "%q is no location; it names an answer of type location.", clip(d.from.src))
		}
	}
	if mn := m.get("most"); mn != nil {
		d.most = l.whole(mn, m.at("most"), 1, mostListed)
	}
	d.points = l.points(m.get("points"), m.at("points"), sc)
	d.lines = l.lines(m.get("lines"), m.at("lines"), sc)
	d.cells = l.cells(m.get("cells"), m.at("cells"), sc)
	if n.Kind == yaml.MappingNode && m.get("points") == nil && m.get("lines") == nil && m.get("cells") == nil {
		l.say(n, path, "A map shows \"points\", \"lines\" or \"cells\".")
	}
	m.done()
	return d
}

// layer reads what every layer has: each, title, text, lines, tone, as_of. It gives the scope of an item too.
func (l *loader) layer(m *mapping, sc scope) (layerDef, scope) {
	d := layerDef{}
	sc.item = scalar("any")
	if n := m.need("each", "the list whose items are drawn"); n != nil {
		d.each = l.expr(n, m.at("each"), wantList, sc)
		if d.each != nil && d.each.shape.kind == "list" {
			sc.item = d.each.shape.elem
		}
	}
	d.title = l.c.template(m.get("title"), m.at("title"), sc)
	d.text = l.c.template(m.get("text"), m.at("text"), sc)
	d.tone, d.asOf = l.opt(m, "tone", wantText, sc), l.opt(m, "as_of", wantText, sc)
	return d, sc
}

// lying wants items to have coordinates.
func (l *loader) lying(m *mapping, sc scope) {
	if sc.item.kind != "any" && !sc.item.located() {
		l.say(m.get("each"), m.at("each"), "The items have no \"lat: degree\" and \"lon: degree\", so they lie nowhere.")
	}
}

// named wants what is listed to have a heading.
func (l *loader) named(m *mapping, d layerDef) {
	if d.title.empty() {
		m.need("title", "a map is never the only way to read: each thing is on the list beside it")
	}
}

func (l *loader) points(n *yaml.Node, path string, sc scope) layerDef {
	if n == nil {
		return layerDef{}
	}
	m := l.mapping(n, path)
	d, sc := l.layer(m, sc)
	l.lying(m, sc)
	l.named(m, d)
	d.more = l.templates(m.get("lines"), m.at("lines"), sc)
	m.done()
	return d
}

func (l *loader) lines(n *yaml.Node, path string, sc scope) layerDef {
	if n == nil {
		return layerDef{}
	}
	m := l.mapping(n, path)
	d, sc := l.layer(m, sc)
	l.named(m, d)
	d.more = l.templates(m.get("lines"), m.at("lines"), sc)
	d.level = l.opt(m, "level", wantText, sc)
	if pn := m.need("path", "the places that the line leads through"); pn != nil {
		d.path = l.expr(pn, m.at("path"), wantList, sc)
		if d.path != nil && d.path.shape.kind == "list" && !d.path.shape.elem.located() {
			l.say(pn, m.at("path"), "A path is a list of places with \"lat: degree\" and \"lon: degree\".")
		}
	}
	m.done()
	return d
}

func (l *loader) cells(n *yaml.Node, path string, sc scope) cellsDef {
	if n == nil {
		return cellsDef{}
	}
	m := l.mapping(n, path)
	d := cellsDef{}
	d.layerDef, sc = l.layer(m, sc)
	l.lying(m, sc)
	d.more = l.templates(m.get("lines"), m.at("lines"), sc)
	if vn := m.need("value", "a cell is drawn by its value"); vn != nil {
		d.value = l.expr(vn, m.at("value"), wantInt, sc)
	}
	d.side = l.whole(m.need("side", "how many metres a cell is wide"), m.at("side"), 50, 100_000)
	sn := m.need("scale", "the classes of value, from the lowest, each in words")
	for i, e := range l.items(sn, m.at("scale")) {
		d.scale = append(d.scale, l.class(e, fmt.Sprintf("%s.%d", m.at("scale"), i+1), sc))
		if i > 0 && d.scale[i].from <= d.scale[i-1].from {
			l.say(e, m.at("scale"), "The classes rise: each begins above the one before.")
		}
	}
	if k := len(d.scale); sn != nil && (k < 1 || k > mostClasses) {
		l.say(sn, m.at("scale"), "A map has 1 to %d classes.", mostClasses)
	}
	m.done()
	return d
}

func (l *loader) class(n *yaml.Node, path string, sc scope) scaleDef {
	m := l.mapping(n, path)
	d := scaleDef{from: l.whole(m.need("from", "the least value of the class"), m.at("from"), -1_000_000, 1_000_000)}
	d.text = l.c.template(m.need("text", "what the class means"), m.at("text"), scope{at: sc.at})
	m.done()
	return d
}
