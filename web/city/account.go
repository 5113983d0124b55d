package city

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/scene"
	"zhijian/web/frame"
)

// account is the page of an official account: who is behind it and what can be done there.
func (e *Entry) account(w http.ResponseWriter, r *door.Request) error {
	a, err := e.c.Accounts.ByAlias(r.Context(), r.PathValue("alias"))
	if err != nil {
		return err
	}
	r.Visited(door.Visit{Kind: door.VisitView, Region: a.Region, Account: a.Alias})
	r.Depends(TagAccounts, TagCatalogue, TagCity(a.Region))
	head := component.AccountHeader{Avatar: frame.Avatar(a), Name: frame.AccountName(a, r.Lang), Intro: a.Intro, Chat: "/a/" + a.Alias + "/chat"}
	if r.Lang == "en" && a.IntroEn != "" {
		head.Intro = a.IntroEn
	}
	if a.Verified {
		d, err := e.c.Departments.Department(r.Context(), a.Department)
		switch {
		case err == nil:
			head.Subject = d.Name
			if d.Phone != "" {
				head.Facts = append(head.Facts, e.f.T(r, "account.phone", d.Phone))
			}
		case !fault.Is(err, fault.KindNotFound):
			return err
		}
	}
	var list []component.Item
	nav := component.Nav{Title: e.f.T(r, "account.title"), Back: e.f.Home(r)}
	city, ok := e.c.Regions.City(a.Region)
	if ok {
		nav.Back = path(city)
		head.Facts = append(head.Facts, frame.Name(r, city))
		for _, o := range e.c.Shelf.Offers(city.Code) {
			if o.Account == a.Alias {
				it := e.offerItem(r, city, o)
				it.Lines = nil
				list = append(list, it)
			}
		}
	}
	p := e.f.Page(r, head.Name)
	if ok {
		p = e.page(r, city, head.Name)
	}
	p.Description = head.Intro
	return e.f.Render(w, r, http.StatusOK, p, accountPage(nav, head, component.Section{Title: e.f.T(r, "account.services"), Note: e.f.T(r, "services.n", len(list))}, list))
}

// anchor puts a path into the page's language, for links that are not components.
func anchor(ctx context.Context, path string) templ.SafeURL { return templ.URL(scene.Link(ctx, path)) }
