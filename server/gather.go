package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"zhijian/catalog"
	"zhijian/domain/account"
	"zhijian/domain/department"
	"zhijian/domain/draft"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/intake"
	"zhijian/domain/observatory/live"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/observatory/public"
	"zhijian/domain/service"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/editions"
)

// gatherer makes an edition of the house itself: its accounts, its open services, and what its facts say of a month. The tables are
// written and read again by the same intake as anybody's, so that a house measures itself by the rules it measures others by.
type gatherer struct {
	facts       store.Facts
	accounts    *account.Desk
	departments *department.Desk
	catalogue   *service.Live // files, and what departments published
	shelf       *editions.Shelf
	visits      observatory.Visits // nil: visits are not counted
	demo        bool               // invented cities: the edition is labelled simulated
}

// Gathered is what became of an edition of the house.
type Gathered struct {
	Manifest editions.Manifest
	Refused  []intake.Problem // rows that the intake did not take
	Exhibits int
}

// Gather makes and computes an edition of a house; month is "2026-11", or "" for the running one in China. fault.Invalid when
// the house has no account or the month is none, fault.Conflict when the name is taken by other facts.
func Gather(ctx context.Context, c Config, name, month string) (out Gathered, err error) {
	defer fault.Wrap(&err, "gather edition %s", name)
	h := &House{c: c, ids: &uid.Maker{Clock: c.Clock}}
	if _, err := os.Stat(filepath.Join(c.Data, "seed")); err == nil {
		h.c.Demo = true // a demonstration keeps its seed there
	} else if !errors.Is(err, os.ErrNotExist) {
		return out, err
	}
	at := live.Day(c.Clock.Now()) / 100
	if month != "" {
		if at, err = parseMonth(month); err != nil {
			return out, err
		}
	}
	if err := h.openDatabase(ctx); err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, h.db.Close()) }()
	g := gatherer{facts: store.Facts{DB: h.db}, shelf: editions.Open(c.Data), demo: h.c.Demo}
	book, end, err := h.openVisitBook(ctx)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, end()) }()
	g.visits = book
	if g.accounts, err = account.New(account.Config{Store: store.Accounts{DB: h.db}, Clock: c.Clock, IDs: h.ids}); err != nil {
		return out, err
	}
	if g.departments, err = department.New(department.Config{Store: store.Departments{DB: h.db}, Clock: c.Clock, IDs: h.ids}); err != nil {
		return out, err
	}
	if g.catalogue, err = h.published(ctx, g.accounts, g.departments); err != nil {
		return out, err
	}
	return g.gather(ctx, name, at)
}

// published is the catalogue of a house that is not running, with what its departments have published.
func (h *House) published(ctx context.Context, accounts *account.Desk, departments *department.Desk) (*service.Live, error) {
	if err := h.openFacts(ctx); err != nil {
		return nil, err
	}
	if err := h.openSheets(ctx); err != nil {
		return nil, err
	}
	desk, err := draft.New(draft.Config{
		Store: store.Drafts{DB: h.db}, Grounds: grounds{departments, accounts, h.rooms.sheet, h.facts.regions, h.facts.catalogue}, Catalogue: h.live, Clock: h.c.Clock, IDs: h.ids,
	})
	if err != nil {
		return nil, err
	}
	return h.live, newOwnShelf(desk, h.live, h.c.Log).refresh(ctx)
}

var monthForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)

func parseMonth(s string) (int32, error) {
	year, month, ok := observatory.ParseMonth(s)
	if !ok || !monthForm.MatchString(s) {
		return 0, fault.Invalid("observatory.month", "月份请写成 2026-11 这样")
	}
	return int32(year*100 + month), nil
}

func (g gatherer) gather(ctx context.Context, name string, month int32) (out Gathered, err error) {
	facts, err := g.tables(ctx, month)
	if err != nil {
		return out, err
	}
	src, err := source(*facts)
	if err != nil {
		return out, err
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return out, err
	}
	taken, report, err := intake.Read(src, cat)
	if err != nil {
		return out, err
	}
	list, err := observatory.Compute(taken, nil, cat)
	if err != nil {
		return out, err
	}
	out.Refused, out.Exhibits = report.Refused, len(list)
	was, err := g.shelf.Manifest(name)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return out, err
	}
	begun := err == nil && len(was.Exhibits) == 0 // killed in between: nobody has seen it
	if out.Manifest, err = g.shelf.Put(editions.Manifest{Name: name, Simulated: g.demo, Refused: len(report.Refused)}, taken, begun); err != nil {
		return out, err
	}
	out.Manifest, err = g.shelf.Save(name, build(), list)
	return out, err
}

