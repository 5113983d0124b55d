package me

import (
	"net/http"
	"strconv"

	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ui/component"
	"zhijian/ui/say"
)

// settingsPage is how the pages look and in which city and language.
type settingsPage struct {
	nav   component.Nav
	flash component.Flash
	title string
	form  component.Form
	elder component.Choices
	theme component.Choices
	lang  component.Choices
	save  component.Button
	links []component.Item
}

func (m *Me) settings(w http.ResponseWriter, r *door.Request) error {
	title := m.f.T(r, "me.settings")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := settingsPage{
		nav: component.Nav{Title: title, Back: orElse(m.f.Home(r), "/")}, flash: m.f.Flash(w, r), title: title, form: component.Form{Action: "/me/wish"},
		elder: component.Choices{Name: "mode", Label: m.f.T(r, "me.mode"), Options: []component.Choice{
			{Value: "standard", Title: m.f.T(r, "me.mode.standard"), On: !r.Elder},
			{Value: "elder", Title: m.f.T(r, "me.mode.elder"), Sub: m.f.T(r, "me.mode.elder.note"), On: r.Elder},
		}},
		theme: component.Choices{Name: "theme", Label: m.f.T(r, "me.theme")},
		save:  component.Button{Text: m.f.T(r, "me.save"), Block: true},
	}
	if r.SignedIn() {
		q.nav.Back = "/me"
	}
	for _, t := range []string{"auto", "light", "dark"} {
		q.theme.Options = append(q.theme.Options, component.Choice{Value: t, Title: m.f.T(r, "me.theme."+t), On: r.Theme == t || r.Theme == "" && t == "auto"})
	}
	q.lang = component.Choices{Name: "lang", Label: m.f.T(r, "me.lang"), Options: []component.Choice{
		{Value: "zh", Title: m.f.T(r, "me.lang.zh"), On: r.Lang != "en"}, {Value: "en", Title: m.f.T(r, "me.lang.en"), On: r.Lang == "en"},
	}}
	city := m.f.T(r, "me.city.none")
	if c, ok := m.f.City(r); ok {
		city = c.Short
		if r.Lang == "en" && c.En != "" {
			city = c.En
		}
	}
	q.links = []component.Item{{Title: m.f.T(r, "me.city"), Icon: "map-pin", Href: "/", Lines: []string{city}}}
	return m.f.Render(w, r, http.StatusOK, p, settingsView(q))
}

// wish keeps what the settings page or a switch says: in this browser, and for a resident on every device.
func (m *Me) wish(w http.ResponseWriter, r *door.Request) error {
	want := r.Resident.Wish
	switch r.Value("mode") {
	case "elder", "standard":
		want.Elder = r.Value("mode") == "elder"
		r.KeepElder(w, want.Elder)
	}
	switch t := r.Value("theme"); t {
	case "light", "dark":
		want.Theme = t
		r.KeepTheme(w, t)
	case "auto":
		want.Theme = ""
		r.KeepTheme(w, "")
	}
	switch l := r.Value("lang"); l {
	case "zh", "en":
		want.Lang, r.Lang = l, l // the answer leads to a page in this language
	}
	if r.SignedIn() {
		if c, ok := m.f.City(r); ok {
			want.City = c.Slug
		}
		if err := m.c.Keeper.Wish(r.Context(), r.Actor, want); err != nil {
			return err
		}
	}
	r.Flash(w, "me.flash.saved")
	return r.See(w, back(r, "/me/settings"))
}

// keepCity makes the city of this browser the one that another device begins with.
func (m *Me) keepCity(r *door.Request, who actor.Actor, wish identity.Wish) error {
	c, ok := m.f.City(r)
	if !ok || c.Slug == wish.City {
		return nil
	}
	wish.City = c.Slug
	return m.c.Keeper.Wish(r.Context(), who, wish)
}

