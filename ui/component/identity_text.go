package component

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/ground/money"
	"zhijian/ui/say"
	"zhijian/ui/scene"
)

func fen(ctx context.Context, n int64) string { return say.Money(scene.Lang(ctx), money.Fen(n)) }

type piece struct {
	text string
	hit  bool
}

// marked cuts a text at the hits, the longest hit first at each place, without regard to case.
func marked(text string, hits []string) []piece {
	hits = slices.DeleteFunc(slices.Clone(hits), func(h string) bool { return h == "" })
	slices.SortFunc(hits, func(a, b string) int { return len(b) - len(a) })
	var list []piece
	plain := 0
	for i := 0; i < len(text); {
		n := 0
		for _, h := range hits {
			if i+len(h) <= len(text) && strings.EqualFold(text[i:i+len(h)], h) {
				n = len(h)
				break
			}
		}
		if n == 0 {
			i++
			continue
		}
		if plain < i {
			list = append(list, piece{text: text[plain:i]})
		}
		list = append(list, piece{text: text[i : i+n], hit: true})
		i += n
		plain = i
	}
	if plain < len(text) {
		list = append(list, piece{text: text[plain:]})
	}
	return list
}

// Render writes the icon. It is written by hand because a page holds thirty of them: as a template they were a third
// of the time that the home took.
func (p Icon) Render(ctx context.Context, w io.Writer) error {
	_, err := io.WriteString(w, `<svg class="`+class("zj-i", "zj-i--", templ.EscapeString(p.Size))+`" aria-hidden="true"><use href="`+
		templ.EscapeString(scene.URL(ctx, "icons.svg"))+"#"+templ.EscapeString(p.Name)+`"></use></svg>`)
	return err
}
