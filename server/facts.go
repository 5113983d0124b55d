package server

import (
	"context"
	"errors"
	"fmt"

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

func (h *House) openFacts(context.Context) (err error) {
	h.facts, err = loadFacts()
	return err
}

func loadFacts() (f facts, err error) {
	if f.regions, err = region.Load(catalog.FS); err != nil {
		return f, err
	}
	if f.sectors, err = sector.Load(catalog.FS); err != nil {
		return f, err
	}
	if f.synonyms, err = find.LoadSynonyms(catalog.FS); err != nil {
		return f, err
	}
	if f.assets, err = asset.New(); err != nil {
		return f, err
	}
	var problems []service.Problem
	if f.catalogue, problems = service.LoadCatalogue(catalog.FS); len(problems) > 0 {
		var errs []error
		for _, p := range problems {
			errs = append(errs, fmt.Errorf("%s", p))
		}
		return f, errors.Join(errs...)
	}
	return f, nil
}
