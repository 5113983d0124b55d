package city

import (
	"context"
	"slices"
	"sync"
	"time"

	"zhijian/domain/account"
	"zhijian/domain/observatory/live"
	"zhijian/domain/region"
	"zhijian/domain/service/find"
	"zhijian/ground/clock"
	"zhijian/web/frame"
)

// Kinds of document in an index.
const (
	foundService = "service" // offered by the city
	foundKind    = "kind"    // not offered here
	foundAccount = "account"
	foundMatter  = "bundle"
)

type indexKey struct{ city, lang string }

type kept struct {
	index *find.Index
	until time.Time
}

const (
	indexFor  = 10 * time.Minute
	indexMost = 48 // an index takes about a quarter of a megabyte
)

// indexes keeps the search index of each city that is used, in each language.
type indexes struct {
	clock clock.Clock
	mu    sync.Mutex
	of    map[indexKey]kept
}

func newIndexes(c clock.Clock) *indexes { return &indexes{clock: c, of: map[indexKey]kept{}} }

func (x *indexes) forget(city string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for key := range x.of {
		if city == "" || key.city == city {
			delete(x.of, key)
		}
	}
}

// index gives the index of a city; the zero region has the kinds of service alone.
func (e *Entry) index(ctx context.Context, c region.Region, lang string) (*find.Index, error) {
	key, now := indexKey{c.Code, lang}, e.found.clock.Now()
	e.found.mu.Lock()
	one, ok := e.found.of[key]
	e.found.mu.Unlock()
	if ok && now.Before(one.until) {
		return one.index, nil
	}
	var accounts []account.Account
	if c.Code != "" {
		var err error
		if accounts, err = e.c.Accounts.Of(ctx, c.Code); err != nil {
			return nil, err
		}
	}
	made := find.New(e.documents(c, lang, accounts), e.c.Synonyms)
	e.found.mu.Lock()
	defer e.found.mu.Unlock()
	if len(e.found.of) >= indexMost {
		clear(e.found.of)
	}
	e.found.of[key] = kept{made, now.Add(indexFor)}
	return made, nil
}

// documents lists what can be found in a city: services first, then accounts, then what it does not offer.
func (e *Entry) documents(c region.Region, lang string, accounts []account.Account) []find.Doc {
	var docs []find.Doc
	offered := map[string]bool{}
	for _, o := range e.c.Shelf.Offers(c.Code) {
		d := o.Definition
		offered[d.ID] = true
		docs = append(docs, find.Doc{ID: d.ID, Kind: foundService, Title: d.Name.In(lang), Sub: o.Department, Keywords: append([]string{d.Name.Zh, d.Name.En, d.About.In(lang)}, d.Keywords...), Weight: 2, Use: float64(e.used(c.Code, d.ID)) / live.MostUsed})
	}
	for _, b := range e.c.Shelf.Bundles(c.Code) {
		docs = append(docs, find.Doc{ID: b.ID, Kind: foundMatter, Title: b.Name.In(lang), Sub: b.About.In(lang), Keywords: append([]string{b.Name.Zh, b.Name.En}, b.Keywords...), Weight: 2})
	}
	for _, a := range accounts {
		docs = append(docs, find.Doc{ID: a.Alias, Kind: foundAccount, Title: frame.AccountName(a, lang), Sub: a.Intro, Keywords: []string{a.Name, a.En}, Weight: 1})
	}
	for _, k := range e.c.Shelf.Kinds("") {
		if !offered[k.ID] {
			docs = append(docs, find.Doc{ID: k.ID, Kind: foundKind, Title: k.Name.In(lang), Sub: e.group[k.Group].Name.Zh, Keywords: slices.Concat([]string{k.Name.Zh, k.Name.En}, k.Keywords, k.KeywordsEn)})
		}
	}
	return docs
}
