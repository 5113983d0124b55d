package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// readers is how many look at public figures at once: a few, on a machine of two processors.
const readers = 4

// observatory measures the public pages of figures on the simulated nation of 83,641 accounts: every exhibit's page, which is drawn for
// each reader, and pages of regions, sectors and accounts, each at an address that was not asked for before.
func observatory(ctx context.Context, b *bench) error {
	if err := b.city.open(ctx); err != nil {
		return err
	}
	// The first makes the editions, which takes seconds; an account's page reads the accounts of both, which takes one.
	if _, err := b.city.get(ctx, "/observatory/accounts/sim0000001", "", true); err != nil {
		return fmt.Errorf("make the edition: %w", err)
	}
	exhibits, err := b.city.exhibitPages(ctx)
	if err != nil {
		return err
	}
	for _, what := range []struct {
		name  string
		pages []string
	}{
		{"exhibit page, nation, p95", exhibits},
		{"page of a region, a sector or an account, nation, p95", standingPages()},
	} {
		times, err := b.city.browse(ctx, what.pages, time.Duration(b.seconds*float64(time.Second)))
		if err != nil {
			return err
		}
		if b.verbose {
			fmt.Printf("  %s: %d pages asked for %d times, median %.1f ms\n", what.name, len(what.pages), len(times), milliseconds(quantile(times, 0.5)))
		}
		b.table.limit(fmt.Sprintf("%s (%d readers)", what.name, readers), "ms", milliseconds(quantile(times, 0.95)), 30)
	}
	return nil
}

// exhibitPages are the pages of all exhibits of the newest edition.
func (c *city) exhibitPages(ctx context.Context) (pages []string, err error) {
	var editions []struct{ Name string }
	if err := c.api(ctx, "/observatory/editions", &editions); err != nil {
		return nil, err
	}
	if len(editions) == 0 {
		return nil, errors.New("the city has no edition")
	}
	var list []struct{ ID string }
	if err := c.api(ctx, "/observatory/editions/"+editions[len(editions)-1].Name+"/exhibits", &list); err != nil {
		return nil, err
	}
	for _, x := range list {
		pages = append(pages, "/observatory/exhibits/"+x.ID)
	}
	return pages, nil
}

func (c *city) api(ctx context.Context, path string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.ready.APIURL+path, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %d", path, answer.StatusCode)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// standingPages are pages of provinces and their capitals, of all sectors, and of accounts all over the registry. The query keeps them
// apart from pages that are kept.
func standingPages() (pages []string) {
	for _, province := range strings.Fields("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65") {
		pages = append(pages, "/observatory/regions/"+province+"0000?uncached=1")
	}
	for _, capital := range strings.Fields("1301 1401 1501 2101 2201 2301 3201 3301 3401 3501 3601 3701 4101 4201 4301 4401 4501 4601 5101 5201 5301 5401 6101 6201 6301 6401 6501") {
		pages = append(pages, "/observatory/regions/"+capital+"00?uncached=1")
	}
	for n := range 54 {
		pages = append(pages, fmt.Sprintf("/observatory/sectors/f%02d?uncached=1", n+1))
	}
	for n := 1; n < 83_641; n += 1_000 {
		pages = append(pages, fmt.Sprintf("/observatory/accounts/sim%07d", n))
	}
	return pages
}

// browse lets the readers ask for the pages in random order for at least a time, and until each page was asked for three times on
// average; it gives how long each answer took, to its last byte.
func (c *city) browse(ctx context.Context, pages []string, least time.Duration) ([]time.Duration, error) {
	var wg sync.WaitGroup
	times, errs := make([][]time.Duration, readers), make([]error, readers)
	until := time.Now().Add(least)
	for n := range readers {
		wg.Go(func() {
			order := rand.New(rand.NewPCG(1, uint64(n)))
			for asked := 0; asked*readers < 3*len(pages) || time.Now().Before(until); asked++ {
				took := stopwatch()
				if _, errs[n] = c.get(ctx, pages[order.IntN(len(pages))], "", true); errs[n] != nil {
					return
				}
				times[n] = append(times[n], took())
			}
		})
	}
	wg.Wait()
	var all []time.Duration
	for _, t := range times {
		all = append(all, t...)
	}
	return all, errors.Join(errs...)
}
