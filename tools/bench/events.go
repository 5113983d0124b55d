package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strconv"

	"zhijian/bus/logbus"
	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

// noted is an event of the measurement.
type noted struct {
	event.Meta
	N int `json:"n"`
}

// EventName names the event.
func (noted) EventName() string { return "bench.noted" }

// deliveries measures how many events of a log that is already there reach five consumers that do nothing.
func deliveries(ctx context.Context, b *bench) error {
	var events, calls []float64
	for n := range b.rounds {
		perSecond, err := deliver(ctx, filepath.Join(b.dir, "events-"+strconv.Itoa(n)))
		if err != nil {
			return err
		}
		events, calls = append(events, perSecond), append(calls, perSecond*busConsumers)
	}
	b.table.report("events delivered to five consumers", "events/s", median(events))
	b.table.report("— calls of handlers", "calls/s", median(calls))
	return nil
}

const (
	busEvents    = 20_000
	busConsumers = 5
)

func deliver(ctx context.Context, dir string) (perSecond float64, err error) {
	if err := makeDir(dir); err != nil {
		return 0, err
	}
	quiet := slog.New(slog.DiscardHandler)
	db, err := sqldb.Open(ctx, sqldb.Config{Path: filepath.Join(dir, "events.db"), Log: quiet})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.Write(ctx, func(tx *sqldb.Tx) error {
		for n := range busEvents {
			if err := tx.Append("k"+strconv.Itoa(n%500), noted{N: n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	bus, err := logbus.New(logbus.Config{DB: db, Log: quiet})
	if err != nil {
		return 0, err
	}
	for c := range busConsumers {
		bus.Handle("c"+strconv.Itoa(c), nil, func(context.Context, event.Event) error { return nil })
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	took := stopwatch()
	go func() { ended <- bus.Run(ctx) }()
	err = bus.Idle(ctx)
	seconds := took().Seconds()
	cancel()
	if e := <-ended; !errors.Is(e, context.Canceled) {
		err = errors.Join(err, e)
	}
	return busEvents / seconds, err
}
