package bustest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
)

// poison makes event 2 of key "bad" fail until it is cured.
func poison(t *testing.T, w World) (e Engine, h *heard, cure func(), stuck Stuck) {
	t.Helper()
	db := w.Place(t)()
	e = w.Make(t, db, Options{Backoff: brief})
	h = &heard{}
	ill := func(key string, n int) error {
		if key == "bad" && n == 2 {
			return errNotNow
		}
		return nil
	}
	h.fail = ill
	e.Handle("a", nil, h.handle)
	start(t, e)
	say(t, db, "bad", 1, 2, 3)
	say(t, db, "good", 1)
	settled(t, e)
	say(t, db, "bad", 4)
	say(t, db, "good", 2)
	settled(t, e)
	want(t, h, "good", 2)
	want(t, h, "bad", 1)
	list, err := e.Stuck(wait(t))
	if err != nil || len(list) != 1 {
		t.Fatalf("parked events: %v, %v, want one", list, err)
	}
	s := list[0]
	var body said
	if err := s.Event.Decode(&body); err != nil {
		t.Fatal(err)
	}
	if s.Consumer != "a" || s.Event.Key != "bad" || body.N != 2 || s.Attempts != 2 || s.Waiting != 2 || s.Error != errNotNow.Error() {
		t.Fatalf("parked: %+v", s)
	}
	return e, h, func() { h.setFail(nil) }, s
}

// boss decides about parked events.
var boss = actor.Actor{Kind: actor.Operator, ID: 7}

func poisonRetried(t *testing.T, w World) {
	e, h, cure, stuck := poison(t, w)
	if err := e.Retry(wait(t), boss, "a", stuck.Event.ID); err != nil {
		t.Fatalf("Retry() = %v", err)
	}
	settled(t, e)
	want(t, h, "bad", 1) // it failed again and is parked again
	list, err := e.Stuck(wait(t))
	if err != nil || len(list) != 1 {
		t.Fatalf("parked after a retry in vain: %v, %v, want one", list, err)
	}
	cure()
	if err := e.Retry(wait(t), boss, "a", stuck.Event.ID); err != nil {
		t.Fatalf("Retry() = %v", err)
	}
	settled(t, e)
	want(t, h, "bad", 4)
	if list, err := e.Stuck(wait(t)); err != nil || len(list) != 0 {
		t.Errorf("parked after a good retry: %v, %v, want none", list, err)
	}
}

func poisonSkipped(t *testing.T, w World) {
	e, h, _, stuck := poison(t, w)
	if err := e.Skip(wait(t), boss, "a", stuck.Event.ID); err != nil {
		t.Fatalf("Skip() = %v", err)
	}
	settled(t, e)
	if got := fmt.Sprint(h.of("bad")); got != "[1 3 4]" {
		t.Errorf("events heard after a skip: %s, want [1 3 4]", got)
	}
}

func decidedTwice(t *testing.T, w World) {
	e, _, _, stuck := poison(t, w)
	if err := e.Skip(wait(t), boss, "b", stuck.Event.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("Skip() for another consumer = %v, want not found", err)
	}
	if err := e.Skip(wait(t), boss, "a", stuck.Event.ID); err != nil {
		t.Fatal(err)
	}
	settled(t, e)
	if err := e.Retry(wait(t), boss, "a", stuck.Event.ID); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("Retry() after Skip() = %v, want not found", err)
	}
}

