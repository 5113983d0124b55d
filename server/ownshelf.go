package server

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/department"
	"zhijian/domain/draft"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/domain/sheet"
	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

// ownShelf keeps the catalogue in step with what departments publish. The process that hears of a publication puts it up at once; every
// process asks twice in ownEvery whether something was published elsewhere, which is one small read.
type ownShelf struct {
	desk *draft.Desk
	live *service.Live
	log  *slog.Logger
	// changed drops what is kept rendered; nil until there are doors.
	changed func()

	mu    sync.Mutex // guards what follows, and that one refresh runs at a time
	shelf *draft.Shelf
	turns int64
	said  map[string]bool // what was logged before
}

// ownEvery is how long another process may show the catalogue of before.
const ownEvery = 2 * time.Second

func newOwnShelf(desk *draft.Desk, live *service.Live, log *slog.Logger) *ownShelf {
	return &ownShelf{desk: desk, live: live, log: log, shelf: desk.Shelf(), turns: -1, said: map[string]bool{}}
}

// refresh reads again what is published, when something was since the last time.
func (s *ownShelf) refresh(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	turns, err := s.desk.Turns(ctx)
	if err != nil || turns == s.turns {
		return err
	}
	locals, wrong, err := s.shelf.Locals(ctx)
	if err != nil {
		return err
	}
	for _, w := range wrong {
		if text := w.Error(); !s.said[text] {
			s.said[text] = true
			s.log.Warn("a service of a department is not offered", "error", text)
		}
	}
	s.live.Set(locals)
	s.turns = turns
	if s.changed != nil {
		s.changed()
	}
	return nil
}

// names are the events after which residents are offered something else.
func (s *ownShelf) names() []string {
	return []string{draft.PublishedEvent{}.EventName(), draft.WithdrawnEvent{}.EventName()}
}

func (s *ownShelf) on(ctx context.Context, _ event.Event) error { return s.refresh(ctx) }

// run looks for what other processes published until ctx ends. A database that does not answer for a while leaves the catalogue as it is.
func (s *ownShelf) run(ctx context.Context) error {
	tick := time.NewTicker(ownEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := s.refresh(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("read the services of departments", "error", err)
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// openShelf puts up what departments have published, before cases that stand on it are looked for.
func (h *House) openShelf(ctx context.Context) error {
	h.shelf = newOwnShelf(h.rooms.draft, h.live, h.c.Log)
	h.hear("draft.shelf", h.shelf.names(), h.shelf.on)
	return h.shelf.refresh(ctx)
}

// grounds tells what a department stands on: the city that it works in, its accounts, and those offices of the city's pack that are its own.
type grounds struct {
	departments *department.Desk
	accounts    *account.Desk
	sheets      *sheet.Desk
	regions     *region.Tree
	catalogue   *service.Catalogue
}

// Ground implements draft.Grounds.
func (g grounds) Ground(ctx context.Context, id int64) (draft.Ground, error) {
	dep, err := g.departments.Department(ctx, id)
	if err != nil {
		return draft.Ground{}, err
	}
	city, ok := g.regions.City(dep.Region)
	if _, on := g.catalogue.City(city.Code); !ok || !on {
		return draft.Ground{}, fault.Conflict("draft.ground", "本部门所在的城市还没有开通，请先联系平台管理员")
	}
	out := draft.Ground{City: city.Code, Department: dep.Name, Sector: dep.Sector}
	var aliases []string
	for _, code := range []string{dep.Region, city.Code} {
		list, err := g.accounts.Of(ctx, code)
		if err != nil {
			return draft.Ground{}, err
		}
		for _, a := range list {
			if a.Department == id && a.Kind == account.Service {
				out.Accounts, aliases = append(out.Accounts, draft.Account{Alias: a.Alias, Name: a.Name}), append(aliases, a.Alias)
			}
		}
		if dep.Region == city.Code {
			break
		}
	}
	if len(out.Accounts) == 0 {
		return draft.Ground{}, fault.Conflict("draft.ground", "本部门还没有服务号，请先联系平台管理员开通")
	}
	out.Offices = g.catalogue.OwnOffices(city.Code, aliases)
	return out, g.tables(ctx, dep, &out)
}

// tables adds the sheets of the department that answer. An office of the city's pack keeps its word.
func (g grounds) tables(ctx context.Context, dep department.Department, out *draft.Ground) error {
	list, err := g.sheets.List(ctx, actor.Actor{Kind: actor.Staff, Department: dep.ID})
	if err != nil {
		return err
	}
	out.Sheets = map[string]draft.Sheet{}
	for _, s := range list {
		now, ok := s.Answering()
		word := draft.OfficeWord(s.Slug)
		if _, taken := out.Offices[word]; taken || !ok {
			continue
		}
		out.Offices[word] = service.Office{System: s.System(), Name: service.Text{Zh: dep.Name, En: dep.En}}
		x := draft.Sheet{Office: word, Unique: now.Shape.Unique, Slots: now.Shape.Slots != nil}
		for _, c := range now.Shape.Columns {
			x.Columns = append(x.Columns, draft.Column{Name: c.Name, Label: c.Label, Kind: string(c.Kind), Key: c.Use == tabular.Key, Told: c.Use == tabular.Answer})
		}
		out.Sheets[word] = x
	}
	return nil
}

// sheetUsers tells sheets which services that residents are offered ask them.
type sheetUsers struct{ live *service.Live }

// Uses implements sheet.Users.
func (u sheetUsers) Uses(_ context.Context, system string) ([]sheet.Use, error) {
	var out []sheet.Use
	for _, city := range u.live.Cities() {
		for _, o := range u.live.Offers(city) {
			for word, office := range o.Offices {
				if office.System != system {
					continue
				}
				for _, a := range o.Definition.Asks(word) {
					use := sheet.Use{Service: o.Definition.Name.Zh, Call: a.Call, With: a.With, Many: a.Many}
					for _, r := range a.Gives {
						use.Reads = append(use.Reads, sheet.Read{Name: r.Name, Kind: r.Kind})
					}
					out = append(out, use)
				}
			}
		}
	}
	return out, nil
}
