package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zhijian/catalog"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/outside/office"
	"zhijian/sandbox"
)

type serviceCmd struct {
	Check serviceCheckCmd `cmd:"" help:"Check definitions: every mistake with its line, in plain sentences."`
	Test  serviceTestCmd  `cmd:"" help:"Run the definitions' own test cases against the imitation offices."`
	New   serviceNewCmd   `cmd:"" help:"Print a new definition to fill in."`
}

type serviceCheckCmd struct {
	Files []string `arg:"" optional:"" type:"existingfile" help:"Definitions; none means those the binary carries."`
}

var errDefinitions = errors.New("some definitions cannot be used")

// Run checks and says what is wrong; advice does not fail the check.
func (c serviceCheckCmd) Run() error {
	catalogue, problems := service.LoadCatalogue(catalog.FS)
	if len(c.Files) == 0 {
		for _, p := range problems {
			fmt.Println(p)
		}
		if len(problems) > 0 {
			return errDefinitions
		}
		fmt.Printf("%d definitions and %d cities are in order.\n", len(catalogue.Definitions()), len(catalogue.Cities()))
		return nil
	}
	bad := false
	for _, file := range c.Files {
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		problems, advice := service.Check(filepath.ToSlash(file), src, catalogue)
		for _, p := range problems {
			fmt.Println(p)
			bad = true
		}
		for _, p := range advice {
			fmt.Println(p, "(advice)")
		}
		if len(problems) == 0 {
			fmt.Println(file + ": in order")
		}
	}
	if bad {
		return errDefinitions
	}
	return nil
}

type serviceTestCmd struct {
	Services []string `arg:"" optional:"" help:"Service ids; none means all."`
	City     string   `default:"330100" help:"GB/T 2260 code of the city whose bindings are used."`
	Seed     int64    `default:"1" help:"Which imitation people there are."`
}

// Run walks each definition through its own cases against real HTTP offices.
func (c serviceTestCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	catalogue, problems := service.LoadCatalogue(catalog.FS)
	if len(problems) > 0 {
		return fmt.Errorf("%w: %s", errDefinitions, problems[0])
	}
	watch := clock.At((&clock.System{}).Now())
	world, err := sandbox.Start(ctx, sandbox.Config{Seed: c.Seed, Clock: watch, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.Close(context.WithoutCancel(ctx))) }()
	offices := map[string]office.Office{}
	for name, url := range world.URLs() {
		offices[name] = office.Office{URL: url}
	}
	client, err := office.New(office.Config{Offices: offices, Clock: watch, Log: log})
	if err != nil {
		return err
	}
	defer client.Close()
	people := world.Residents()
	who := func(n int) service.Me {
		p := people[n%len(people)]
		me := service.Me{Name: p.Name, CitizenNumber: p.CitizenNumber, Phone: "+86" + p.Phone}
		for _, v := range p.Vehicles {
			me.Plates = append(me.Plates, v.Plate)
		}
		return me
	}
	ask := func(now time.Time, system, call, key string, with map[string]any) (map[string]any, error) {
		watch.Advance(max(0, now.Sub(watch.Now()))) // offices work on while the test waits
		return client.Call(ctx, system, call, key, with)
	}
	failed, run := 0, 0
	for _, offer := range catalogue.Offers(c.City) {
		if len(c.Services) > 0 && !contains(c.Services, offer.Definition.ID) {
			continue
		}
		for _, r := range service.RunTests(offer.Definition, offer, watch.Now().Add(time.Minute), ask, who) {
			run++
			if len(r.Bad) == 0 {
				fmt.Printf("ok    %s: %s\n", offer.Definition.ID, r.Name)
				continue
			}
			failed++
			fmt.Printf("FAIL  %s:%d: %s\n      %s\n", offer.Definition.ID, r.Line, r.Name, strings.Join(r.Bad, "\n      "))
		}
	}
	fmt.Printf("%d passed, %d failed\n", run-failed, failed)
	if failed > 0 || run == 0 {
		return errors.New("service tests failed")
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

type serviceNewCmd struct {
	ID string `arg:"" help:"One of the kinds in catalog/kinds/kinds.csv."`
}

// Run prints a definition that loads as it is.
func (c serviceNewCmd) Run() error {
	catalogue, _ := service.LoadCatalogue(catalog.FS)
	_, err := os.Stdout.Write(service.Blank(c.ID, catalogue))
	return err
}
