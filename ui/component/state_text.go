package component

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"zhijian/ui/scene"
)

func softer(b Button) templ.Component {
	b.Tone = Soft
	return b
}

func small(b Button) templ.Component {
	b.Small = true
	return b
}

func quiet(b Button) templ.Component {
	b.Small, b.Tone = true, Quiet
	return b
}

func flashTone(t Tone) string {
	if t == Plain {
		t = OK
	}
	return noteTone(t)
}

// otherLanguage links to the same page in the other language, in that language's own name.
func otherLanguage(path string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		lang, tag, name := "en", "en", "English"
		if scene.Lang(ctx) == "en" {
			lang, tag, name = "zh", "zh-CN", "中文"
		}
		return languageLink(scene.In(lang, path), tag, name).Render(ctx, w)
	})
}