// source writes facts as the tables that the intake reads.
func source(facts observatory.Facts) (src intake.Source, err error) {
	into := map[string]*intake.File{
		"accounts.csv": &src.Accounts, "months.csv": &src.Months, "places.csv": &src.Places, "services.csv": &src.Services, "outcomes.csv": &src.Outcomes,
	}
	for _, f := range nation.Files(facts) {
		to, wanted := into[f.Name]
		if !wanted {
			continue
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			return src, err
		}
		*to = intake.File{Name: f.Name, Data: b.Bytes()}
	}
	return src, nil
}

// tables are the house's registry and what it did in a month.
func (g gatherer) tables(ctx context.Context, month int32) (*observatory.Facts, error) {
	f := &observatory.Facts{}
	for _, city := range g.catalogue.Cities() {
		if err := g.registry(ctx, city, f); err != nil {
			return nil, fmt.Errorf("city %s: %w", city, err)
		}
	}
	days, err := g.facts.Days(ctx, month*100, (month+1)*100)
	if err != nil {
		return nil, err
	}
	people, err := g.facts.Crowds(ctx, month, month)
	if err != nil {
		return nil, err
	}
	f.Outcomes = live.Outcomes(month, days, people)
	for i := range f.Outcomes {
		g.describe(&f.Outcomes[i])
	}
	if err := g.addVisits(ctx, live.MonthName(month), f); err != nil {
		return nil, err
	}
	f.Sort()
	return f, nil
}

// registry adds a city's accounts, its entry and its open services.
func (g gatherer) registry(ctx context.Context, city string, f *observatory.Facts) error {
	list, err := g.accounts.Of(ctx, city)
	if err != nil {
		return err
	}
	for _, a := range list {
		d, err := g.departments.Department(ctx, a.Department)
		if err != nil {
			return fmt.Errorf("department of account %s: %w", a.Alias, err)
		}
		f.Accounts = append(f.Accounts, observatory.Account{
			ID: a.Alias, Name: a.Name, Region: a.Region, Country: "CN", Level: observatory.Municipal, Sector: a.Sector, Kind: kindOf(a.Kind),
			Verified: a.Verified, Opened: dateOf(a.Opened), Department: d.Name,
		})
	}
	offers := g.catalogue.Offers(city)
	f.Places = append(f.Places, observatory.Place{Region: city, Service: len(offers) > 0})
	for _, o := range offers {
		f.Launches = append(f.Launches, observatory.Launch{Region: city, Service: o.Definition.ID, Launched: true, NoVisits: true})
	}
	return nil
}

// dateOf is the day of a time in China; 0 when there is none.
func dateOf(t time.Time) observatory.Date {
	if t.IsZero() {
		return 0
	}
	return observatory.Date(live.Day(t))
}

func kindOf(k account.Kind) observatory.Kind {
	if k == account.Service {
		return observatory.Serving
	}
	return observatory.Subscription
}

// describe adds what the definition of a service says: who answers, what to have at hand, whose systems take part.
func (g gatherer) describe(o *observatory.Outcome) {
	offer, ok := g.catalogue.Offer(o.Region, o.Service)
	if !ok {
		return
	}
	o.Account = offer.Account
	o.Set(observatory.Materials, int64(len(offer.Definition.Needs)))
	systems := map[string]bool{}
	for _, office := range offer.Offices {
		systems[office.System] = true
	}
	o.Set(observatory.Departments, int64(len(systems)))
}

// addVisits adds what the visit log counted, if there is one that counts.
func (g gatherer) addVisits(ctx context.Context, month string, f *observatory.Facts) (err error) {
	if g.visits == nil {
		return nil
	}
	months, err := g.visits.Accounts(ctx, month)
	if fault.Is(err, fault.KindUnavailable) {
		return nil
	}
	if err != nil {
		return err
	}
	list, err := g.visits.Services(ctx, month)
	if err != nil {
		return err
	}
	f.Months = months
	loads := map[[2]string]int64{}
	for _, v := range list {
		loads[[2]string{v.Region, v.Service}] += v.Visits
	}
	for i := range f.Launches {
		l := &f.Launches[i]
		l.Visits, l.NoVisits = loads[[2]string{l.Region, l.Service}], false
	}
	for i := range f.Outcomes {
		if o := &f.Outcomes[i]; o.Service != "" {
			o.Set(observatory.Loads, loads[[2]string{o.Region, o.Service}])
		}
	}
	return nil
}

// editionOf names the edition of a night: live-2026-11-28.
func editionOf(day int32) string {
	s := strconv.Itoa(int(day))
	if len(s) != 8 {
		return public.LiveName(s)
	}
	return public.LiveName(strings.Join([]string{s[:4], s[4:6], s[6:]}, "-"))
}
