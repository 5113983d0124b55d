package chat

import (
	"strings"

	"zhijian/domain/service"
	render "zhijian/ui/chat"
)

// matter finds the matter of life (一件事) that words name, unless they name a service at least as closely.
func (t *turn) matter(text string, services ...[]service.Offer) (*service.Bundle, bool) {
	text = strings.ToLower(text)
	var found *service.Bundle
	longest := 0
	for _, b := range t.x.c.Shelf.Bundles(t.city.Code) {
		if n := holds(text, b.Name, b.Keywords); n > longest {
			found, longest = b, n
		}
	}
	for _, list := range services {
		for _, o := range list {
			if holds(text, o.Definition.Name, o.Definition.Keywords) >= longest {
				return nil, false
			}
		}
	}
	return found, longest > 0
}

// holds is the length of the longest name or keyword that the text holds, 0 for none.
func holds(text string, name service.Text, keywords []string) int {
	n := 0
	for _, word := range append([]string{name.Zh, name.En}, keywords...) {
		if word != "" && strings.Contains(text, strings.ToLower(word)) {
			n = max(n, len(word))
		}
	}
	return n
}

// lead says that several services belong together and where they are begun: its questions are pages.
func (t *turn) lead(b *service.Bundle) {
	t.tell(render.Message{
		Lines: []string{t.T("talk.matter", b.Name.In(t.r.Lang)), b.About.In(t.r.Lang)},
		Links: []render.Link{{Text: b.Name.In(t.r.Lang), Kind: render.LinkPage, Href: "/city/" + t.city.Slug + "/bundles/" + b.ID}},
	})
}
