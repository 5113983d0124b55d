package house

import (
	"context"
	"log/slog"
	"testing"

	"zhijian/ground/clock"
	"zhijian/sandbox"
	"zhijian/server"
)

// Empty is a house as `zhijian serve` first starts it, with nobody enrolled, for one test. An empty origin is where it listens.
func Empty(t *testing.T, origin string) *server.House {
	t.Helper()
	watch := &clock.System{}
	world, err := sandbox.Start(t.Context(), sandbox.Config{Seed: 1, People: 8, Clock: watch})
	if err != nil {
		t.Fatal(err)
	}
	h, err := server.Open(t.Context(), server.Config{
		Data: t.TempDir(), Addr: "127.0.0.1:0", Origin: origin, Clock: watch, Log: slog.New(slog.DiscardHandler), Unsafe: true,
		World: server.World{URLs: world.URLs(), Merchant: server.Merchant(world.Merchant())},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	h.OnReady(func() { close(ready) })
	go func() { ended <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = world.Close(context.Background())
	})
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	return h
}