// elder is the switch in the header of the home: it comes back to the page it stands on.
func (m *Me) elder(w http.ResponseWriter, r *door.Request) error {
	on := r.Value("mode") == "elder"
	r.KeepElder(w, on)
	if r.SignedIn() && r.Resident.Wish.Elder != on {
		want := r.Resident.Wish
		want.Elder = on
		if err := m.c.Keeper.Wish(r.Context(), r.Actor, want); err != nil {
			return err
		}
	}
	return r.See(w, back(r, orElse(m.f.Home(r), "/")))
}

func back(r *door.Request, otherwise string) string {
	if to := r.Value("back"); door.LocalPath(to) {
		return to
	}
	return otherwise
}

// sessionsPage lists the devices.
type sessionsPage struct {
	nav   component.Nav
	flash component.Flash
	title string
	lead  string
	items []component.Item
	all   component.PostButton
	bound component.Section
	talks []component.Item // that speak in the resident's name
	stays component.Note   // once the other devices are out: the talks are not
	cut   component.PostButton
}

func (m *Me) sessions(w http.ResponseWriter, r *door.Request) error {
	list, err := m.c.Entrance.Sessions(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	now, title := m.f.Clock().Now(), m.f.T(r, "me.sessions")
	p := m.f.Page(r, title)
	p.Tab, p.Plain = "me", true
	q := sessionsPage{nav: component.Nav{Title: title, Back: "/me"}, flash: m.f.Flash(w, r), title: title, lead: m.f.T(r, "me.sessions.lead")}
	for _, s := range list {
		it := component.Item{
			Title: orElse(s.Device, m.f.T(r, "me.sessions.unknown")), Icon: "smartphone",
			Lines: []string{m.f.T(r, "me.sessions.seen", say.Ago(r.Lang, s.Seen, now)), m.f.T(r, "me.sessions.since", say.Day(r.Lang, s.Created, now))},
		}
		if s.ID == r.Session.ID {
			it.Side = component.Tag{Text: m.f.T(r, "me.sessions.this"), Tone: component.OK}
		} else {
			it.Side = component.PostButton{Action: "/me/sessions", Hidden: []component.Hidden{{Name: "session", Value: strconv.FormatInt(s.ID, 10)}}, Button: component.Button{Text: m.f.T(r, "me.sessions.end"), Tone: component.Line, Small: true, Spoken: it.Title}}
		}
		q.items = append(q.items, it)
	}
	if len(list) > 1 {
		q.all = component.PostButton{Action: "/me/sessions/others", Button: component.Button{Text: m.f.T(r, "me.sessions.others"), Tone: component.Danger, Block: true}}
	}
	q.bound = component.Section{Title: m.f.T(r, "me.wechat.bound")}
	if q.talks, err = m.talks(r); err != nil {
		return err
	}
	if r.Query("left") != "" && len(q.talks) > 0 {
		q.stays = component.Note{Tone: component.Warn, Text: m.f.T(r, "me.wechat.stays")}
		q.cut = component.PostButton{
			Action: "/me/wechat/end", Hidden: []component.Hidden{{Name: "follower", Value: allTalks}},
			Button: component.Button{Text: m.f.T(r, "me.wechat.cut"), Tone: component.Danger, Block: true},
		}
	}
	return m.f.Render(w, r, http.StatusOK, p, sessionsView(q))
}

func (m *Me) endSession(w http.ResponseWriter, r *door.Request) error {
	id, err := strconv.ParseInt(r.Value("session"), 10, 64)
	if err != nil || id <= 0 {
		return r.See(w, "/me/sessions")
	}
	return m.end(w, r, id)
}

// endOthers signs all other devices out. A bound WeChat is none of them: the page says so, with a button that ends it.
func (m *Me) endOthers(w http.ResponseWriter, r *door.Request) error { return m.end(w, r, 0) }

// end ends a session; 0 is all but this one.
func (m *Me) end(w http.ResponseWriter, r *door.Request, id int64) error {
	if err := m.c.Entrance.EndSession(r.Context(), r.Actor, id); err != nil {
		return err
	}
	r.Flash(w, "me.flash.ended")
	if id == 0 {
		return r.See(w, "/me/sessions?left=1")
	}
	return r.See(w, "/me/sessions")
}
