package server

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/sandbox"
	"zhijian/ui/component"
)

// DemoConfig says which demonstration to start.
type DemoConfig struct {
	Addr  string
	Admin string
	Data  string
	// Database is a postgres:// URL; empty means the embedded database in Data.
	Database string
	// Catalogue is as in Config; the folder sandbox in it holds imitation offices of one's own.
	Catalogue string
	// Offices, Tiles and Wechat are as in Config.
	Tiles   component.TileServer
	Offices string
	Wechat  string
	Seed    int64
	Clock   clock.Clock
	Log     *slog.Logger
	Unsafe  bool
}

// Demo is a house with an imitation outside world around it.
type Demo struct {
	House *House
	World *sandbox.World
	ready DemoReady
}

// DemoReady is what a demonstration tells programs, as one line of JSON.
type DemoReady struct {
	BaseURL  string            `json:"base_url"`
	APIURL   string            `json:"api_url"`
	AdminURL string            `json:"admin_url,omitempty"`
	Sandbox  map[string]string `json:"sandbox"`
	Logins   Logins            `json:"logins"`
}

// Logins are the imitation people one can be.
type Logins struct {
	Residents []ResidentLogin `json:"residents"`
	Staff     []StaffLogin    `json:"staff"`
	Operator  StaffLogin      `json:"operator"`
}

// ResidentLogin is one resident; codes arrive in the sandbox's SMS inbox.
type ResidentLogin struct {
	Level         string            `json:"level"` // L0 has never signed in
	Phone         string            `json:"phone"`
	Name          string            `json:"name"`
	CitizenNumber string            `json:"citizen_number"`
	BankCard      string            `json:"bank_card"`
	Plates        []string          `json:"plates"`
	Engines       map[string]string `json:"engines"` // last six of the engine number by plate
	Accounts      map[string]string `json:"accounts"`
	City          string            `json:"city"`
	Children      []ChildLogin      `json:"children,omitempty"`
}

// ChildLogin is a child of a resident's household, who signs in nowhere.
type ChildLogin struct {
	Name          string `json:"name"`
	CitizenNumber string `json:"citizen_number"`
}

// StaffLogin is one person of a department or of the operator.
type StaffLogin struct {
	Department string `json:"department,omitempty"`
	User       string `json:"user"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totp_secret"`
}

// OpenDemo starts the world, opens the house in it and settles its people. The data folder keeps
// both; opened again, nothing is settled twice.
func OpenDemo(ctx context.Context, c DemoConfig) (_ *Demo, err error) {
	defer fault.Wrap(&err, "demo")
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	seed, err := demoSeed(c.Data, c.Seed)
	if err != nil {
		return nil, err
	}
	d := &Demo{}
	defer func() {
		if err != nil {
			_ = d.Close(ctx)
		}
	}()
	d.World, err = sandbox.Start(ctx, sandbox.Config{Seed: seed, Clock: c.Clock, Log: c.Log, Dir: filepath.Join(c.Data, "sandbox"), Own: Imitations(c.Catalogue)})
	if err != nil {
		return nil, err
	}
	d.House, err = Open(ctx, Config{
		Data: c.Data, Database: c.Database, Catalogue: c.Catalogue, Offices: c.Offices, Tiles: c.Tiles, Wechat: c.Wechat, Addr: c.Addr, Admin: c.Admin, Demo: true, Limits: demoLimits(), Unsafe: c.Unsafe,
		World: World{URLs: d.World.URLs(), Merchant: Merchant(d.World.Merchant())}, Clock: c.Clock, Log: c.Log,
	})
	if err != nil {
		return nil, err
	}
	people := settlers(d.World.Residents())
	crew := crewOf(d.House, seed)
	if err := d.settle(ctx, c.Data, people, crew); err != nil {
		return nil, err
	}
	if err := d.House.openCounters(ctx); err != nil {
		return nil, err
	}
	d.ready = DemoReady{
		BaseURL: d.House.Origin(), APIURL: d.House.Origin() + "/api/v1", AdminURL: d.House.AdminURL(), Sandbox: d.World.URLs(),
		Logins: logins(people, crew),
	}
	return d, nil
}

// Ready is what programs need to know.
func (d *Demo) Ready() DemoReady { return d.ready }

// Run serves until ctx ends.
func (d *Demo) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		select {
		case err := <-d.World.Failed():
			stop(err)
		case <-ctx.Done():
		}
	}()
	err := d.House.Run(ctx)
	d.House = nil // Run has closed it
	// net/http believes for five seconds that a connection on which nothing came yet may still ask something.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = errors.Join(err, cause)
	}
	return errors.Join(err, d.Close(grace))
}

// Close ends what OpenDemo started, when Run was not called.
func (d *Demo) Close(ctx context.Context) error {
	var errs []error
	if d.House != nil {
		errs = append(errs, d.House.Close())
	}
	if d.World != nil {
		errs = append(errs, d.World.Close(ctx))
	}
	return errors.Join(errs...)
}

// demoSeed keeps the seed of the first start: a city cannot change its people under a running database.
func demoSeed(dir string, seed int64) (int64, error) {
	path := filepath.Join(dir, "seed")
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return seed, os.WriteFile(path, []byte(strconv.FormatInt(seed, 10)), 0o600)
	}
	if err != nil {
		return 0, err
	}
	kept, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	if kept != seed {
		return 0, fmt.Errorf("the city in %s was made with seed %d, not %d: take another folder or that seed", dir, kept, seed)
	}
	return kept, nil
}

// secretOf makes a stable secret for an imitation person. It protects nothing: the demo prints it.
func secretOf(seed int64, what string) []byte {
	sum := sha256.Sum256([]byte("zhijian demo/" + strconv.FormatInt(seed, 10) + "/" + what))
	return sum[:]
}

func passwordOf(seed int64, user string) string {
	return "demo-" + hex.EncodeToString(secretOf(seed, "password/"+user)[:8])
}

func totpOf(seed int64, user string) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secretOf(seed, "totp/"+user)[:20])
}
