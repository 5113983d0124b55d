package component

import (
	"context"

	"github.com/a-h/templ"
)

func buttonClass(p Button) string {
	name := class("zj-btn", "zj-btn--", string(p.Tone))
	name = and(name, p.Small, "zj-btn--s")
	name = and(name, p.Block, "zj-btn--block")
	name = and(name, p.Wide, "zj-btn--wide")
	return and(name, p.Grow, "zj-grow")
}

// busy is the text of a submit button while its form is on the way; only primary ones say it by themselves.
func busy(ctx context.Context, p Button) string {
	if p.Busy == "" && p.Tone == Plain && p.Action == "" {
		return word(ctx, "busy")
	}
	return p.Busy
}

// filled lets a button that grows fill the form around it.
func filled(p Button) templ.Component {
	if p.Grow {
		p.Grow, p.Block = false, true
	}
	return p
}
