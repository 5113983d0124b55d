package identity

import (
	"context"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// Wish keeps how the actor wants the pages. The same wish again does nothing. fault.Invalid on "city",
// "lang" or "theme" for what no page offers.
func (d *Desk) Wish(ctx context.Context, a actor.Actor, w Wish) (err error) {
	defer fault.Wrap(&err, "keep wish of %s", a)
	id, err := resident(a)
	if err != nil {
		return err
	}
	if w.Lang == "zh" {
		w.Lang = ""
	}
	if err := w.check(); err != nil {
		return err
	}
	_, err = d.c.Residents.Change(ctx, id, 0, func(f *File) ([]event.Body, error) {
		if f.Wish == w {
			return nil, nil
		}
		f.Wish = w
		return []event.Body{Wished{Meta: by(a), Resident: id}}, nil
	})
	return err
}

func (w Wish) check() error {
	var city, lang, theme *fault.Error
	if !slug(w.City) && w.City != "" {
		city = fault.Invalid("wish.city", "没有这座城市，请从列表里选").On("city")
	}
	if w.Lang != "" && w.Lang != "en" {
		lang = fault.Invalid("wish.lang", "目前有中文和英文，请选一种").On("lang")
	}
	if w.Theme != "" && w.Theme != "light" && w.Theme != "dark" {
		theme = fault.Invalid("wish.theme", "请选浅色、深色，或跟随手机").On("theme")
	}
	return fault.Join(city, lang, theme)
}

// slug reports whether s may be a word of our own URLs: a-z, 0-9 and hyphens.
func slug(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// maxFavourites bounds what one resident keeps at hand.
const maxFavourites = 100

// Favourites lists what the actor keeps at hand, newest first.
func (d *Desk) Favourites(ctx context.Context, a actor.Actor) (list []Favourite, err error) {
	defer fault.Wrap(&err, "list favourites of %s", a)
	id, err := resident(a)
	if err != nil {
		return nil, err
	}
	return d.c.Residents.Favourites(ctx, id)
}

// Favour keeps a service at hand (on) or lets it go; what is so already stays so. fault.Conflict
// "favourite.full" at 100.
func (d *Desk) Favour(ctx context.Context, a actor.Actor, city, service string, on bool) (err error) {
	defer fault.Wrap(&err, "favour a service for %s", a)
	id, err := resident(a)
	if err != nil {
		return err
	}
	if !slug(city) || !slug(service) {
		return fault.Invalid("favourite.service", "没有这项服务，请从列表里选")
	}
	if on {
		list, err := d.c.Residents.Favourites(ctx, id)
		if err != nil {
			return err
		}
		if len(list) >= maxFavourites {
			return fault.Conflict("favourite.full", "最多收藏 %d 项，请先取消几项", maxFavourites)
		}
	}
	f := Favourite{City: city, Service: service, At: d.c.Clock.Now()}
	return d.c.Residents.Favour(ctx, id, f, on, Favoured{Meta: by(a), Resident: id, City: city, Of: service, On: on})
}
