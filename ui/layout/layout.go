// Package layout draws the frame of a page: head, skip link, tab bar, foot, and for staff the shell of the console.
//
// A page is a templ component that wraps its content: `@p.In() { … }` with a Page, `@d.In() { … }` with a Desk. The
// frame hands language, token, assets and mode to all components inside (ui/scene). It writes no inline script and no
// inline style but the one style sheet of a first visit, whose hash asset.CriticalHash goes into the content policy.
// Every part works with script off; htmx and our own script are deferred.
package layout

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"zhijian/ui/component"
	"zhijian/ui/scene"
	"zhijian/ui/wording"
)

// Assets is what a frame needs of ui/asset.
type Assets interface {
	scene.Assets
	CriticalCSS() string
}

// Page is the frame of a resident's page.
type Page struct {
	// Lang is "zh" or "en".
	Lang string
	// Title is written before the city or the name of the house.
	Title string
	// Failed puts 错误： before the title: the page has an error summary.
	Failed bool
	// Description is for search engines; empty leaves it out and asks them to stay away (flow pages, /me).
	Description string
	// City is the city's name, for the title.
	City string
	// Home is the path of the city's entry, "/city/hangzhou"; empty before a city is chosen.
	Home string
	// Theme is what the resident chose: "light", "dark", or "" and "auto" to follow the device.
	Theme string
	// Elder is 长辈版.
	Elder bool
	// Tab is "home", "services", "messages" or "me"; empty leaves the tab bar out, as flows do.
	Tab    string
	Unread int
	// Demo adds the demo line at the foot.
	Demo bool
	// Inline puts the style sheet into the page: the first visit (no css cookie).
	Inline bool
	// Assets are the built files.
	Assets Assets
	// Token is the token against forged requests; empty on pages that are cached for everybody.
	Token string
	// Path is the page's own path in its Chinese form, with its query; it links to the other language. Empty leaves
	// that link out.
	Path string
	// Refresh reloads the page without script after this time, for waiting; 0 does not.
	Refresh time.Duration
	// Plain leaves out htmx, for pages that use none.
	Plain bool
}

// In is the frame around the page's content.
func (p Page) In() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return p.frame().Render(scene.With(ctx, p.scene()), w)
	})
}

// Fragment draws a component with the page's language, token and assets but without its frame, for htmx.
func (p Page) Fragment(c templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(scene.With(ctx, p.scene()), w)
	})
}

func (p Page) scene() scene.Scene {
	return scene.Scene{Lang: p.Lang, Token: p.Token, Assets: p.Assets, Elder: p.Elder}
}

func (p Page) title() string {
	title := p.Title
	switch {
	case title == "":
		title = wording.T(p.Lang, "name")
	case p.City != "" && p.City != title:
		title += " · " + p.City
	default:
		title += " · " + wording.T(p.Lang, "name")
	}
	if p.Failed {
		title = wording.T(p.Lang, "title.error", title)
	}
	return title
}

// other is the same page in the other language.
func (p Page) other() string {
	if p.Path == "" {
		return ""
	}
	return p.Path
}

// Desk is the frame of a console page.
type Desk struct {
	// Lang is "zh" or "en".
	Lang  string
	Title string
	// Operator makes it the operator's console.
	Operator bool
	// Home is where the logo leads.
	Home string
	// Avatar, Org and OrgNote are the department or account that is worked for; Switch is the page to change it.
	Avatar  component.Avatar
	Org     string
	OrgNote string
	Switch  string
	// Groups are the entries of the side bar; the first group has no title.
	Groups []NavGroup
	// Crumbs lead to this page; the last is the page itself, without Href.
	Crumbs []component.Anchor
	// User and Role are shown at the top right; Out is the path that 退出 posts to.
	User string
	Role string
	Out  string
	// List is the denser body of pages that are one list.
	List bool
	// Whole is the body without margins, of pages that use all of the screen.
	Whole  bool
	Theme  string
	Demo   bool
	Assets Assets
	Token  string
}

// NavGroup is a part of the side bar.
type NavGroup struct {
	Title string
	Items []NavItem
}

// NavItem is one entry; N is its count, Hot that a promise is about to break.
type NavItem struct {
	Text, Href, Icon string
	N                int
	Hot              bool
	On               bool
}

// In is the console around the page's content.
func (d Desk) In() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return d.frame().Render(scene.With(ctx, d.scene()), w)
	})
}

// Door is the page before a console: sign-in, second factor. The content stands in a narrow column.
func (d Desk) Door() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return d.door().Render(scene.With(ctx, d.scene()), w)
	})
}

func (d Desk) scene() scene.Scene {
	return scene.Scene{Lang: d.Lang, Token: d.Token, Assets: d.Assets}
}

func (d Desk) console() string {
	if d.Operator {
		return wording.T(d.Lang, "console.operator")
	}
	return wording.T(d.Lang, "console.department")
}

// Link gives a path of this house in a language: Link("en", "/me") is "/en/me". Components do it by themselves.
func Link(lang, path string) string { return scene.In(lang, path) }

// HTMX is the configuration of htmx: no eval, our own origin only, no page kept in the browser's storage (R11.4),
// and 422 is swapped like success (R11.2).
const HTMX = `{"allowEval":false,"selfRequestsOnly":true,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,"timeout":20000,` +
	`"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}`

func langTag(lang string) string {
	if lang == wording.English {
		return "en"
	}
	return "zh-CN"
}

func theme(t string) string {
	switch t {
	case "light", "dark":
		return t
	}
	return "auto"
}

func mode(elder bool) string {
	if elder {
		return "elder"
	}
	return "standard"
}

func seconds(d time.Duration) string { return strconv.Itoa(max(1, int(d.Seconds()))) }

func appClass(tab string) string {
	if tab != "" {
		return "zj-app zj-app--tab"
	}
	return "zj-app"
}

// style is the inline style sheet; it comes from our own build and holds no "</".
func style(css string) templ.Component { return templ.Raw("<style>" + css + "</style>") }
