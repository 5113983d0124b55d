package main

import (
	"context"
	"log/slog"
	"os"

	"zhijian/ground/clock"
	"zhijian/sandbox"
	"zhijian/server"
)

type sandboxCmd struct {
	Addr       string  `default:"127.0.0.1:0" help:"First address; the servers take the ports after it. Port 0 picks free ones."`
	Seed       int64   `default:"1" help:"Which imitation people there are."`
	People     int     `default:"200" help:"How many of them."`
	RetryScale float64 `default:"1" help:"Stretches the payment channel's retry schedule."`
	Dir        string  `type:"path" help:"Folder that keeps what happened; empty forgets it at the end."`
	Catalogue  string  `type:"existingdir" help:"Folder whose folder sandbox has imitation offices of your own."`
	JSON       bool    `name:"json" default:"true" negatable:"" help:"Print one line of JSON when ready."`
}

// Run serves the imitation world until it is told to stop.
func (c sandboxCmd) Run(ctx context.Context, log *slog.Logger) error {
	return sandbox.Run(ctx, sandbox.Config{
		Seed: c.Seed, People: c.People, Clock: &clock.System{}, Addr: c.Addr, Log: log, RetryScale: c.RetryScale, Dir: c.Dir, Own: server.Imitations(c.Catalogue),
	}, os.Stdout)
}
