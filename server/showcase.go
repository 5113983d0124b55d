package server

import (
	"context"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/observatory/public"
	"zhijian/domain/observatory/standing"
	"zhijian/ground/fault"
	"zhijian/store/editions"
)

// showcase shows the editions of the data folder to the doors. An edition is read once and kept, for it does not change; what
// is on the shelf is looked up each time, which reads the manifests alone. A demonstration that has none but of itself makes one when
// somebody first asks: about two seconds, which its start must not take.
type showcase struct {
	shelf *editions.Shelf
	demo  bool
	log   *slog.Logger

	mu   sync.Mutex
	kept map[string]keptEdition

	reading sync.Mutex // one reads accounts at a time: it takes half a second and much memory
	books   []keptBook // the last asked for at the end
}

// keptBook is the accounts of an edition.
type keptBook struct {
	sum  string // of the facts
	book *standing.Book
}

// mostBooks is how many editions' accounts are kept: the one that is looked at, the one before it, and one more. The accounts of the nation
// take about 40 MB.
const mostBooks = 3

type keptEdition struct {
	sum  string
	list []observatory.Exhibit
}

func newShowcase(c Config) *showcase {
	return &showcase{shelf: editions.Open(c.Data), demo: c.Demo, log: c.Log, kept: map[string]keptEdition{}}
}

// Editions lists the editions that are computed, by name, the newest last.
func (s *showcase) Editions(context.Context) ([]public.Edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, err := s.computed()
	if err != nil || !s.demo || slices.ContainsFunc(list, func(e public.Edition) bool { _, live := e.Live(); return !live }) {
		return list, err
	}
	if err := s.simulate(); err != nil {
		return nil, err
	}
	return s.computed()
}

func (s *showcase) computed() (list []public.Edition, err error) {
	all, err := s.shelf.List()
	for _, m := range all {
		if len(m.Exhibits) == 0 {
			continue
		}
		list = append(list, m.Public())
	}
	slices.SortFunc(list, func(a, b public.Edition) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// Key gives the key that editions are signed with; fault.NotFound when none was signed yet.
func (s *showcase) Key(context.Context) (public.Key, error) {
	key, err := s.shelf.Key()
	if err == nil && key == nil {
		err = fault.NotFound("edition.keyless", "这里还没有签过名的版次")
	}
	if err != nil {
		return public.Key{}, err
	}
	return public.Key{Algorithm: "ed25519", Key: key.String(), Fingerprint: key.Fingerprint()}, nil
}

// Exhibits gives the exhibits of an edition as the public may see them, in the catalogue's order; do not change them.
// fault.NotFound when there is no such edition.
func (s *showcase) Exhibits(_ context.Context, name string) ([]observatory.Exhibit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.shelf.Manifest(name)
	if err != nil {
		return nil, err
	}
	if k, ok := s.kept[name]; ok && k.sum == m.ExhibitsSum {
		return k.list, nil
	}
	list, err := s.shelf.Exhibits(name)
	if err != nil {
		return nil, err
	}
	facts, _, err := s.shelf.Facts(name)
	if err != nil {
		return nil, err
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return nil, err
	}
	list = public.All(list, facts, cat)
	s.forget()
	s.kept[name] = keptEdition{m.ExhibitsSum, list}
	return list, nil
}

// forget lets go of the editions that are gone from the shelf, as old nights are.
func (s *showcase) forget() {
	for name := range s.kept {
		if _, err := s.shelf.Manifest(name); fault.Is(err, fault.KindNotFound) {
			delete(s.kept, name)
		}
	}
}

// Printed opens the printed report of an edition; fault.NotFound when none was published.
func (s *showcase) Printed(_ context.Context, name string) (io.ReadCloser, int64, error) {
	return s.shelf.Printed(name)
}

// Book gives the accounts of an edition as the public may see them. fault.NotFound when there is no such edition.
func (s *showcase) Book(_ context.Context, name string) (*standing.Book, error) {
	m, err := s.shelf.Manifest(name)
	if err != nil {
		return nil, err
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	if at := slices.IndexFunc(s.books, func(k keptBook) bool { return k.sum == m.FactsSum }); at >= 0 {
		k := s.books[at]
		s.books = append(slices.Delete(s.books, at, at+1), k)
		return k.book, nil
	}
	facts, m, err := s.shelf.Facts(name)
	if err != nil {
		return nil, err
	}
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return nil, err
	}
	k := keptBook{m.FactsSum, standing.New(facts, cat)}
	s.books = append(s.books[max(0, len(s.books)+1-mostBooks):], k)
	return k.book, nil
}

// demoNation is the seed of the nation that a demonstration shows.
const demoNation = 1

// simulate makes the editions of 2014 and 2015 of a simulated nation.
func (s *showcase) simulate() (err error) {
	defer fault.Wrap(&err, "make the demonstration's edition")
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		return err
	}
	this, last, err := nation.Simulate(demoNation, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		return err
	}
	for _, y := range []struct {
		m               editions.Manifest
		facts, previous *observatory.Facts
	}{
		{editions.Manifest{Name: "2014", Simulated: true}, &last, nil},
		{editions.Manifest{Name: "2015", Previous: "2014", Simulated: true}, &this, &last},
	} {
		if _, err := s.shelf.Put(y.m, y.facts, false); err != nil {
			return err
		}
		list, err := observatory.Compute(y.facts, y.previous, cat)
		if err != nil {
			return err
		}
		if _, err := s.shelf.Save(y.m.Name, build(), list); err != nil {
			return err
		}
	}
	s.log.Info("made the demonstration's edition", "edition", "2015")
	return nil
}

// build names the code: the commit when the binary knows it.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}
