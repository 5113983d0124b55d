package layout

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"zhijian/ui/component"
	"zhijian/ui/scene"
)

// Observatory is the frame of a public page of figures: wide, with a style sheet and a script of its own besides the
// house's style sheet. The script only adds to what is there: without it the page is whole.
type Observatory struct {
	// Lang is "zh" or "en".
	Lang  string
	Title string
	// Description is for search engines; empty asks them to stay away.
	Description string
	Theme       string
	Elder       bool
	// Demo adds the demo line at the foot.
	Demo   bool
	Assets Assets
	// Path is the page's own path in its Chinese form, with its query.
	Path string
	// Nav are the chapters; the one that is On is this page's.
	Nav []component.Anchor
	// Label and Notice say under the bar that the data is simulated; empty when it is real.
	Label, Notice string
	// Bare leaves bar and foot out: a figure inside another house's page.
	Bare bool
}

// In is the frame around the page's content.
func (o Observatory) In() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return o.frame().Render(scene.With(ctx, scene.Scene{Lang: o.Lang, Assets: o.Assets, Elder: o.Elder}), w)
	})
}

func (o Observatory) class() string {
	if o.Bare {
		return "ob ob-embed"
	}
	return "ob"
}
