package server

import (
	"context"
	"errors"
	"io/fs"
	"sync"

	"zhijian/catalog"
	"zhijian/domain/region"
	"zhijian/domain/sector"
	"zhijian/domain/service"
	"zhijian/domain/service/find"
	"zhijian/ui/asset"
)

// facts are what the binary carries: it does not change while the house runs.
type facts struct {
	regions   *region.Tree
	sectors   *sector.Table
	catalogue *service.Catalogue
	synonyms  find.Synonyms
	assets    *asset.Asset
}

// carried are the facts of a house without a catalogue of its own, with the demonstration's cities or without. They are read once, however
// many houses a process opens: nothing in them ever changes.
var carried = map[bool]func() (facts, error){
	false: sync.OnceValues(func() (facts, error) { return loadFacts(Shelf("", false)) }),
	true:  sync.OnceValues(func() (facts, error) { return loadFacts(Shelf("", true)) }),
}

func (h *House) openFacts(context.Context) (err error) {
	load := carried[h.c.Demo]
	if h.c.Catalogue != "" {
		load = func() (facts, error) { return loadFacts(Shelf(h.c.Catalogue, h.c.Demo)) }
	}
	if h.facts, err = load(); err == nil {
		h.live = service.NewLive(h.facts.catalogue)
	}
	return err
}

// loadFacts reads the parts side by side: they are most of what a start takes.
func loadFacts(shelf fs.FS) (facts, error) {
	var f facts
	errs := make([]error, 5)
	var all sync.WaitGroup
	for i, load := range []func() error{
		func() (err error) { f.regions, err = region.Load(catalog.FS); return err },
		func() (err error) { f.sectors, err = sector.Load(catalog.FS); return err },
		func() (err error) { f.synonyms, err = find.LoadSynonyms(catalog.FS); return err },
		func() (err error) { f.assets, err = asset.New(); return err },
		func() (err error) { f.catalogue, err = loadCatalogue(shelf); return err },
	} {
		all.Go(func() { errs[i] = load() })
	}
	all.Wait()
	return f, errors.Join(errs...)
}

func loadCatalogue(shelf fs.FS) (*service.Catalogue, error) {
	c, problems := service.OpenCatalogue(shelf)
	var errs []error
	for _, p := range problems {
		errs = append(errs, errors.New(p.String()))
	}
	return c, errors.Join(errs...)
}
