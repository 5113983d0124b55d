package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"zhijian/ground/clock"
	"zhijian/server"
	"zhijian/ui/component"
)

type demoCmd struct {
	Addr        string `default:"127.0.0.1:8080" help:"Where to listen, on loopback. Port 0 picks a free one."`
	Admin       string `default:"127.0.0.1:0" help:"Where metrics answer; empty turns them off."`
	Data        string `default:"data/demo" type:"path" help:"Folder that keeps the city."`
	Database    string `help:"postgres:// URL in place of the embedded database."`
	Catalogue   string `type:"existingdir" help:"Folder with services, cities and imitation offices of your own, beside the embedded ones."`
	Tiles       string `help:"Address of map tiles with {z}, {x} and {y}, https or a path of this site. Without it maps have a plain grid and browsers ask nobody else."`
	Wechat      string `type:"path" help:"YAML file with accounts whose messages come to /wechat/ALIAS, as of serve."`
	TilesCredit string `help:"Whose map the tiles are, with its approval number; shown below each map. Needed with --tiles."`
	TilesGCJ02  bool   `name:"tiles-gcj02" help:"The tiles lie by the coordinates of Chinese map services (GCJ-02)."`
	Seed        int64  `default:"1" help:"Which imitation people there are."`
	JSON        bool   `name:"json" help:"Print one line of JSON when ready, for programs."`
	Unsafe      bool   `hidden:"" help:"Accept a database whose settings are not the law. Tests only."`
}

// Run serves the demonstration until it is told to stop.
func (c demoCmd) Run(ctx context.Context, log *slog.Logger) error {
	server.SetHeapGrowth()
	d, err := server.OpenDemo(ctx, server.DemoConfig{
		Addr: c.Addr, Admin: c.Admin, Data: c.Data, Database: c.Database, Catalogue: c.Catalogue, Seed: c.Seed, Wechat: c.Wechat, Tiles: component.TileServer{Template: c.Tiles, Credit: c.TilesCredit, GCJ02: c.TilesGCJ02}, Clock: &clock.System{}, Log: log, Unsafe: c.Unsafe,
	})
	if err != nil {
		return err
	}
	d.House.OnReady(func() {
		if c.JSON {
			_ = json.NewEncoder(os.Stdout).Encode(d.Ready())
			return
		}
		welcome(d.Ready())
	})
	return d.Run(ctx)
}

func welcome(r server.DemoReady) {
	fmt.Printf("\n指尖 Zhijian — 演示城市 / a demonstration city\n\n  %s\n\n", r.BaseURL)
	fmt.Printf("  短信收件箱 SMS inbox      %s\n  外部世界 outside world    %s\n  工作台 console            %s/console\n\n", r.Sandbox["sms"], r.Sandbox["console"], r.BaseURL)
	fmt.Println("  居民 residents (simulated; codes arrive in the SMS inbox)")
	for _, p := range r.Logins.Residents[:6] {
		fmt.Printf("    %s  %s  %s  %v\n", p.Level, p.Phone, p.Name, p.Plates)
	}
	fmt.Println("  工作人员 staff (password, TOTP secret)")
	for _, s := range append(r.Logins.Staff, r.Logins.Operator) {
		fmt.Printf("    %-28s %s  %s\n", s.User, s.Password, s.TOTPSecret)
	}
	fmt.Println("\n  Ctrl-C stops it. Everything is simulated.")
}
