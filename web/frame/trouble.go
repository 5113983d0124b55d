package frame

import (
	"net/http"
	"strings"
	"time"

	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// Trouble answers with a page that says what is wrong, whose fault it is, what to do next, and where to ask: the
// residents' door.Face.
func (f *Frame) Trouble(w http.ResponseWriter, r *door.Request, t door.Trouble) {
	title := f.T(r, titleOf(t))
	p := f.Page(r, title)
	p.Tab, p.Path, p.Plain = "home", "", true
	card := component.FailureCard{
		Title: title, Text: whole(r.Lang, f.Sentence(r, t.Fault)), Number: t.ID, Heading: true,
		Retry:  f.way(r, t),
		Notify: component.Button{Text: f.T(r, "trouble.call"), Href: "tel:12345"},
	}
	if t.Fault.RetryAfter > 0 {
		card.Text += f.T(r, "trouble.after", say.Duration(r.Lang, max(t.Fault.RetryAfter, time.Second)))
	}
	back := f.Home(r)
	if back == "" {
		back = "/"
	}
	if err := f.write(w, r, t.Status, p.In(), troubled(component.Nav{Title: f.T(r, "name"), Back: back}, card)); err != nil {
		http.Error(w, f.Sentence(r, t.Fault), t.Status)
	}
}

// whole ends a sentence that stands alone on a page; faults carry theirs without a full stop.
func whole(lang, s string) string {
	switch {
	case s == "" || strings.ContainsAny(s[len(s)-1:], ".?!") || strings.HasSuffix(s, "。") || strings.HasSuffix(s, "？"):
		return s
	case lang == "en":
		return s + "."
	}
	return s + "。"
}

func titleOf(t door.Trouble) string {
	switch t.Status {
	case http.StatusNotFound:
		return "trouble.absent"
	case http.StatusForbidden:
		return "trouble.denied"
	case http.StatusConflict:
		return "trouble.conflict"
	case http.StatusTooManyRequests:
		return "trouble.busy"
	case http.StatusServiceUnavailable:
		return "trouble.down"
	case http.StatusInternalServerError:
		return "trouble.ours"
	case http.StatusUnprocessableEntity:
		return "trouble.invalid"
	}
	return "trouble.unread"
}

// way is the first button: again where that may help, else on.
func (f *Frame) way(r *door.Request, t door.Trouble) component.Button {
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch t.Fault.Kind {
	case fault.KindUnavailable, fault.KindTooMany, fault.KindConflict, fault.KindInternal:
		if safe && door.LocalPath(r.Local()) {
			return component.Button{Text: f.T(r, "trouble.again"), Href: unprefixed(r.Local())}
		}
	}
	home := f.Home(r)
	if home == "" {
		return component.Button{Text: f.T(r, "trouble.choose"), Href: "/"}
	}
	return component.Button{Text: f.T(r, "trouble.home"), Href: home}
}
