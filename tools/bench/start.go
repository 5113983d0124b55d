package main

import (
	"context"
	"net/http"
	"time"
)

// startUp measures a warm start, from the process to the first whole page, and the memory of a house
// that nobody asks anything.
func startUp(ctx context.Context, b *bench) error {
	if err := b.city.open(ctx); err != nil {
		return err
	}
	var times []float64
	for range max(5, b.rounds) {
		if err := b.city.shut(); err != nil {
			return err
		}
		took := stopwatch()
		if err := b.city.start(ctx); err != nil {
			return err
		}
		if err := page(ctx, b.city.ready.BaseURL+"/city/"+slug); err != nil {
			return err
		}
		times = append(times, milliseconds(took()))
	}
	b.table.limit("start of a warm demonstration to its first page", "ms", median(times), 300)
	pause(ctx, 10*time.Second)
	b.table.limit("resident memory, idle, with its outside world", "MB", residentMemory(b.city.proc.pid())/1e6, 120)
	return ctx.Err()
}

func page(ctx context.Context, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	return do(r, nil)
}