func stopping(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{})
	begun, free := make(chan struct{}), make(chan struct{})
	finished := false
	e.Handle("a", nil, func(ctx context.Context, _ event.Event) error {
		close(begun)
		<-free
		finished = ctx.Err() == nil
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	say(t, db, "k", 1)
	<-begun
	cancel()
	select {
	case err := <-done:
		t.Fatalf("Run() = %v while a handler is under way", err)
	default:
	}
	close(free)
	if err := <-done; err != nil {
		t.Errorf("Run() = %v, want nil", err)
	}
	if !finished {
		t.Error("the handler under way was cancelled")
	}
}

func restart(t *testing.T, w World) {
	db := w.Place(t)()
	var h heard
	for round := range 3 {
		e := w.Make(t, db, Options{})
		e.Handle("a", nil, h.handle)
		stop := start(t, e)
		say(t, db, "k", 2*round+1)
		settled(t, e)
		if err := stop(); err != nil {
			t.Fatalf("Run() = %v", err)
		}
		say(t, db, "k", 2*round+2) // while nobody listens
	}
	e := w.Make(t, db, Options{})
	e.Handle("a", nil, h.handle)
	start(t, e)
	settled(t, e)
	want(t, &h, "k", 6) // a stop in order repeats nothing
}

// crash closes the database under a running bus, so that nothing it would still save is saved.
func crash(t *testing.T, w World) {
	open := w.Place(t)
	db := open()
	var h heard
	for round := range 3 {
		e := w.Make(t, db, Options{Save: time.Hour})
		e.Handle("a", nil, h.handle)
		stop := start(t, e)
		for k := range 5 {
			for n := 1; n <= 20; n++ {
				say(t, db, fmt.Sprint("k", k), round*20+n)
			}
		}
		if round == 0 {
			settled(t, e) // all was handled, and no place was saved
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_ = stop() // it cannot save, and says so
		db = open()
	}
	e := w.Make(t, db, Options{})
	e.Handle("a", nil, h.handle)
	start(t, e)
	settled(t, e)
	for k := range 5 {
		wantAll(t, &h, fmt.Sprint("k", k), 60)
	}
	if h.all <= 5*60 {
		t.Errorf("%d events were heard: the crashes repeated nothing, so this test shows nothing", h.all)
	}
}

func crashHeld(t *testing.T, w World) {
	open := w.Place(t)
	db := open()
	// One key is between two attempts, another is parked, both with events behind.
	var h heard
	h.fail = func(key string, n int) error {
		if n == 2 && key != "good" {
			return fmt.Errorf("%w: %s", errNotNow, key)
		}
		return nil
	}
	e := w.Make(t, db, Options{Save: time.Hour, Backoff: []time.Duration{time.Millisecond, time.Hour}})
	e.Handle("a", nil, h.handle)
	stop := start(t, e)
	say(t, db, "retried", 1, 2, 3)
	say(t, db, "good", 1)
	if err := e.Idle(wait(t)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_ = stop()

	db = open()
	e = w.Make(t, db, Options{Save: time.Hour, Backoff: brief})
	e.Handle("a", nil, h.handle)
	stop = start(t, e)
	say(t, db, "parked", 1, 2, 3)
	if err := e.Idle(wait(t)); err != nil {
		t.Fatal(err)
	}
	parked := awaitParked(t, e, "parked")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_ = stop()

	db = open()
	h.setFail(nil)
	e = w.Make(t, db, Options{Backoff: quick})
	e.Handle("a", nil, h.handle)
	start(t, e)
	say(t, db, "parked", 4)
	say(t, db, "retried", 4)
	if err := e.Idle(wait(t)); err != nil {
		t.Fatal(err)
	}
	if err := e.Retry(wait(t), boss, "a", parked.Event.ID); err != nil {
		t.Fatalf("Retry() = %v", err)
	}
	for _, s := range stuckOf(t, e) { // the other may be parked by now
		if err := e.Retry(wait(t), boss, "a", s.Event.ID); err != nil && !fault.Is(err, fault.KindNotFound) {
			t.Fatal(err)
		}
	}
	w.Hurry(t, db)
	settled(t, e)
	for _, key := range []string{"retried", "parked"} {
		wantAll(t, &h, key, 4)
	}
	wantAll(t, &h, "good", 1)
}

func stuckOf(t *testing.T, e Engine) []Stuck {
	t.Helper()
	list, err := e.Stuck(wait(t))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// awaitParked waits until an event of the key is parked.
func awaitParked(t *testing.T, e Engine, key string) Stuck {
	t.Helper()
	ctx := wait(t)
	for ctx.Err() == nil {
		for _, s := range stuckOf(t, e) {
			if s.Event.Key == key {
				return s
			}
		}
	}
	t.Fatalf("no event of %s was parked", key)
	return Stuck{}
}
