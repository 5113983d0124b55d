package server_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/draft"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/uid"
	"zhijian/server"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// onGround is what one department stands on; it can be taken away.
type onGround struct{ is draft.Ground }

func (g *onGround) Ground(context.Context, int64) (draft.Ground, error) { return g.is, nil }

// TestEveryProcessShowsWhatIsPublished: two processes over one database come to offer the same, whichever of them a service was published in;
// nothing is read anew as long as nothing was published; and what a department may no longer ask for is not offered, while cases keep it.
func TestEveryProcessShowsWhatIsPublished(t *testing.T) {
	t.Parallel()
	files, problems := service.LoadCatalogue(catalog.FS)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		ctx, clock := t.Context(), testkit.Clock()
		g := &onGround{draft.Ground{City: "330100", Department: "交警", Sector: "f01", Accounts: []draft.Account{{Alias: "hzjj"}}, Offices: files.OwnOffices("330100", []string{"hzjj"})}}
		type process struct {
			desk    *draft.Desk
			live    *service.Live
			shelf   server.OwnShelf
			changes int
		}
		open := func() *process {
			p := &process{live: service.NewLive(files)}
			var err error
			if p.desk, err = draft.New(draft.Config{Store: store.Drafts{DB: db}, Grounds: g, Catalogue: p.live, Clock: clock, IDs: &uid.Maker{Clock: clock}}); err != nil {
				t.Fatal(err)
			}
			p.shelf = server.NewOwnShelf(p.desk, p.live, slog.New(slog.DiscardHandler), func() { p.changes++ })
			return p
		}
		here, there := open(), open()
		refresh := func() {
			t.Helper()
			for _, p := range []*process{here, there} {
				if err := p.shelf.Refresh(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		refresh()
		ann, bob := actor.Actor{Kind: actor.Staff, ID: 1, Department: 7}, actor.Actor{Kind: actor.Staff, ID: 2, Department: 7}
		one, err := here.desk.Begin(ctx, ann, draft.Beginning{Pattern: "query", Name: service.Text{Zh: "进度", En: "Progress"}, Group: "traffic-police", Word: "progress", Office: "traffic"})
		if err != nil {
			t.Fatal(err)
		}
		if one, err = here.desk.Edit(ctx, ann, one.Service, one.Rev, strings.Replace(one.Text, "review_by:", "basis: none\nreview_by:", 1)); err == nil {
			one, err = here.desk.Submit(ctx, ann, one.Service, one.Rev, "写好了")
		}
		if err == nil {
			one, err = there.desk.Approve(ctx, bob, one.Service, one.Rev, "看过了")
		}
		if err == nil {
			one, err = there.desk.Publish(ctx, bob, one.Service, one.Rev)
		}
		if err != nil {
			t.Fatal(err)
		}
		refresh()
		refresh()
		for name, p := range map[string]*process{"here": here, "there": there} {
			o, ok := p.live.Offer("330100", "own-progress")
			if !ok || o.Offices["traffic"].System != "traffic" || o.Account != "hzjj" {
				t.Errorf("%s: %v %+v", name, ok, o)
			}
			if p.changes != 2 {
				t.Errorf("%s: what is rendered was dropped %d times, want at the start and once", name, p.changes)
			}
			if len(p.live.Offers("310100")) != len(files.Offers("310100")) {
				t.Errorf("%s: another city is touched", name)
			}
		}
		// The office goes to another department; the next change anywhere, or a start, takes the service down.
		g.is.Offices = nil
		later := open()
		if err := later.shelf.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if _, ok := later.live.Offer("330100", "own-progress"); ok {
			t.Error("it is offered although its office is another department's now")
		}
		if o, ok := later.live.Pinned("330100", "own-progress", 1); !ok || len(o.Offices) != 0 {
			t.Errorf("a case that began with it: %v %+v", ok, o.Offices)
		}
	})
}
