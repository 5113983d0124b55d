package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"zhijian/ground/clock"
	"zhijian/server"
)

type observatoryGatherCmd struct {
	Data         string `default:"data" help:"Data folder of the house." placeholder:"DIR"`
	Edition      string `required:"" help:"Name of the edition to make, such as live-2026-11-28." placeholder:"NAME"`
	Month        string `help:"Month to measure; the running one in China without it." placeholder:"YYYY-MM"`
	Catalogue    string `help:"Folder with services and city packs of your own, as serve takes it." placeholder:"DIR"`
	Demo         bool   `help:"The cities are invented: label the edition as simulated. A demonstration's folder is known by itself."`
	AllowRefused bool   `help:"End with status 0 although rows were refused."`
	house        `embed:""`
}

// Run makes and computes an edition of the house, and fails when a row of its own was refused.
func (c observatoryGatherCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	defer func() { err = plain(err) }()
	if err := c.stands(c.Data); err != nil {
		return err
	}
	g, err := server.Gather(ctx, server.Config{
		Data: c.Data, Database: c.Database, Catalogue: c.Catalogue, Demo: c.Demo, Clock: &clock.System{}, Log: log, Unsafe: c.Unsafe,
	}, c.Edition, c.Month)
	if err != nil {
		return err
	}
	for _, p := range g.Refused {
		fmt.Fprintln(os.Stderr, "refused:", p)
	}
	label := ""
	if g.Manifest.Simulated {
		label = ", simulated"
	}
	fmt.Printf("Edition %s%s: %d exhibits of %d accounts. Sum %s.\n", g.Manifest.Name, label, g.Exhibits, g.Manifest.Accounts, g.Manifest.ExhibitsSum)
	if len(g.Refused) > 0 && !c.AllowRefused {
		return fmt.Errorf("%d rows were refused; the edition holds the others", len(g.Refused))
	}
	return nil
}

// stands refuses a folder without a house: opening one would make an empty one.
func (h house) stands(data string) error {
	if h.Database != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(data, "zhijian.db")); err != nil {
		return fmt.Errorf("there is no house in %s: %w", data, err)
	}
	return nil
}
