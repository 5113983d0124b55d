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
	"zhijian/ground/event"
	"zhijian/ground/fault"
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
	return out, nil
}
