package bustest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"zhijian/ground/event"
	"zhijian/store/sqldb"
)

func ordered(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{})
	var a, b heard
	e.Handle("a", nil, a.handle)
	e.Handle("b", []string{"test.said"}, b.handle)
	for n := 1; n <= 10; n++ {
		for k := range 7 {
			say(t, db, fmt.Sprint("key", k), n)
		}
	}
	start(t, e)
	for n := 11; n <= 30; n++ {
		for k := range 7 {
			say(t, db, fmt.Sprint("key", k), n)
		}
	}
	if err := e.Idle(wait(t)); err != nil {
		t.Fatalf("Idle() = %v", err)
	}
	for k := range 7 {
		want(t, &a, fmt.Sprint("key", k), 30)
		want(t, &b, fmt.Sprint("key", k), 30)
	}
}

func named(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{})
	var h heard
	e.Handle("a", []string{"test.wanted"}, h.handle)
	start(t, e)
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		return tx.Append("k", said{N: 9}, said{N: 1, name: "test.wanted"}, said{N: 9, name: "test.wanted.not"}, said{N: 2, name: "test.wanted"})
	})
	if err != nil {
		t.Fatal(err)
	}
	settled(t, e)
	want(t, &h, "k", 2)
}

func slow(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{Workers: 4})
	free, passed := make(chan struct{}), make(chan string, 100)
	var h heard
	e.Handle("a", nil, func(ctx context.Context, ev event.Event) error {
		if ev.Key == "slow" {
			<-free
		}
		err := h.handle(ctx, ev)
		if ev.Key != "slow" {
			passed <- ev.Key
		}
		return err
	})
	start(t, e)
	say(t, db, "slow", 1, 2)
	for n := 1; n <= 20; n++ {
		say(t, db, fmt.Sprint("quick", n), 1)
	}
	ctx := wait(t)
	for range 20 {
		select {
		case <-passed:
		case <-ctx.Done():
			t.Fatal("other keys wait for the slow one")
		}
	}
	if got := h.of("slow"); len(got) != 0 {
		t.Fatalf("the slow key heard %v while its first event is under way", got)
	}
	close(free)
	settled(t, e)
	want(t, &h, "slow", 2)
}

func fullHands(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{Workers: 2})
	free := make(chan struct{})
	e.Handle("stuck", nil, func(context.Context, event.Event) error { <-free; return nil })
	var h heard
	passed := make(chan struct{}, 100)
	e.Handle("free", nil, func(ctx context.Context, ev event.Event) error {
		err := h.handle(ctx, ev)
		passed <- struct{}{}
		return err
	})
	start(t, e)
	for n := 1; n <= 20; n++ {
		say(t, db, fmt.Sprint("key", n), 1)
	}
	ctx := wait(t)
	for range 20 {
		select {
		case <-passed:
		case <-ctx.Done():
			t.Fatal("one consumer waits for the other")
		}
	}
	close(free)
	settled(t, e)
}

func failing(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{Backoff: quick})
	var h, other heard
	tries := 0
	h.fail = func(key string, n int) error {
		if key == "k" && n == 2 {
			if tries++; tries < 4 {
				return errNotNow
			}
		}
		return nil
	}
	e.Handle("a", nil, h.handle)
	e.Handle("b", nil, other.handle)
	start(t, e)
	say(t, db, "k", 1, 2, 3)
	say(t, db, "k", 4)
	say(t, db, "other", 1)
	settled(t, e)
	want(t, &h, "k", 4)
	want(t, &h, "other", 1)
	want(t, &other, "k", 4)
	if tries != 4 {
		t.Errorf("the failing event came %d times, want 4", tries)
	}
	say(t, db, "k", 5) // the key is free again
	settled(t, e)
	want(t, &h, "k", 5)
}

func panicking(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{Backoff: quick})
	var h heard
	tries := 0
	h.fail = func(string, int) error {
		if tries++; tries == 1 {
			panic("the handler is broken")
		}
		return nil
	}
	e.Handle("a", nil, h.handle)
	start(t, e)
	say(t, db, "k", 1, 2)
	settled(t, e)
	want(t, &h, "k", 2)
}

func newcomer(t *testing.T, w World) {
	open := w.Place(t)
	db := open()
	e := w.Make(t, db, Options{})
	var old heard
	e.Handle("old", nil, old.handle)
	stop := start(t, e)
	say(t, db, "k", 1, 2)
	settled(t, e)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	e = w.Make(t, db, Options{})
	var fresh heard
	e.Handle("old", nil, old.handle)
	e.Handle("new", nil, fresh.handle)
	start(t, e)
	if err := e.Idle(wait(t)); err != nil {
		t.Fatal(err)
	}
	say(t, db, "k", 3)
	settled(t, e)
	want(t, &old, "k", 3)
	if got := fmt.Sprint(fresh.of("k")); got != "[3]" {
		t.Errorf("a new consumer heard %s, want [3]", got)
	}
}

func twice(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{})
	e.Handle("a", nil, (&heard{}).handle)
	e.Handle("a", []string{"x"}, (&heard{}).handle)
	if err := e.Run(wait(t)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Run() with a consumer registered twice = %v, want a refusal", err)
	}
}

func storm(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{Backoff: quick})
	var h [3]heard
	for i := range h {
		tries := map[string]int{}
		h[i].fail = func(key string, n int) error {
			if id := fmt.Sprint(key, n); (n+i)%17 == 0 && tries[id] < i {
				tries[id]++
				return errNotNow
			}
			return nil
		}
		e.Handle(fmt.Sprint("c", i), nil, h[i].handle)
	}
	start(t, e)
	const writers, events = 8, 60
	var wg sync.WaitGroup
	for k := range writers {
		wg.Go(func() {
			for n := 1; n <= events; n++ {
				err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return tx.Append(fmt.Sprint("k", k), said{N: n}) })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	settled(t, e)
	for i := range h {
		for k := range writers {
			wantAll(t, &h[i], fmt.Sprint("k", k), events)
		}
	}
}

func chain(t *testing.T, w World) {
	db := w.Place(t)()
	e := w.Make(t, db, Options{})
	var h heard
	e.Handle("follow", []string{"test.said"}, func(ctx context.Context, ev event.Event) error {
		var s said
		if err := ev.Decode(&s); err != nil || s.N >= 5 {
			return err
		}
		return db.Write(ctx, func(tx *sqldb.Tx) error { return tx.Append(ev.Key, said{N: s.N + 1}) })
	})
	e.Handle("hear", nil, h.handle)
	start(t, e)
	say(t, db, "k", 1)
	settled(t, e)
	want(t, &h, "k", 5)
}
