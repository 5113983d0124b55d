package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"

	"zhijian/ground/clock"
	"zhijian/server"
	"zhijian/ui/component"
)

type serveCmd struct {
	Addr        string         `default:"127.0.0.1:8080" help:"Where to serve residents."`
	Admin       string         `default:"127.0.0.1:9090" help:"Where metrics and pprof answer, loopback only; empty turns them off."`
	Data        string         `default:"data" type:"path" help:"Folder for the embedded database, the lock file and the master keys."`
	Database    string         `help:"postgres:// URL in place of the embedded database."`
	Origin      string         `help:"How residents reach the house: https://city.example."`
	Outside     string         `type:"path" help:"JSON file that names offices, SMS gateway and payment channel; zhijian sandbox prints one. Without it nothing outside is connected."`
	Tiles       string         `help:"Address of map tiles with {z}, {x} and {y}, https or a path of this site. Without it maps have a plain grid and browsers ask nobody else."`
	TilesCredit string         `help:"Whose map the tiles are, with its approval number; shown below each map. Needed with --tiles."`
	TilesGCJ02  bool           `name:"tiles-gcj02" help:"The tiles lie by the coordinates of Chinese map services (GCJ-02)."`
	Offices     string         `type:"existingdir" help:"Folder with SYSTEM.yaml for each office that speaks a language of its own: http, fhir, gtfs-realtime, cap."`
	Catalogue   string         `type:"existingdir" help:"Folder with cities/*.yaml and services/*.yaml of your own, beside the embedded services."`
	Proxy       []netip.Prefix `help:"Networks of proxies whose X-Forwarded-For is believed."`
	Node        uint32         `default:"1" help:"Number of this node among several of one house, from 1; it is in the log of visits."`
	VisitKeys   string         `type:"path" help:"File with a line NAME KEY for each program that may post visits, readable by its owner alone. Without it nobody may."`
	Wechat      string         `type:"path" help:"YAML file with the accounts on WeChat, or on a platform that speaks as it does, whose messages come to /wechat/ALIAS: id, appid, token, aes_key, mode. Readable by its owner alone."`
	JSON        bool           `name:"json" help:"Print one line of JSON when ready, for programs."`
	LoadLimits  bool           `help:"Lift the budgets per address, and that of cases a day, for load programs. Refused beyond loopback."`
	Unsafe      bool           `hidden:"" help:"Accept a database whose settings are not the law. Tests only."`
}

// Run serves the house until it is told to stop.
func (c serveCmd) Run(ctx context.Context, log *slog.Logger) error {
	conf := server.Config{
		Data: c.Data, Database: c.Database, Addr: c.Addr, Admin: c.Admin, Origin: c.Origin, Proxies: c.Proxy, Unsafe: c.Unsafe, Catalogue: c.Catalogue, Offices: c.Offices,
		Node: c.Node, VisitKeys: c.VisitKeys, Wechat: c.Wechat,
		Tiles: component.TileServer{Template: c.Tiles, Credit: c.TilesCredit, GCJ02: c.TilesGCJ02}, Clock: &clock.System{}, Log: log,
	}
	if c.LoadLimits {
		conf.Limits = server.LoadLimits()
	}
	if c.Outside != "" {
		b, err := os.ReadFile(c.Outside)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &conf.World); err != nil {
			return fmt.Errorf("%s: %w", c.Outside, err)
		}
	}
	server.SetHeapGrowth()
	server.SetLimits(log)
	h, err := server.Open(ctx, conf)
	if err != nil {
		return err
	}
	setup, err := h.SetupLink(ctx)
	if err != nil {
		return errors.Join(err, h.Close())
	}
	h.OnReady(func() {
		ready := map[string]string{"base_url": h.Origin(), "api_url": h.Origin() + "/api/v1", "admin_url": h.AdminURL()}
		if setup != "" {
			ready["setup_url"] = setup
		}
		if c.JSON {
			_ = json.NewEncoder(os.Stdout).Encode(ready)
			return
		}
		if setup != "" { // to the terminal, not into the log: who has the link becomes the operator
			fmt.Println("Nobody is enrolled yet. Within 15 minutes, on this machine, enrol the first operator at\n\n  " + setup + "\n")
		}
		log.Info("ready", "origin", h.Origin(), "admin", h.AdminURL())
	})
	return h.Run(ctx)
}
